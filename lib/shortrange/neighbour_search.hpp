/// Finds who is near a place, among particles in a row; compiled once per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orrery {

/// Coordinates of particles, axis by axis, with room for a register past the end [length].
struct SearchColumns {
  const double* x = nullptr;
  const double* y = nullptr;
  const double* z = nullptr;
};

/// Most entries that a search writes past those it counts.
inline constexpr std::size_t search_slack = 8;

/// Writes every i in [begin, end) that is nearer to `place` than the square root of `reach2`, in
/// ascending order. @return how many there are
/// @param found  room for end - begin + `search_slack` numbers
std::size_t find_near(const SearchColumns& columns, std::size_t begin, std::size_t end, const double* place,
                      double reach2, std::int64_t* found);

/// The same function without the choice of instruction set at every call.
using FindNear = decltype(&find_near);
FindNear best_find_near();

}  // namespace orrery
