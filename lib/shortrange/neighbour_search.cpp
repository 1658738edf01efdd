#include "shortrange/neighbour_search.hpp"

#include <algorithm>
#include <limits>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/neighbour_search.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Reads and writes full registers, past the end.
void subtract_and_narrow(const double* from, std::size_t count, double middle, float* to) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> f;
  const auto m = hn::Set(d, middle);
  for (std::size_t at = 0; at < count; at += hn::Lanes(d))
    hn::StoreU(hn::DemoteTo(f, hn::Sub(hn::LoadU(d, from + at), m)), f, to + at);
}

std::size_t find_near(const float* x, const float* y, const float* z, const std::int32_t* row,
                      std::size_t count, const std::array<float, 3>& place, float reach2,
                      std::int32_t* found) {
  const hn::CappedTag<float, 16> f;
  const hn::RebindToSigned<decltype(f)> i;
  const auto px = hn::Set(f, place[0]), py = hn::Set(f, place[1]), pz = hn::Set(f, place[2]);
  const auto limit = hn::Set(f, reach2);
  std::int32_t* end = found;
  for (std::size_t at = 0; at < count; at += hn::Lanes(f)) {
    const auto dx = hn::Sub(px, hn::LoadU(f, x + at));
    const auto dy = hn::Sub(py, hn::LoadU(f, y + at));
    const auto dz = hn::Sub(pz, hn::LoadU(f, z + at));
    const auto r2 = hn::MulAdd(dx, dx, hn::MulAdd(dy, dy, hn::Mul(dz, dz)));
    const auto near = hn::RebindMask(i, hn::Lt(r2, limit));
    // Branches would be mispredicted: which lanes are near is a matter of chance. Compressing into memory is
    // microcode on some processors, into a register it is not.
    hn::StoreU(hn::Compress(hn::LoadU(i, row + at), near), i, end);
    end += hn::CountTrue(i, near);
  }
  return static_cast<std::size_t>(end - found);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(subtract_and_narrow);
HWY_EXPORT(find_near);

void Candidates::append(const SearchColumns& columns, Range range, const std::int32_t* rows,
                        std::int32_t first_row, const Vec3& middle) {
  if (range.empty()) return;
  const auto size = static_cast<std::size_t>(range.size());
  const std::size_t needed = count_ + size + search_slack;
  if (row_.size() < needed) {
    for (auto* column : {&x_, &y_, &z_}) column->resize(2 * needed);
    row_.resize(2 * needed);
  }
  const auto narrow = HWY_DYNAMIC_DISPATCH(subtract_and_narrow);
  narrow(columns.x + range.begin, size, middle[0], x_.data() + count_);
  narrow(columns.y + range.begin, size, middle[1], y_.data() + count_);
  narrow(columns.z + range.begin, size, middle[2], z_.data() + count_);
  for (std::size_t index = 0; index < size; ++index) {
    const auto entry = range.begin + static_cast<std::int64_t>(index);
    row_[count_ + index] = first_row + (rows == nullptr ? static_cast<std::int32_t>(entry)
                                                        : rows[static_cast<std::size_t>(entry)]);
  }
  count_ += size;
}

void Candidates::close() {
  const std::size_t needed = count_ + search_slack;
  if (row_.size() < needed) {
    for (auto* column : {&x_, &y_, &z_}) column->resize(needed);
    row_.resize(needed);
  }
  for (auto* column : {&x_, &y_, &z_})
    std::fill_n(column->data() + count_, search_slack, std::numeric_limits<float>::infinity());
  std::fill_n(row_.data() + count_, search_slack, 0);
}

std::size_t Candidates::find(std::size_t begin, const std::array<float, 3>& place, float reach2,
                             std::int32_t* found) const {
  if (begin >= count_) return 0;
  return HWY_DYNAMIC_DISPATCH(find_near)(x_.data() + begin, y_.data() + begin, z_.data() + begin,
                                         row_.data() + begin, count_ - begin, place, reach2, found);
}

std::size_t Candidates::find_others(std::size_t than, float reach2, std::int32_t* found) {
  const std::array<float, 3> there = place(than);
  x_[than] = std::numeric_limits<float>::infinity();
  const std::size_t count = find(0, there, reach2, found);
  x_[than] = there[0];
  return count;
}

float widened_reach2(double reach, double extent) {
  // Each coordinate is rounded once, their difference once, and its square some times more.
  constexpr double rounding = 0x1p-24;
  const double widened = (reach + 8.0 * rounding * extent) * (1.0 + 16.0 * rounding);
  return static_cast<float>(widened * widened);
}

}  // namespace orrery

#endif  // HWY_ONCE
