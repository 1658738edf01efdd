#include "io/step_clock.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace orrery {

StepClock StepClock::unknown(std::int64_t rows) {
  StepClock clock;
  clock.frames_ = rows;
  return clock;
}

StepClock StepClock::fixed(std::int64_t offset, std::int64_t increment, std::int64_t rows) {
  StepClock clock;
  clock.kind_ = Kind::fixed;
  clock.frames_ = rows;
  clock.offset_ = offset;
  clock.increment_ = increment;
  return clock;
}

StepClock StepClock::listed(const std::vector<std::int64_t>& steps, std::optional<std::int64_t> fill) {
  StepClock clock;
  clock.kind_ = Kind::listed;
  std::int64_t last_row = -1;
  for (std::size_t row = 0; row < steps.size(); ++row) {
    const std::int64_t step = steps[row];
    const bool is_written = step >= 0 && step != std::numeric_limits<std::int64_t>::max() && step != fill;
    if (!is_written || (!clock.steps_.empty() && step <= clock.steps_.back())) continue;
    clock.steps_.push_back(step);
    clock.rows_.push_back(static_cast<std::int64_t>(row));
    last_row = static_cast<std::int64_t>(row);
  }
  clock.frames_ = std::ssize(clock.steps_);
  clock.not_written_ = std::ssize(steps) - 1 - last_row;
  clock.out_of_order_ = last_row + 1 - clock.frames_;
  if (clock.out_of_order_ == 0) clock.rows_.clear();
  return clock;
}

StepClock StepClock::as_told(std::vector<std::int64_t> steps) {
  StepClock clock;
  clock.kind_ = Kind::listed;
  clock.frames_ = std::ssize(steps);
  clock.steps_ = std::move(steps);
  return clock;
}

std::int64_t StepClock::step(std::int64_t frame) const {
  return kind_ == Kind::listed ? steps_[static_cast<std::size_t>(frame)] : offset_ + frame * increment_;
}

std::optional<std::int64_t> StepClock::row_at(std::int64_t step) const {
  if (kind_ == Kind::unknown) return std::nullopt;
  if (kind_ == Kind::fixed) {
    if (step < offset_ || increment_ <= 0) return std::nullopt;
    const auto away = static_cast<std::uint64_t>(step) - static_cast<std::uint64_t>(offset_);
    const auto increment = static_cast<std::uint64_t>(increment_);
    if (away % increment != 0 || away / increment >= static_cast<std::uint64_t>(frames_)) return std::nullopt;
    return static_cast<std::int64_t>(away / increment);
  }
  const auto found = std::lower_bound(steps_.begin(), steps_.end(), step);
  if (found == steps_.end() || *found != step) return std::nullopt;
  return row(found - steps_.begin());
}

StepClock StepClock::first(std::int64_t frames) const {
  StepClock clock = *this;
  if (frames >= frames_) return clock;
  clock.not_written_ += frames_ - frames;
  clock.frames_ = frames;
  if (!clock.steps_.empty()) clock.steps_.resize(static_cast<std::size_t>(frames));
  if (!clock.rows_.empty()) clock.rows_.resize(static_cast<std::size_t>(frames));
  return clock;
}

std::string StepClock::text() const {
  const std::string rows = std::to_string(frames_) + (frames_ == 1 ? " row" : " rows");
  if (!has_steps() || frames_ == 0) return has_steps() ? "no rows" : rows + " without steps";
  if (frames_ == 1) return "step " + std::to_string(step(0)) + " only";
  return "steps " + std::to_string(step(0)) + " to " + std::to_string(step(frames_ - 1)) + " (" + rows + ")";
}

}  // namespace orrery
