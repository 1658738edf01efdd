#include "particles/uniform_kernel.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "particles/uniform_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "particles/philox-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

HWY_INLINE void draw_register(const UniformColumn& column, Word bits, std::size_t at) {
  if (column.out == nullptr) return;
  const hn::Rebind<std::int64_t, Lanes> integers;
  const Real leading = hn::ConvertTo(Lanes(), hn::BitCast(integers, hn::ShiftRight<11>(bits)));
  const Real fraction = hn::Mul(leading, constant(0x1p-53));
  const Real low = constant(column.low);
  const Real high = constant(column.high);
  const Real number = hn::Add(hn::Mul(low, hn::Sub(constant(1.0), fraction)), hn::Mul(high, fraction));
  const Real not_above = hn::IfThenElse(hn::Lt(high, number), high, number);
  hn::StoreU(hn::IfThenElse(hn::Lt(number, low), low, not_above), Lanes(), column.out + at);
}

HWY_INLINE void store(const PhiloxBlock& block, const UniformColumn& first, const UniformColumn& second,
                      std::size_t at) {
  draw_register(first, hn::Or(block.c0, hn::ShiftLeft<32>(block.c1)), at);
  draw_register(second, hn::Or(block.c2, hn::ShiftLeft<32>(block.c3)), at);
}

std::size_t draw_pairs(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                       const UniformColumn& first, const UniformColumn& second) {
  const std::size_t lanes = lane_count();
  std::size_t row = 0;
  for (; row + 2 * lanes <= count; row += 2 * lanes) {
    PhiloxBlock even(hn::Iota(Words(), first_id + row), stream.draw, stream.purpose);
    PhiloxBlock odd(hn::Iota(Words(), first_id + row + lanes), stream.draw, stream.purpose);
    mix(even, odd, stream.seed);
    store(even, first, second, row);
    store(odd, first, second, row + lanes);
  }
  return row;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(draw_pairs);

std::size_t draw_uniform_pairs(const RandomStream& stream, std::uint64_t first_id, std::size_t count,
                               const UniformColumn& first, const UniformColumn& second) {
  return HWY_DYNAMIC_DISPATCH(draw_pairs)(stream, first_id, count, first, second);
}

}  // namespace orrery

#endif  // HWY_ONCE
