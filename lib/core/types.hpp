/// Small types used everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace orrery {

/// Stable name of a particle, kept from input to output. A type of its own, so that it is no index by
/// accident.
enum class ParticleId : std::uint64_t {};

constexpr std::uint64_t number(ParticleId id) {
  return static_cast<std::uint64_t>(id);
}

/// A pair of coordinates in the plane [length].
using Vec2 = std::array<double, 2>;

/// Coordinates in space [length]; z is 0 in the plane.
using Vec3 = std::array<double, 3>;

/// A setting given once for all axes, or once for each of two or three.
template <class Value>
struct PerAxis {
  std::array<Value, 3> values{};  ///< all the same where one was given; the last is Value{} where two were
  int given = 1;                  ///< how many values were given: 1, 2 or 3

  static constexpr PerAxis all(Value value) { return {{value, value, value}, 1}; }

  constexpr Value operator[](int axis) const { return values[static_cast<std::size_t>(axis)]; }
  constexpr bool operator==(const PerAxis&) const = default;
};

/// Half-open range of steps or items.
struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  constexpr std::int64_t size() const { return end - begin; }
  constexpr bool empty() const { return end <= begin; }
  constexpr bool operator==(const Range&) const = default;
};

/// The part that two ranges share; empty (size 0) where they share nothing.
constexpr Range overlap(Range a, Range b) {
  const std::int64_t begin = a.begin > b.begin ? a.begin : b.begin;
  const std::int64_t end = a.end < b.end ? a.end : b.end;
  return {begin, end > begin ? end : begin};
}

}  // namespace orrery
