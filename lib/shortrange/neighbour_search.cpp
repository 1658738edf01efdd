#include "shortrange/neighbour_search.hpp"

#include <algorithm>
#include <limits>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/neighbour_search.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Reads and writes full registers, past the end.
template <class T>
void copy(const T* from, std::size_t count, T* to) {
  const hn::CappedTag<T, 16> d;
  for (std::size_t at = 0; at < count; at += hn::Lanes(d)) hn::StoreU(hn::LoadU(d, from + at), d, to + at);
}

void copy_columns(const SearchColumns& from, Range range, float* x, float* y, float* z, std::int32_t* place) {
  const auto count = static_cast<std::size_t>(range.size());
  copy(from.x + range.begin, count, x);
  copy(from.y + range.begin, count, y);
  copy(from.z + range.begin, count, z);
  copy(from.place + range.begin, count, place);
}

SearchBox box_around(const SearchColumns& columns, Range range) {
  const hn::CappedTag<float, 16> f;
  const std::array<const float*, 3> axes{columns.x, columns.y, columns.z};
  const auto count = static_cast<std::size_t>(range.size());
  SearchBox box{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const float* const from = axes[axis] + range.begin;
    auto low = hn::Set(f, from[0]), high = low;
    for (std::size_t at = 0; at < count; at += hn::Lanes(f)) {
      const auto inside = hn::FirstN(f, count - at);
      const auto x = hn::IfThenElse(inside, hn::LoadU(f, from + at), low);
      low = hn::Min(low, x);
      high = hn::Max(high, x);
    }
    box.low[axis] = hn::GetLane(hn::MinOfLanes(f, low));
    box.high[axis] = hn::GetLane(hn::MaxOfLanes(f, high));
  }
  return box;
}

/// Of a coordinate from an interval; 0 within it.
template <class V>
HWY_INLINE V gap(V x, V low, V high) {
  return hn::Max(hn::Max(hn::Sub(low, x), hn::Sub(x, high)), hn::Zero(hn::DFromV<V>()));
}

/// The same for those that are near a box. @return how many there are
std::size_t copy_columns_near(const SearchColumns& from, Range range, const SearchBox& box, float reach2,
                              float* x, float* y, float* z, std::int32_t* place) {
  const hn::CappedTag<float, 16> f;
  const hn::RebindToSigned<decltype(f)> i;
  const auto limit = hn::Set(f, reach2);
  const auto low_x = hn::Set(f, box.low[0]), high_x = hn::Set(f, box.high[0]);
  const auto low_y = hn::Set(f, box.low[1]), high_y = hn::Set(f, box.high[1]);
  const auto low_z = hn::Set(f, box.low[2]), high_z = hn::Set(f, box.high[2]);
  const auto count = static_cast<std::size_t>(range.size());
  std::size_t end = 0;
  for (std::size_t at = 0; at < count; at += hn::Lanes(f)) {
    const auto entry = static_cast<std::size_t>(range.begin) + at;
    const auto cx = hn::LoadU(f, from.x + entry), cy = hn::LoadU(f, from.y + entry),
               cz = hn::LoadU(f, from.z + entry);
    const auto dx = gap(cx, low_x, high_x), dy = gap(cy, low_y, high_y), dz = gap(cz, low_z, high_z);
    // As in `find_near`, so that roundings can lose no particle.
    const auto r2 = hn::MulAdd(dx, dx, hn::MulAdd(dy, dy, hn::Mul(dz, dz)));
    const auto near = hn::And(hn::Lt(r2, limit), hn::FirstN(f, count - at));
    const auto near_i = hn::RebindMask(i, near);
    hn::StoreU(hn::Compress(cx, near), f, x + end);
    hn::StoreU(hn::Compress(cy, near), f, y + end);
    hn::StoreU(hn::Compress(cz, near), f, z + end);
    hn::StoreU(hn::Compress(hn::LoadU(i, from.place + entry), near_i), i, place + end);
    end += hn::CountTrue(f, near);
  }
  return end;
}

std::size_t find_near(const float* x, const float* y, const float* z, const std::int32_t* place,
                      std::size_t count, const std::array<float, 3>& there, float reach2, std::int32_t* found,
                      std::int32_t padding) {
  const hn::CappedTag<float, 16> f;
  const hn::RebindToSigned<decltype(f)> i;
  const auto px = hn::Set(f, there[0]), py = hn::Set(f, there[1]), pz = hn::Set(f, there[2]);
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
    hn::StoreU(hn::Compress(hn::LoadU(i, place + at), near), i, end);
    end += hn::CountTrue(i, near);
  }
  for (std::size_t at = 0; at < search_slack; at += hn::Lanes(f))
    hn::StoreU(hn::Set(i, padding), i, end + at);
  return static_cast<std::size_t>(end - found);
}

void stream(const std::int32_t* from, std::size_t count, std::int32_t* to) {
  const hn::CappedTag<std::int32_t, 16> d;
  for (std::size_t at = 0; at < count; at += hn::Lanes(d)) {
    const auto entries = hn::Load(d, from + at);
    // Of fewer bytes, too many would be written.
    if constexpr (hn::MaxLanes(d) * sizeof(std::int32_t) >= HWY_STREAM_MULTIPLE) {
      hn::Stream(entries, d, to + at);
    } else {
      hn::Store(entries, d, to + at);
    }
  }
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(box_around);
HWY_EXPORT(copy_columns);
HWY_EXPORT(copy_columns_near);
HWY_EXPORT(find_near);
HWY_EXPORT(stream);

SearchBox SearchBox::around(const SearchColumns& columns, Range range) {
  return HWY_DYNAMIC_DISPATCH(box_around)(columns, range);
}

void Candidates::make_room(std::size_t more) {
  const std::size_t needed = count_ + more + search_slack;
  if (place_.size() >= needed) return;
  for (auto* column : {&x_, &y_, &z_}) column->resize(2 * needed);
  place_.resize(2 * needed);
}

void Candidates::append_near(const SearchColumns& columns, Range range, const SearchBox& box, float reach2) {
  if (range.empty()) return;
  make_room(static_cast<std::size_t>(range.size()));
  count_ +=
      HWY_DYNAMIC_DISPATCH(copy_columns_near)(columns, range, box, reach2, x_.data() + count_,
                                              y_.data() + count_, z_.data() + count_, place_.data() + count_);
}

void Candidates::append(const SearchColumns& columns, Range range) {
  if (range.empty()) return;
  make_room(static_cast<std::size_t>(range.size()));
  HWY_DYNAMIC_DISPATCH(copy_columns)
  (columns, range, x_.data() + count_, y_.data() + count_, z_.data() + count_, place_.data() + count_);
  count_ += static_cast<std::size_t>(range.size());
}

void Candidates::close() {
  make_room(0);
  for (auto* column : {&x_, &y_, &z_})
    std::fill_n(column->data() + count_, search_slack, std::numeric_limits<float>::infinity());
  std::fill_n(place_.data() + count_, search_slack, 0);
}

bool Candidates::reach(std::int32_t place, std::size_t begin) const {
  return std::any_of(place_.begin() + static_cast<std::ptrdiff_t>(begin),
                     place_.begin() + static_cast<std::ptrdiff_t>(count_),
                     [place](std::int32_t candidate) { return candidate >= place; });
}

std::size_t Candidates::find(std::size_t begin, const std::array<float, 3>& there, float reach2,
                             std::int32_t* found, std::int32_t padding) const {
  return HWY_DYNAMIC_DISPATCH(find_near)(x_.data() + begin, y_.data() + begin, z_.data() + begin,
                                         place_.data() + begin, count_ - begin, there, reach2, found,
                                         padding);
}

std::size_t Candidates::find_others(std::size_t than, float reach2, std::int32_t* found,
                                    std::int32_t padding) {
  const std::array<float, 3> there = position(than);
  x_[than] = std::numeric_limits<float>::infinity();
  const std::size_t count = find(0, there, reach2, found, padding);
  x_[than] = there[0];
  return count;
}

void copy_past_caches(const std::int32_t* from, std::size_t count, std::int32_t* to) {
  HWY_DYNAMIC_DISPATCH(stream)(from, count, to);
}

void finish_copies() {
  hwy::FlushStream();
}

float widened_reach2(double reach, double extent) {
  // Each coordinate is rounded once, their difference once, and its square some times more.
  constexpr double rounding = 0x1p-24;
  const double widened = (reach + 8.0 * rounding * extent) * (1.0 + 16.0 * rounding);
  return static_cast<float>(widened * widened);
}

}  // namespace orrery

#endif  // HWY_ONCE
