#include "shortrange/mixed_rows.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/mixed_rows.cpp"
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

/// @param count  of numbers, a multiple of four
void scale_to_single(const double* from, std::size_t count, double scale, float* to) {
  const hn::CappedTag<double, 4> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const auto factor = hn::Set(d, scale);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    hn::Store(hn::DemoteTo(narrow, hn::Mul(hn::Load(d, from + at), factor)), narrow, to + at);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(round_to_whole);
HWY_EXPORT(scale_to_single);

void MixedRows::resize(const PairRows& rows, bool with_velocities) {
  const std::size_t numbers = PairRows::width * (rows.first_image() + rows.images());
  const auto place = [](std::size_t row) { return static_cast<std::ptrdiff_t>(PairRows::width * row); };
  position_.resize(numbers);
  std::fill(position_.begin() + place(rows.owned()), position_.begin() + place(rows.first_image()),
            mixed_padding);
  if (!with_velocities) return;
  velocity_.resize(numbers);
  std::fill(velocity_.begin() + place(rows.owned()), velocity_.begin() + place(rows.first_image()), 0.0F);
}

void MixedRows::round(const PairRows& rows, const PairVelocities& velocities, Range range) {
  const std::size_t first = PairRows::width * static_cast<std::size_t>(range.begin);
  const std::size_t count = PairRows::width * static_cast<std::size_t>(range.size());
  HWY_DYNAMIC_DISPATCH(round_to_whole)
  (rows.position(0) + first, count, grid_.scale(), position_.data() + first);
  if (velocity_.empty()) return;
  HWY_DYNAMIC_DISPATCH(scale_to_single)
  (velocities.displacement + first, count, velocities.steps_per_time, velocity_.data() + first);
}

}  // namespace orrery

#endif  // HWY_ONCE
