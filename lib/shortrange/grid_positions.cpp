#include "shortrange/grid_positions.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/grid_positions.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// @param count  of numbers, a multiple of four
void round_to_whole(const double* from, std::size_t count, double scale, std::int32_t* to) {
  const hn::CappedTag<double, 4> d;
  const hn::RebindToUnsigned<decltype(d)> wide;
  const hn::Rebind<std::uint32_t, decltype(d)> narrow;
  const hn::RebindToSigned<decltype(narrow)> out;
  const auto factor = hn::Set(d, scale), magic = hn::Set(d, rounding_magic);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d)) {
    const auto whole = hn::Add(hn::Mul(hn::Load(d, from + at), factor), magic);
    hn::Store(hn::BitCast(out, hn::TruncateTo(narrow, hn::BitCast(wide, whole))), out, to + at);
  }
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(round_to_whole);

void GridPositions::resize(const PairRows& rows) {
  row_.resize(PairRows::width * (rows.first_image() + rows.images()));
  std::fill(row_.begin() + static_cast<std::ptrdiff_t>(PairRows::width * rows.owned()),
            row_.begin() + static_cast<std::ptrdiff_t>(PairRows::width * rows.first_image()),
            GridRange::nobody);
}

void GridPositions::round(const PairRows& rows, Range range) {
  const auto first = static_cast<std::size_t>(range.begin);
  HWY_DYNAMIC_DISPATCH(round_to_whole)
  (rows.position(first), PairRows::width * static_cast<std::size_t>(range.size()), grid_.scale(),
   row_.data() + PairRows::width * first);
}

}  // namespace orrery

#endif  // HWY_ONCE
