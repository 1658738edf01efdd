#include "observe/track.hpp"

#include <algorithm>
#include <utility>

namespace orrery {
namespace {

std::int64_t nanoseconds(Interval::Clock::time_point time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

}  // namespace

void Track::add(Phase phase, Interval worked) {
  constexpr std::size_t most_at_once = 2 * (phase_count + 1);  // idle time and the phase each end a window
  if (size_ + most_at_once > capacity_) shrink(capacity_ / 2);
  if (!std::exchange(has_begun_, true)) end_ = window_begin_ = nanoseconds(worked.begin);
  advance(idle, nanoseconds(worked.begin));
  advance(static_cast<std::size_t>(phase), nanoseconds(worked.end));
}

void Track::advance(std::size_t what, std::int64_t until) {
  balance_[what] += until - end_;
  end_ = until;
  if (end_ - window_begin_ >= resolution_.count()) close_window();
}

std::size_t Track::greatest_balance() const {
  return static_cast<std::size_t>(std::max_element(balance_.begin(), balance_.end()) - balance_.begin());
}

/// Draws the window: a piece for each phase that has saved up enough, as far as there is room, and the rest
/// for the phase with most.
void Track::close_window() {
  const std::size_t main = greatest_balance();
  for (std::size_t what = 0; what < balance_.size(); ++what) {
    const std::int64_t time = balance_[what];
    if (what == main || time < resolution_.count()) continue;
    if (end_ - window_begin_ - time < resolution_.count()) continue;
    append(window_begin_, what);
    window_begin_ += time;
    balance_[what] = 0;
  }
  append(window_begin_, main);
  balance_[main] -= end_ - window_begin_;
  window_begin_ = end_;
}

void Track::append(std::int64_t begin, std::size_t what) {
  const bool goes_on = size_ > 0 && pieces_[size_ - 1].what == what;
  if (goes_on || size_ == capacity_) return;
  pieces_[size_++] = {begin, what};
  most_ = std::max(most_, size_);
}

void Track::shrink(std::size_t pieces) {
  if (size_ <= pieces) return;
  const std::size_t count = size_;
  const std::int64_t end_of_pieces = window_begin_;
  const std::int64_t end = end_;
  const auto balance = balance_;
  std::swap(pieces_, spare_);
  do {
    resolution_ *= 2;
    size_ = 0;
    balance_ = {};
    window_begin_ = end_ = spare_[0].begin;
    for (std::size_t piece = 0; piece < count; ++piece)
      advance(spare_[piece].what, piece + 1 < count ? spare_[piece + 1].begin : end_of_pieces);
  } while (size_ > pieces);
  for (std::size_t what = 0; what < balance_.size(); ++what) balance_[what] += balance[what];
  end_ = end;
}

std::vector<PhaseInterval> Track::intervals() const {
  std::vector<PhaseInterval> intervals;
  const auto tell = [&intervals](std::int64_t begin, std::int64_t end, std::size_t what) {
    if (what == idle || begin == end) return;
    const auto phase = static_cast<Phase>(what);
    const bool goes_on =
        !intervals.empty() && intervals.back().end == begin && intervals.back().phase == phase;
    if (goes_on) {
      intervals.back().end = end;
    } else {
      intervals.push_back({begin, end, phase});
    }
  };
  for (std::size_t piece = 0; piece < size_; ++piece)
    tell(pieces_[piece].begin, piece + 1 < size_ ? pieces_[piece + 1].begin : window_begin_,
         pieces_[piece].what);
  tell(window_begin_, end_, greatest_balance());
  return intervals;
}

}  // namespace orrery
