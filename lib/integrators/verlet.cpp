#include "integrators/verlet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/fixed_point.hpp"
#include "core/vector_targets.hpp"
#include "integrators/axis_motion.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "integrators/verlet.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

constexpr std::size_t row_width = 4;

#if HWY_MAX_BYTES < 32

/// Of one axis of a row, counted from the start of all rows.
double half_kick(const VerletRows& rows, const VerletConstants& constants, std::size_t row,
                 std::size_t axis) {
  const double per_unit = rows.displacement[row_width * row + 3];
  const std::int64_t force = unbiased(rows.force + row_width * row, axis, constants.force_bias);
  return round_to_grid(per_unit * static_cast<double>(force), constants.displacement_magic);
}

Drift kick_and_drift_rows(const VerletRows& rows, const VerletConstants& constants, Range range,
                          int half_kicks) {
  Drift drift;
  const double kicks = half_kicks;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t at = row_width * row + axis;
      const double change = half_kick(rows, constants, row, axis);
      double u = rows.displacement[at] + kicks * change;
      drift.in_range &=
          std::abs(change) < constants.most_displacement && std::abs(u) < constants.most_displacement;
      double x = rows.position[at] + round_to_grid(u, constants.position_magic);
      const double wall = constants.walls[axis];
      if (wall > 0.0 && (x < 0.0 || x > wall)) {
        x = x < 0.0 ? -x : wall + (wall - x);
        u = -u;
      }
      rows.displacement[at] = u;
      rows.position[at] = x;
      const double moved = x - rows.reference[at];
      distance2 += moved * moved;
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
  return drift;
}

bool kick_rows(const VerletRows& rows, const VerletConstants& constants, Range range) {
  bool in_range = true;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double& u = rows.displacement[row_width * row + axis];
      const double change = half_kick(rows, constants, row, axis);
      u += change;
      in_range &= std::abs(change) < constants.most_displacement && std::abs(u) < constants.most_displacement;
    }
  }
  return in_range;
}

#else

namespace hn = hwy::HWY_NAMESPACE;

/// One row of four numbers in a register, or two. Operations are those of the form for small registers, in
/// its order.
template <class D>
class RowStepper {
public:
  RowStepper(const VerletRows& rows, const VerletConstants& constants, int half_kicks)
      : rows_(rows),
        kicks_(hn::Set(d_, half_kicks)),
        displacement_magic_(hn::Set(d_, constants.displacement_magic)),
        // The fourth number is no displacement: it is rounded to nothing, and may be as large as it likes.
        position_magic_(with_fourth(constants.position_magic, 0x1p1000)),
        force_bias_(constants.force_bias),
        most_(with_fourth(constants.most_displacement, std::numeric_limits<double>::infinity())) {
    HWY_ALIGN std::int64_t last[8] = {3, 3, 3, 3, 7, 7, 7, 7};
    last_of_row_ = hn::Load(i_, last);
    HWY_ALIGN double walls[8];
    for (std::size_t lane = 0; lane < 8; ++lane)
      walls[lane] = lane % row_width < 3 ? constants.walls[lane % row_width] : 0.0;
    walls_ = hn::Load(d_, walls);
    has_walls_ = *std::max_element(walls, walls + row_width) > 0.0;
  }

  static constexpr std::size_t rows_per_register = hn::MaxLanes(D()) / row_width;

  HWY_INLINE void kick_and_drift(std::size_t row) {
    const std::size_t at = row_width * row;
    const V before = hn::Load(d_, rows_.displacement + at);
    const V change = half_kick(at, before);
    V u = hn::Add(before, hn::Mul(kicks_, change));
    note_range(change, u);
    V x = hn::Add(hn::Load(d_, rows_.position + at), rounded(u, position_magic_));
    if (has_walls_) throw_back(x, u);
    hn::Store(u, d_, rows_.displacement + at);
    hn::Store(x, d_, rows_.position + at);
    const V moved = hn::Sub(x, hn::Load(d_, rows_.reference + at));
    V square = hn::Mul(moved, moved);
    square = hn::Add(square, hn::Reverse2(d_, square));
    most2_ = hn::Max(most2_, hn::Add(square, hn::Reverse4(d_, square)));
  }

  HWY_INLINE void kick(std::size_t row) {
    const std::size_t at = row_width * row;
    const V before = hn::Load(d_, rows_.displacement + at);
    const V change = half_kick(at, before);
    const V u = hn::Add(before, change);
    note_range(change, u);
    hn::Store(u, d_, rows_.displacement + at);
  }

  Drift drift() const {
    return {.most2 = hn::GetLane(hn::MaxOfLanes(d_, most2_)), .in_range = hn::AllFalse(d_, out_of_range_)};
  }

private:
  using V = hn::Vec<D>;
  using I = hn::RebindToSigned<D>;

  /// One number for the three axes of rows, and one for what stands behind them.
  V with_fourth(double axis, double fourth) const {
    HWY_ALIGN const double rows[8] = {axis, axis, axis, fourth, axis, axis, axis, fourth};
    return hn::Load(d_, rows);
  }

  HWY_INLINE V rounded(V number, V magic) const { return hn::Sub(hn::Add(number, magic), magic); }

  /// By the force without its bias, which is the fourth number times that of a term, of which only
  /// the upper 16 bits are not 0; times the fourth number of the displacements. 0 in place of the fourth.
  HWY_INLINE V half_kick(std::size_t at, V displacement) const {
    constexpr int low_zeros = 48;
    const hn::Repartition<std::uint32_t, D> halves;
    const auto force = hn::Load(i_, rows_.force + at);
    const auto times = hn::TableLookupLanes(force, hn::IndicesFromVec(i_, last_of_row_));
    const auto upper = hn::Set(halves, static_cast<std::uint32_t>(force_bias_ >> low_zeros));
    const auto bias =
        hn::BitCast(i_, hn::ShiftLeft<low_zeros>(hn::MulEven(hn::BitCast(halves, times), upper)));
    const auto unbiased = hn::IfThenElseZero(hn::Ne(hn::Iota(i_, 0), last_of_row_), hn::Sub(force, bias));
    const V per_unit = hn::TableLookupLanes(displacement, hn::IndicesFromVec(d_, last_of_row_));
    return rounded(hn::Mul(per_unit, hn::ConvertTo(d_, unbiased)), displacement_magic_);
  }

  /// Notes also what is not a number.
  HWY_INLINE void note_range(V change, V u) {
    const auto is_small = hn::And(hn::Lt(hn::Abs(change), most_), hn::Lt(hn::Abs(u), most_));
    out_of_range_ = hn::Or(out_of_range_, hn::Not(is_small));
  }

  HWY_INLINE void throw_back(V& x, V& u) const {
    const V zero = hn::Zero(d_);
    const auto is_below = hn::Lt(x, zero);
    const auto is_out = hn::And(hn::Gt(walls_, zero), hn::Or(is_below, hn::Gt(x, walls_)));
    const V back = hn::IfThenElse(is_below, hn::Neg(x), hn::Add(walls_, hn::Sub(walls_, x)));
    x = hn::IfThenElse(is_out, back, x);
    u = hn::IfThenElse(is_out, hn::Neg(u), u);
  }

  const D d_;
  const I i_;
  const VerletRows& rows_;
  V kicks_, displacement_magic_, position_magic_;
  std::uint64_t force_bias_;
  V most_;
  V walls_ = hn::Zero(d_);
  hn::Vec<I> last_of_row_ = hn::Zero(i_);
  bool has_walls_ = false;
  V most2_ = hn::Zero(d_);
  hn::Mask<D> out_of_range_ = hn::Lt(hn::Zero(d_), hn::Zero(d_));
};

/// Calls `step(stepper, row)` for the rows of a range, with wide registers as far as they go.
template <class Step>
Drift for_rows(const VerletRows& rows, const VerletConstants& constants, Range range, int half_kicks,
               const Step& step) {
  const hn::CappedTag<double, 8> wide;
  const hn::CappedTag<double, row_width> narrow;
  RowStepper<decltype(wide)> many(rows, constants, half_kicks);
  RowStepper<decltype(narrow)> one(rows, constants, half_kicks);
  constexpr std::size_t stride = RowStepper<decltype(wide)>::rows_per_register;
  auto row = static_cast<std::size_t>(range.begin);
  const auto end = static_cast<std::size_t>(range.end);
  // Registers that are not aligned would cross cache lines.
  for (; row < end && row % stride != 0; ++row) step(one, row);
  for (; row + stride <= end; row += stride) step(many, row);
  for (; row < end; ++row) step(one, row);
  Drift all = many.drift();
  all.merge(one.drift());
  return all;
}

Drift kick_and_drift_rows(const VerletRows& rows, const VerletConstants& constants, Range range,
                          int half_kicks) {
  return for_rows(rows, constants, range, half_kicks,
                  [](auto& stepper, std::size_t row) { stepper.kick_and_drift(row); });
}

bool kick_rows(const VerletRows& rows, const VerletConstants& constants, Range range) {
  return for_rows(rows, constants, range, 1, [](auto& stepper, std::size_t row) { stepper.kick(row); })
      .in_range;
}

#endif

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(kick_and_drift_rows);
HWY_EXPORT(kick_rows);

namespace {

/// @tparam Axis  how a coordinate is moved
template <class Axis>
Drift kick_and_drift_axes(const VerletRows& rows, const VerletConstants& constants, Range range,
                          int half_kicks) {
  Drift drift;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    double distance2 = 0.0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      Axis moving(rows, constants, row, axis);
      moving.kick(half_kicks);
      drift.in_range &= moving.in_range();
      moving.drift(1.0);
      moving.store();
      distance2 += moving.moved() * moving.moved();
    }
    drift.most2 = std::max(drift.most2, distance2);
  }
  return drift;
}

template <class Axis>
bool kick_axes(const VerletRows& rows, const VerletConstants& constants, Range range) {
  bool in_range = true;
  for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      Axis moving(rows, constants, row, axis);
      moving.kick(1.0);
      in_range &= moving.in_range();
      moving.store();
    }
  }
  return in_range;
}

}  // namespace

Drift kick_and_drift(const VerletRows& rows, const VerletConstants& constants, Range range, int half_kicks) {
  if (rows.rest != nullptr) return kick_and_drift_axes<CarriedAxis>(rows, constants, range, half_kicks);
  if (rows.acceleration != nullptr) return kick_and_drift_axes<PlainAxis>(rows, constants, range, half_kicks);
  return HWY_DYNAMIC_DISPATCH(kick_and_drift_rows)(rows, constants, range, half_kicks);
}

bool kick(const VerletRows& rows, const VerletConstants& constants, Range range) {
  if (rows.rest != nullptr) return kick_axes<CarriedAxis>(rows, constants, range);
  if (rows.acceleration != nullptr) return kick_axes<PlainAxis>(rows, constants, range);
  return HWY_DYNAMIC_DISPATCH(kick_rows)(rows, constants, range);
}

}  // namespace orrery

#endif  // HWY_ONCE
