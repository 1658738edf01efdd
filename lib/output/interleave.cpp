#include "output/interleave.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "output/interleave.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "core/vector_lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class Number>
using LanesOf = hn::Rebind<Number, Lanes>;

HWY_INLINE Real rounded(Real value, const double*) {
  return value;
}
HWY_INLINE hn::Vec<LanesOf<float>> rounded(Real value, const float*) {
  return hn::DemoteTo(LanesOf<float>(), value);
}

/// One register of rows. @return 0 in the lanes whose numbers are finite, else not a number
template <class Number>
HWY_INLINE hn::Vec<LanesOf<Number>> interleave_register(Real x, Real y, Real z, Number* rows) {
  const LanesOf<Number> lanes;
  const auto a = rounded(x, rows);
  const auto b = rounded(y, rows);
  const auto c = rounded(z, rows);
  hn::StoreInterleaved3(a, b, c, lanes, rows);
  const auto zero = hn::Zero(lanes);
  return hn::Add(hn::Add(hn::Mul(a, zero), hn::Mul(b, zero)), hn::Mul(c, zero));
}

template <class Number>
bool interleave_rows(const ThreeColumns& columns, std::size_t count, Number* rows) {
  const Lanes lanes;
  const LanesOf<Number> target;
  const std::size_t step = lane_count();
  const auto z_at = [&](std::size_t row) HWY_ATTR {
    return columns.z != nullptr ? hn::LoadU(lanes, columns.z + row) : hn::Zero(lanes);
  };
  auto off = hn::Zero(target);
  std::size_t row = 0;
  for (; row + step <= count; row += step) {
    off = hn::Add(off, interleave_register(hn::LoadU(lanes, columns.x + row),
                                           hn::LoadU(lanes, columns.y + row), z_at(row), rows + 3 * row));
  }
  if (row < count) {  // the rest by way of a register of its own, filled up with zeros
    constexpr std::size_t most_lanes = HWY_MAX_BYTES / sizeof(double);
    HWY_ALIGN double rest[3][most_lanes] = {};
    HWY_ALIGN Number rest_rows[3 * most_lanes];
    std::copy(columns.x + row, columns.x + count, rest[0]);
    std::copy(columns.y + row, columns.y + count, rest[1]);
    if (columns.z != nullptr) std::copy(columns.z + row, columns.z + count, rest[2]);
    off = hn::Add(off, interleave_register(hn::Load(lanes, rest[0]), hn::Load(lanes, rest[1]),
                                           hn::Load(lanes, rest[2]), rest_rows));
    std::copy(rest_rows, rest_rows + 3 * (count - row), rows + 3 * row);
  }
  return hn::AllTrue(target, hn::Eq(off, hn::Zero(target)));
}

bool interleave_double(const ThreeColumns& columns, std::size_t count, double* rows) {
  return interleave_rows(columns, count, rows);
}
bool interleave_float(const ThreeColumns& columns, std::size_t count, float* rows) {
  return interleave_rows(columns, count, rows);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(interleave_double);
HWY_EXPORT(interleave_float);

bool interleave(const ThreeColumns& columns, std::size_t count, double* rows) {
  return HWY_DYNAMIC_DISPATCH(interleave_double)(columns, count, rows);
}
bool interleave(const ThreeColumns& columns, std::size_t count, float* rows) {
  return HWY_DYNAMIC_DISPATCH(interleave_float)(columns, count, rows);
}

}  // namespace orrery

#endif  // HWY_ONCE
