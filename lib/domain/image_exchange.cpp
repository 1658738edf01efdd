#include "domain/image_exchange.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace orrery {
namespace {

/// The three shifts along an axis: by -1, 0 and 1 period. Where there is no period, only the one by 0 counts.
constexpr std::size_t shifts = 3;
constexpr std::size_t unshifted = 1;
constexpr std::size_t all_shifts = shifts * shifts * shifts;
constexpr std::size_t not_shifted_at_all = (all_shifts - 1) / 2;

std::array<double, 3> shift_of(std::size_t number, const Periods& periods) {
  const std::size_t x = number % shifts, y = number / shifts % shifts, z = number / shifts / shifts;
  return {(static_cast<double>(x) - 1.0) * periods[0], (static_cast<double>(y) - 1.0) * periods[1],
          (static_cast<double>(z) - 1.0) * periods[2]};
}

/// Squares of the distances along one axis between a coordinate, shifted in three ways, and an interval.
/// @return whether another shift than the one by 0 is within reach
bool find_gaps(double coordinate, double period, double low, double high, double reach2,
               std::array<double, shifts>& gap2) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (std::size_t shift = 0; shift < shifts; ++shift) {
    const double x = coordinate + (static_cast<double>(shift) - 1.0) * period;
    const double gap = std::max({0.0, low - x, x - high});
    gap2[shift] = period > 0.0 || shift == unshifted ? gap * gap : infinity;
  }
  return gap2[0] <= reach2 || gap2[2] <= reach2;
}

std::span<const std::byte> bytes_of_rows(const double* rows, std::size_t count) {
  return std::as_bytes(std::span(rows, PairRows::width * count));
}

}  // namespace

/// Sorts the rows of all images in a box by how they are shifted.
/// @param is_own  whether the box is this rank's own, where nobody is an image without a shift
void ImageExchange::choose_for(const Bounds& there, bool is_own, const PairRows& rows, const Periods& periods,
                               double reach2) {
  for (auto& chosen : chosen_) chosen.clear();
  if (there.empty()) return;
  std::array<std::array<double, shifts>, 3> gap2{};
  for (std::size_t row = 0; row < rows.owned(); ++row) {
    const double* const p = rows.position(row);
    bool is_near_border = false;
    for (std::size_t axis = 0; axis < 3; ++axis)
      is_near_border |=
          find_gaps(p[axis], periods[axis], there.low[axis], there.high[axis], reach2, gap2[axis]);
    if (is_own && !is_near_border) continue;
    for (std::size_t z = 0; z < shifts; ++z) {
      if (gap2[2][z] > reach2) continue;
      for (std::size_t y = 0; y < shifts; ++y) {
        if (gap2[2][z] + gap2[1][y] > reach2) continue;
        for (std::size_t x = 0; x < shifts; ++x) {
          const std::size_t number = (z * shifts + y) * shifts + x;
          if (gap2[2][z] + gap2[1][y] + gap2[0][x] > reach2 || (is_own && number == not_shifted_at_all))
            continue;
          chosen_[number].push_back(static_cast<std::int32_t>(row));
        }
      }
    }
  }
}

void ImageExchange::choose(const PairRows& rows, const Periods& periods, double reach, OwnImages own) {
  const Bounds mine = Bounds::of_rows(rows.position(0), rows.owned());
  const std::vector<Bounds> bounds = ranks_.pull_everywhere(mine);
  // Rounding must not lose an image that is exactly within reach.
  const double reach2 = reach * reach * (1.0 + 1e-12);
  peers_.clear();
  own_ = {};
  chosen_.resize(all_shifts);
  for (int rank = 0; rank < ranks_.size(); ++rank) {
    const bool is_own = rank == ranks_.rank();
    choose_for(bounds[static_cast<std::size_t>(rank)], is_own, rows, periods, reach2);
    Peer peer{.rank = rank, .outgoing = {}, .buffer = {}};
    const bool is_mirrored = is_own && own == OwnImages::mirrored;
    for (std::size_t number = is_mirrored ? not_shifted_at_all + 1 : 0; number < all_shifts; ++number) {
      if (chosen_[number].empty()) continue;
      peer.outgoing_count += chosen_[number].size();
      peer.outgoing.push_back({.shift = shift_of(number, periods), .rows = chosen_[number]});
    }
    if (is_own) {
      own_ = std::move(peer);
    } else {
      peers_.push_back(std::move(peer));
    }
  }
}

void ImageExchange::set_up(PairRows& rows, const Periods& periods, double reach, OwnImages own) {
  choose(rows, periods, reach, own);
  std::vector<std::int64_t> outgoing(static_cast<std::size_t>(ranks_.size()), 0);
  for (const auto& peer : peers_)
    outgoing[static_cast<std::size_t>(peer.rank)] = static_cast<std::int64_t>(peer.outgoing_count);
  const auto incoming = ranks_.exchange(outgoing);
  std::size_t next = rows.first_image() + own_.outgoing_count;
  own_.first_row = rows.first_image();
  sent_ = 0;
  for (auto& peer : peers_) {
    peer.first_row = next;
    peer.incoming_count = static_cast<std::size_t>(incoming[static_cast<std::size_t>(peer.rank)]);
    next += peer.incoming_count;
    sent_ += static_cast<std::int64_t>(peer.outgoing_count);
    peer.buffer.resize(PairRows::width * peer.outgoing_count);
  }
  std::erase_if(peers_,
                [](const Peer& peer) { return peer.outgoing_count == 0 && peer.incoming_count == 0; });
  std::vector<std::int32_t> mirrored;
  if (own == OwnImages::mirrored) {
    for (const auto& shifted : own_.outgoing)
      mirrored.insert(mirrored.end(), shifted.rows.begin(), shifted.rows.end());
  }
  rows.resize_images(next - rows.first_image(), std::move(mirrored),
                     next - rows.first_image() - own_.outgoing_count);
  start(rows);
  finish();
}

double* ImageExchange::write(const Shifted& shifted, const PairRows& rows, double* to) {
  for (const std::int32_t row : shifted.rows) {
    const double* const p = rows.position(static_cast<std::size_t>(row));
    to[0] = p[0] + shifted.shift[0];
    to[1] = p[1] + shifted.shift[1];
    to[2] = p[2] + shifted.shift[2];
    to[3] = 0.0;
    to += PairRows::width;
  }
  return to;
}

void ImageExchange::start(PairRows& rows) {
  for (auto& peer : peers_) {
    if (peer.incoming_count == 0) continue;
    const auto room = std::as_writable_bytes(
        std::span(rows.position(peer.first_row), PairRows::width * peer.incoming_count));
    receives_.push_back(ranks_.start_receive(room, peer.rank, Tag::images));
  }
  for (auto& peer : peers_) {
    if (peer.outgoing_count == 0) continue;
    double* to = peer.buffer.data();
    for (const auto& shifted : peer.outgoing) to = write(shifted, rows, to);
    sends_.push_back(
        ranks_.start_send(bytes_of_rows(peer.buffer.data(), peer.outgoing_count), peer.rank, Tag::images));
  }
  double* to = rows.position(own_.first_row);
  for (const auto& shifted : own_.outgoing) to = write(shifted, rows, to);
}

bool ImageExchange::have_come() noexcept {
  try {
    // A test of one message lets all others make progress.
    while (!failure_ && !receives_.empty() && receives_.back().done()) receives_.pop_back();
    while (!failure_ && receives_.empty() && !sends_.empty() && sends_.back().done()) sends_.pop_back();
  } catch (...) {
    failure_ = std::current_exception();
  }
  return failure_ || receives_.empty();
}

void ImageExchange::wait() noexcept {
  try {
    for (; !failure_ && !receives_.empty(); receives_.pop_back()) receives_.back().wait();
  } catch (...) {
    failure_ = std::current_exception();
  }
}

void ImageExchange::finish() {
  wait();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  for (; !sends_.empty(); sends_.pop_back()) sends_.back().wait();
}

std::size_t ImageExchange::bytes() const {
  std::size_t bytes = bytes_of(chosen_);
  const auto add = [&bytes](const Peer& peer) {
    bytes += peer.buffer.capacity() * sizeof(double);
    for (const auto& shifted : peer.outgoing) bytes += shifted.rows.capacity() * sizeof(std::int32_t);
  };
  add(own_);
  for (const auto& peer : peers_) add(peer);
  return bytes;
}

}  // namespace orrery
