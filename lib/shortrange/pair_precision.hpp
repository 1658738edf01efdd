/// In which precision forces of pairs are computed.
#pragma once

#include <string_view>

namespace orrery {

/// Of the arithmetic of a pair. Positions, velocities and sums are the same in both.
enum class PairPrecision { full, mixed };

/// "double" or "mixed".
constexpr std::string_view name_of(PairPrecision precision) {
  return precision == PairPrecision::mixed ? "mixed" : "double";
}

/// @pre it is one of these
constexpr PairPrecision precision_named(std::string_view name) {
  return name == name_of(PairPrecision::mixed) ? PairPrecision::mixed : PairPrecision::full;
}

}  // namespace orrery
