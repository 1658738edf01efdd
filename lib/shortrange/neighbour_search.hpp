/// Finds particles near a place, among candidates in a row; compiled once per instruction set.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.hpp"
#include "core/types.hpp"

namespace orrery {

/// Particles as a search sees them: how far they are from a place in the middle of all, axis by axis, which
/// single precision holds well enough (see `widened_reach2`) [length], and the places of their rows.
struct SearchColumns {
  const float* x = nullptr;
  const float* y = nullptr;
  const float* z = nullptr;
  const std::int32_t* place = nullptr;
};

/// Least and greatest coordinates, counted from the same place.
struct SearchBox {
  std::array<float, 3> low;
  std::array<float, 3> high;

  /// Around the particles `range` of some columns. @pre there are any
  static SearchBox around(const SearchColumns& columns, Range range);
};

/// Most entries that a search reads or writes past those it counts.
inline constexpr std::size_t search_slack = 16;

/// Particles that may be near those of a cell.
class Candidates {
public:
  void clear() { count_ = 0; }
  std::size_t count() const { return count_; }

  /// Appends the particles `range` of some columns, which have `search_slack` entries more.
  void append(const SearchColumns& columns, Range range);

  /// The same for those of them that are nearer to a box than the square root of `reach2`: a particle that is
  /// farther away will not be found by anybody in it, roundings included.
  void append_near(const SearchColumns& columns, Range range, const SearchBox& box, float reach2);

  /// Fills up the registers with a particle that is near no other. After the last `append`.
  void close();

  /// Writes the places of all candidates from the one numbered `begin` on that are nearer to `there` than the
  /// square root of `reach2`, in order. @return how many there are
  /// @param found   room for all from `begin` on and twice `search_slack` more
  /// @param padding  is written behind them, `search_slack` times
  std::size_t find(std::size_t begin, const std::array<float, 3>& there, float reach2, std::int32_t* found,
                   std::int32_t padding) const;

  /// The same for all candidates but one, and the place of that one.
  std::size_t find_others(std::size_t than, float reach2, std::int32_t* found, std::int32_t padding);

  /// How far a candidate is from the middle.
  std::array<float, 3> position(std::size_t candidate) const {
    return {x_[candidate], y_[candidate], z_[candidate]};
  }

  /// Whether one of the candidates from `begin` on has the given place, or one behind it.
  bool reach(std::int32_t place, std::size_t begin) const;

private:
  void make_room(std::size_t more);

  std::size_t count_ = 0;
  AlignedVector<float> x_, y_, z_;
  AlignedVector<std::int32_t> place_;
};

/// Copies entries of lists to where they will be read much later: to memory, since caches could not keep
/// them.
/// @param count  a multiple of the lanes of a register; both addresses are aligned to it
void copy_past_caches(const std::int32_t* from, std::size_t count, std::int32_t* to);
/// Before others read what was copied so.
void finish_copies();

/// A square of a distance within which all are found that are within `reach`, in spite of roundings.
/// @param extent  the most that coordinates of candidates and middle differ [length]
float widened_reach2(double reach, double extent);

}  // namespace orrery
