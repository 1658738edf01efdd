#include "simulation/crossings.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "comm/collective_error.hpp"

namespace orrery {
namespace {

void add(const ImageNumbers& by, ImageNumbers& to) {
  for (std::size_t axis = 0; axis < to.size(); ++axis) {
    // Whoever crosses at every step of the longest run that can be asked for gets beyond.
    if (__builtin_add_overflow(to[axis], by[axis], &to[axis]))
      throw Error(ExitCode::simulation_failed,
                  "a particle is more than 2^31 periods away from where it began; set output.images to none");
  }
}

/// Sends every crossing to the rank of its particle. Collective.
std::vector<Crossings::Crossing> exchange(const Communicator& ranks,
                                          std::vector<std::vector<Crossings::Crossing>> crossings) {
  const auto leaving = std::make_shared<std::vector<std::vector<Crossings::Crossing>>>(std::move(crossings));
  const auto& outgoing = *leaving;
  const auto here = static_cast<std::size_t>(ranks.rank());
  std::vector<std::int64_t> counts;
  for (const auto& part : outgoing) counts.push_back(std::ssize(part));
  const auto incoming = ranks.exchange(counts);
  std::size_t total = 0;
  for (const auto count : incoming) total += static_cast<std::size_t>(count);
  std::vector<Crossings::Crossing> arrived(total);
  std::vector<Request> requests;
  std::size_t at = 0;
  for (std::size_t rank = 0; rank < outgoing.size(); ++rank) {
    const auto room = std::span(arrived).subspan(at, static_cast<std::size_t>(incoming[rank]));
    at += room.size();
    if (rank == here) {
      std::copy(outgoing[rank].begin(), outgoing[rank].end(), room.begin());
    } else if (!room.empty()) {
      requests.push_back(
          ranks.start_receive(std::as_writable_bytes(room), static_cast<int>(rank), Tag::migration));
    }
  }
  for (std::size_t rank = 0; rank < outgoing.size(); ++rank) {
    if (rank == here || outgoing[rank].empty()) continue;
    requests.push_back(ranks.start_send(std::as_bytes(std::span(outgoing[rank])), static_cast<int>(rank),
                                        Tag::migration, leaving));
  }
  for (auto& request : requests) request.wait();
  return arrived;
}

}  // namespace

Crossings::Crossings(const Communicator& ranks, std::int64_t count, std::vector<ImageNumbers> start)
    : ranks_(ranks), split_(count, ranks.size()), numbers_(std::move(start)) {}

void Crossings::note(std::span<const Crossing> crossings) {
  for (const auto& crossing : crossings) add(crossing.by, noted_[crossing.id]);
}

std::vector<ImageNumbers> Crossings::at_frame(std::span<const Crossing> pending) {
  auto outgoing = ranks_.apply([&] {
    std::vector<std::vector<Crossing>> by_rank(static_cast<std::size_t>(ranks_.size()));
    const auto put = [&](const Crossing& crossing) {
      by_rank[static_cast<std::size_t>(split_.owner(crossing.id))].push_back(crossing);
    };
    for (const auto& [id, by] : noted_) put({.id = id, .by = by});
    for (const auto& crossing : pending) put({.id = crossing.id, .by = crossing.by, .is_lasting = 0});
    noted_ = {};
    return by_rank;
  });
  const auto arrived = exchange(ranks_, std::move(outgoing));
  const Range mine = split_.part(ranks_.rank());
  return ranks_.apply([&] {
    const auto row_of = [&](const Crossing& crossing) {
      return static_cast<std::size_t>(crossing.id - mine.begin);
    };
    for (const auto& crossing : arrived)
      if (crossing.is_lasting != 0) add(crossing.by, numbers_[row_of(crossing)]);
    std::vector<ImageNumbers> found = numbers_;
    for (const auto& crossing : arrived)
      if (crossing.is_lasting == 0) add(crossing.by, found[row_of(crossing)]);
    return found;
  });
}

std::size_t Crossings::bytes() const {
  constexpr std::size_t entry = sizeof(std::pair<const std::int64_t, ImageNumbers>) + 2 * sizeof(void*);
  return numbers_.capacity() * sizeof(ImageNumbers) + noted_.size() * entry +
         noted_.bucket_count() * sizeof(void*);
}

}  // namespace orrery
