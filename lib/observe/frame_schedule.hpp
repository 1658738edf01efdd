/// Which steps are written: the first, every so many, and the last.
#pragma once

#include <cstdint>

#include "core/types.hpp"

namespace orrery {

class FrameSchedule {
public:
  /// @param steps  steps of the run, >= 0
  /// @param every  steps between frames; 0 for the first and last only
  constexpr FrameSchedule(std::int64_t steps, std::int64_t every)
      : steps_(steps), every_(every == 0 || every > steps ? steps : every) {}

  /// Frames in all. A run of no steps has one.
  constexpr std::int64_t count() const { return steps_ == 0 ? 1 : (steps_ + every_ - 1) / every_ + 1; }

  /// Step of a frame. The last interval is shorter where `every` does not divide `steps`.
  constexpr std::int64_t step_of(std::int64_t frame) const {
    return frame >= count() - 1 ? steps_ : frame * every_;
  }

  /// Steps between the frame before and this one; none for the first.
  constexpr Range interval_before(std::int64_t frame) const {
    return {frame == 0 ? 0 : step_of(frame - 1), step_of(frame)};
  }

private:
  std::int64_t steps_;
  std::int64_t every_;
};

}  // namespace orrery
