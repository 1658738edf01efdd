#include "observe/run_profile.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace orrery {
namespace {

/// Most stretches in a file, which then has some 180 MB; viewers open that.
constexpr std::int64_t most_in_file = std::int64_t{1} << 21;
/// What a thread is left with, however many threads there are.
constexpr std::int64_t fewest_of_thread = 256;

/// What goes before the stretches of a track.
struct TrackHead {
  std::int64_t count = 0;
  std::int64_t resolution = 0;  ///< [ns]
  bool is_writer = false;
};

/// The tracks of a rank, ready to travel: one after the other, in times of the root's clock.
struct Parcel {
  std::vector<TrackHead> heads;
  std::vector<PhaseInterval> intervals;

  void add(const Track& track, const ClockAlignment& alignment, bool is_writer) {
    auto told = track.intervals();
    for (PhaseInterval& interval : told) {
      interval.begin = alignment.on_root(interval.begin);
      interval.end = alignment.on_root(interval.end);
    }
    heads.push_back({std::ssize(told), track.resolution().count(), is_writer});
    intervals.insert(intervals.end(), told.begin(), told.end());
  }

  std::int64_t begin() const {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    for (const PhaseInterval& interval : intervals) first = std::min(first, interval.begin);
    return first;
  }

  void write_to(TraceFile& file, int rank, std::int64_t origin) const {
    file.add_rank(rank);
    std::span<const PhaseInterval> rest = intervals;
    for (std::size_t track = 0; track < heads.size(); ++track) {
      const TrackHead& head = heads[track];
      std::string name = track == 0 ? "main" : "worker " + std::to_string(track);
      if (head.is_writer) name = "writer";
      const auto count = static_cast<std::size_t>(head.count);
      file.add_thread(rank, static_cast<int>(track), name, rest.first(count), origin,
                      std::chrono::nanoseconds(head.resolution));
      rest = rest.subspan(count);
    }
  }
};

/// Waits for the parcel of a rank. On the root.
Parcel received(const Communicator& ranks, int sender, std::vector<TrackHead> heads) {
  Parcel parcel;
  std::int64_t count = 0;
  for (const TrackHead& head : heads) count += head.count;
  parcel.heads = std::move(heads);
  parcel.intervals.resize(static_cast<std::size_t>(count));
  Request receiving =
      ranks.start_receive(std::as_writable_bytes(std::span(parcel.intervals)), sender, Tag::timeline);
  ranks.wait_until([&] { return receiving.done(); });
  return parcel;
}

}  // namespace

RunProfile::RunProfile(std::string path, Timeline& timeline) : path_(std::move(path)), timeline_(timeline) {
  if (!path_.empty()) timeline_.begin();
}

void RunProfile::begin(const Communicator& ranks, int threads, int nodes) {
  if (path_.empty()) return;
  ranks.apply([&] { timeline_.set_threads(threads); });
  nodes_ = nodes;
  if (nodes_ > 1) alignment_.measure(ranks);
}

void RunProfile::open(const Communicator& ranks) {
  if (path_.empty()) return;
  ranks.apply([&] {
    if (ranks.is_root()) file_ = TraceFile(path_);
  });
  is_open_ = true;
}

void RunProfile::write(const Communicator& ranks) {
  if (!std::exchange(is_open_, false)) return;
  if (nodes_ > 1) alignment_.measure(ranks);
  std::int64_t tracks = std::ssize(timeline_.threads()) + 1;
  ranks.sum(std::span(&tracks, 1));
  timeline_.shrink(static_cast<std::size_t>(std::max(most_in_file / tracks, fewest_of_thread)));

  Parcel parcel;
  ranks.apply([&] {
    for (const Track& track : timeline_.threads()) parcel.add(track, alignment_, false);
    if (ranks.is_root()) parcel.add(*timeline_.writer_track(), alignment_, true);
  });
  const auto begins = ranks.pull(parcel.begin());
  const auto track_counts = ranks.pull(std::ssize(parcel.heads));
  const auto heads = ranks.gather(std::span<const TrackHead>(parcel.heads));

  std::int64_t origin = 0;
  auto next_head = heads.begin();
  // One rank at a time, so that the root holds no more than two parcels.
  for (int sender = 0; sender < ranks.size(); ++sender) {
    ranks.apply([&] {
      if (ranks.is_root()) {
        if (sender == 0) origin = *std::min_element(begins.begin(), begins.end());
        const auto end = next_head + track_counts[static_cast<std::size_t>(sender)];
        if (sender > 0) parcel = received(ranks, sender, {next_head, end});
        next_head = end;
        parcel.write_to(file_, sender, origin);
      } else if (sender == ranks.rank()) {
        const auto mine = std::make_shared<const Parcel>(std::move(parcel));
        Request sending = ranks.start_send(std::as_bytes(std::span(mine->intervals)), 0, Tag::timeline, mine);
        ranks.wait_until([&] { return sending.done(); });
      }
    });
  }
  ranks.apply([&] {
    if (ranks.is_root()) file_.close();
  });
}

}  // namespace orrery
