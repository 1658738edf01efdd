/// At which steps the rows of a quantity stand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orrery {

/// The rows of a quantity that count, which are its frames, and their steps, if they have any. Immutable.
class StepClock {
public:
  /// Rows without steps: frame k is row k.
  static StepClock unknown(std::int64_t rows);
  /// Row k has the step offset + k * increment. @pre increment > 0; no step is beyond 63 bits
  static StepClock fixed(std::int64_t offset, std::int64_t increment, std::int64_t rows);
  /// Every row has a step of its own. Rows whose step is below 0, the greatest number, `fill`, or not above
  /// all before it were never written or are out of order: they do not count.
  static StepClock listed(const std::vector<std::int64_t>& steps, std::optional<std::int64_t> fill);
  /// All rows count, whatever their steps are.
  static StepClock as_told(std::vector<std::int64_t> steps);

  std::int64_t frames() const { return frames_; }
  bool has_steps() const { return kind_ != Kind::unknown; }
  std::int64_t row(std::int64_t frame) const {
    return rows_.empty() ? frame : rows_[static_cast<std::size_t>(frame)];
  }
  /// @pre has_steps()
  std::int64_t step(std::int64_t frame) const;
  /// The row of a step; nothing where there is none.
  std::optional<std::int64_t> row_at(std::int64_t step) const;

  /// Whether steps are told for each row, rather than for all by a rule or not at all.
  bool is_listed() const { return kind_ == Kind::listed; }

  /// Of `listed`: rows behind the last that counts, and rows before it that do not.
  std::int64_t not_written() const { return not_written_; }
  std::int64_t out_of_order() const { return out_of_order_; }

  /// The same without the frames from `frames` on.
  StepClock first(std::int64_t frames) const;

  /// "steps 0 to 20 (3 rows)", for messages.
  std::string text() const;

private:
  enum class Kind { unknown, fixed, listed };
  Kind kind_ = Kind::unknown;
  std::int64_t frames_ = 0;
  std::int64_t offset_ = 0, increment_ = 0;
  std::vector<std::int64_t> steps_;  ///< of the frames
  std::vector<std::int64_t> rows_;   ///< of the frames; empty where frame k is row k
  std::int64_t not_written_ = 0, out_of_order_ = 0;
};

}  // namespace orrery
