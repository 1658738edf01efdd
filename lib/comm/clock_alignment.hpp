/// The clocks of ranks, set against each other, so that times of several ranks can be shown on one axis.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

/// Turns times of this rank's steady clock into times of the root's.
///
/// Ranks of one node share the clock. A rank elsewhere asks the root for the time, eight times, and believes
/// the quickest answer: that the root looked at its clock halfway through the round trip. The error is at
/// most half of that trip, some microseconds on a fast network. What is measured twice, at the start and at
/// the end of a run, tells the drift as well; the offset is taken to change evenly in between.
///
/// Source: Cristian, Distributed Computing 3, 146 (1989).
class ClockAlignment {
public:
  enum class SameNode { shares_the_clock, is_asked_too };

  /// Compares the clocks as they are now. Collective, without a barrier: a rank waits for its own answers
  /// only, and the root for all questions.
  /// @param same_node  whether ranks of the root's node ask as well; for tests
  void measure(const Communicator& ranks, SameNode same_node = SameNode::shares_the_clock);

  /// Notes how far this rank's clock was ahead of the root's at a time [ns]. Times ascend.
  void add(std::int64_t here, std::int64_t offset);

  /// @param here  time of this rank's clock [ns]
  std::int64_t on_root(std::int64_t here) const;

private:
  struct Offset {
    std::int64_t here;
    std::int64_t offset;
  };
  std::vector<Offset> offsets_;
};

}  // namespace orrery
