/// The loop of a law that steps some particles by a fast form and the others by a slow one. Once per
/// instruction set.

#if defined(ORRERY_INTEGRATORS_SORTED_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_INTEGRATORS_SORTED_LOOP_INL_HPP
#undef ORRERY_INTEGRATORS_SORTED_LOOP_INL_HPP
#else
#define ORRERY_INTEGRATORS_SORTED_LOOP_INL_HPP
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/vector_lanes-inl.hpp"
#include "integrators/stepped_loop-inl.hpp"
#include "laws/columns.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Rows of a block that a mask does not hold for, in ascending order.
template <class MaskOf>
std::vector<std::size_t> rows_without(std::size_t first, std::size_t count, MaskOf&& mask_of) {
  std::vector<std::size_t> rows;
  for (std::size_t at = first; at < first + count; at += lane_count()) {
    const Mask wanted = hn::AndNot(mask_of(at), hn::FirstN(Lanes(), first + count - at));
    if (hn::AllFalse(Lanes(), wanted)) continue;
    HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
    hn::Store(hn::IfThenElseZero(wanted, constant(1.0)), Lanes(), lanes);
    for (std::size_t lane = 0; lane < lane_count(); ++lane) {
      if (lanes[lane] != 0.0) rows.push_back(at + lane);
    }
  }
  return rows;
}

/// Columns of some rows, brought together so that whole registers can work on them.
class GatheredRows {
public:
  /// What the padding holds is at rest: zeros.
  GatheredRows(const Columns& columns, const std::vector<std::size_t>& rows)
      : rows_(rows), padded_((rows.size() + lane_count() - 1) / lane_count() * lane_count()) {
    for (std::size_t axis = 0; axis < columns.state.size(); ++axis) {
      gathered_.initial[axis] = gather(columns.initial[axis]);
      gathered_.state[axis] = gather(columns.state[axis]);
    }
    for (std::size_t column = 0; column < columns.parameter.size(); ++column)
      gathered_.parameter[column] = gather(columns.parameter[column]);
  }

  const Columns& columns() const { return gathered_; }

  /// Takes the state back to where it came from.
  void return_state(const Columns& columns) const {
    for (std::size_t axis = 0; axis < columns.state.size(); ++axis) {
      if (columns.state[axis] == nullptr) continue;
      for (std::size_t index = 0; index < rows_.size(); ++index)
        columns.state[axis][rows_[index]] = gathered_.state[axis][index];
    }
  }

private:
  double* gather(const double* column) {
    if (column == nullptr) return nullptr;
    auto& numbers = numbers_.emplace_back(padded_);
    std::fill(numbers.begin(), numbers.end(), 0.0);
    for (std::size_t index = 0; index < rows_.size(); ++index) numbers[index] = column[rows_[index]];
    return numbers.data();
  }

  const std::vector<std::size_t>& rows_;
  std::size_t padded_;
  std::vector<AlignedVector<double>> numbers_;
  Columns gathered_;
};

/// `Fast` passes over all rows and leaves those alone that it does not take; these are then brought together
/// and stepped by `Slow`. They are few: nothing is gained by sparing `Fast` their lanes.
template <class Fast, class Slow>
void step_sorted_block(const Columns& columns, const LawConstants& constants, std::size_t first,
                       std::size_t count, std::int64_t from, std::int64_t to) {
  step_block<Fast>(columns, constants, first, count, from, to);
  const auto others =
      rows_without(first, count, [&](std::size_t at) { return Fast::takes(columns, constants, at); });
  if (others.empty()) return;
  const GatheredRows rows(columns, others);
  step_block<Slow>(rows.columns(), constants, 0, others.size(), from, to);
  rows.return_state(columns);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
