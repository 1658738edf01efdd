#include "shortrange/neighbour_search.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/neighbour_search.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

std::size_t find_near_vectors(const SearchColumns& columns, std::size_t begin, std::size_t end,
                              const double* place, double reach2, std::int64_t* found) {
  const hn::CappedTag<double, 8> d;
  const hn::RebindToSigned<decltype(d)> i;
  const auto x = hn::Set(d, place[0]), y = hn::Set(d, place[1]), z = hn::Set(d, place[2]);
  const auto limit = hn::Set(d, reach2);
  const std::size_t lanes = hn::Lanes(d);
  const auto step = hn::Set(i, static_cast<std::int64_t>(lanes));
  auto number = hn::Iota(i, static_cast<std::int64_t>(begin));
  std::size_t count = 0;
  for (std::size_t at = begin; at < end; at += lanes) {
    const auto dx = hn::Sub(x, hn::LoadU(d, columns.x + at));
    const auto dy = hn::Sub(y, hn::LoadU(d, columns.y + at));
    const auto dz = hn::Sub(z, hn::LoadU(d, columns.z + at));
    const auto r2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
    auto near = hn::Lt(r2, limit);
    if (end - at < lanes) near = hn::And(near, hn::FirstN(d, end - at));
    // Branches would be mispredicted: which lanes are near is a matter of chance.
    count += hn::CompressStore(number, hn::RebindMask(i, near), i, found + count);
    number = hn::Add(number, step);
  }
  return count;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(find_near_vectors);

std::size_t find_near(const SearchColumns& columns, std::size_t begin, std::size_t end, const double* place,
                      double reach2, std::int64_t* found) {
  return HWY_DYNAMIC_DISPATCH(find_near_vectors)(columns, begin, end, place, reach2, found);
}

FindNear best_find_near() {
  return HWY_DYNAMIC_DISPATCH(find_near_vectors);
}

}  // namespace orrery

#endif  // HWY_ONCE
