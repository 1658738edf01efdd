/// By which periods of the box particles, or boxes around them, are shifted to be near each other.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "shortrange/cell_grid.hpp"

namespace orrery {

/// Periods of the box along each axis [length]; 0 where it is not periodic.
using Periods = std::array<double, 3>;

/// The three shifts along an axis: by -1, 0 and 1 period. Where there is no period, only the one by 0 counts.
inline constexpr std::size_t shifts = 3;
inline constexpr std::size_t unshifted = 1;
inline constexpr std::size_t all_shifts = shifts * shifts * shifts;
inline constexpr std::size_t not_shifted_at_all = (all_shifts - 1) / 2;

inline std::array<double, 3> shift_of(std::size_t number, const Periods& periods) {
  const std::size_t x = number % shifts, y = number / shifts % shifts, z = number / shifts / shifts;
  return {(static_cast<double>(x) - 1.0) * periods[0], (static_cast<double>(y) - 1.0) * periods[1],
          (static_cast<double>(z) - 1.0) * periods[2]};
}

/// Square of the distance between two boxes along one axis, of which one may be shifted by a period.
inline double gap2_of(const Bounds& here, const Bounds& there, std::size_t axis, double period) {
  double least = std::numeric_limits<double>::infinity();
  for (const double shift : {-period, 0.0, period}) {
    const double gap = std::max(
        {0.0, there.low[axis] - (here.high[axis] + shift), (here.low[axis] + shift) - there.high[axis]});
    least = std::min(least, gap);
  }
  return least * least;
}

/// Whether some particle in one box may be within reach of the other, shifted by a period or not. True
/// whenever it is so for a particle, as all roundings are monotonic. The same for both orders of the boxes.
inline bool may_be_near(const Bounds& here, const Bounds& there, const Periods& periods, double reach2) {
  if (here.empty() || there.empty()) return false;
  const auto one_way = [&](const Bounds& a, const Bounds& b) {
    return gap2_of(a, b, 2, periods[2]) + gap2_of(a, b, 1, periods[1]) + gap2_of(a, b, 0, periods[0]) <=
           reach2;
  };
  return one_way(here, there) || one_way(there, here);
}

/// Squares of the distances along one axis between a coordinate, shifted in three ways, and an interval.
inline void find_gaps(double coordinate, double period, double low, double high,
                      std::array<double, shifts>& gap2) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (std::size_t shift = 0; shift < shifts; ++shift) {
    const double x = coordinate + (static_cast<double>(shift) - 1.0) * period;
    const double gap = std::max({0.0, low - x, x - high});
    gap2[shift] = period > 0.0 || shift == unshifted ? gap * gap : infinity;
  }
}

/// A quick look at whether a particle may be within reach of a box, shifted by a period or not: few are.
class NearBox {
public:
  NearBox(const Bounds& there, const Periods& periods, double reach2) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double reach = std::sqrt(reach2) * (1.0 + 1e-12);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const bool is_periodic = periods[axis] > 0.0;
      begin_[axis] = there.low[axis] - reach;
      end_[axis] = there.high[axis] + reach;
      low_[axis] = is_periodic ? end_[axis] - periods[axis] : -infinity;
      high_[axis] = is_periodic ? begin_[axis] + periods[axis] : infinity;
    }
  }

  /// Along every axis, shifted or not.
  bool along_all(const double* p) const { return along(p, 0) && along(p, 1) && along(p, 2); }
  /// Along some axis, shifted.
  bool along_any_shifted(const double* p) const { return shifted(p, 0) || shifted(p, 1) || shifted(p, 2); }

private:
  bool along(const double* p, std::size_t axis) const {
    return (p[axis] >= begin_[axis] && p[axis] <= end_[axis]) || shifted(p, axis);
  }
  bool shifted(const double* p, std::size_t axis) const {
    return p[axis] <= low_[axis] || p[axis] >= high_[axis];
  }

  std::array<double, 3> begin_{}, end_{};
  std::array<double, 3> low_{}, high_{};  ///< shifted by a period, up to the one or from the other on
};

/// By which periods a particle must be shifted to be within reach of a box.
class ShiftsOfImages {
public:
  /// @param is_own  whether the box is this rank's own, where no particle is an image without a shift
  /// @param first   number of a shift; those before do not matter
  ShiftsOfImages(const Bounds& there, bool is_own, std::size_t first, const Periods& periods, double reach2)
      : there_(there),
        is_own_(is_own),
        first_(first),
        periods_(periods),
        reach2_(reach2),
        near_(there, periods, reach2) {}

  /// Calls `visit` with the numbers of all shifts.
  template <class Visit>
  void visit(const double* position, const Visit& visit) const {
    if (!(is_own_ ? near_.along_any_shifted(position) : near_.along_all(position))) return;
    std::array<std::array<double, shifts>, 3> gap2;
    for (std::size_t axis = 0; axis < 3; ++axis)
      find_gaps(position[axis], periods_[axis], there_.low[axis], there_.high[axis], gap2[axis]);
    for (std::size_t z = first_ / (shifts * shifts); z < shifts; ++z) {
      if (gap2[2][z] > reach2_) continue;
      for (std::size_t y = 0; y < shifts; ++y) {
        if (gap2[2][z] + gap2[1][y] > reach2_) continue;
        for (std::size_t x = 0; x < shifts; ++x) {
          const std::size_t number = (z * shifts + y) * shifts + x;
          if (gap2[2][z] + gap2[1][y] + gap2[0][x] > reach2_) continue;
          if (number < first_ || (is_own_ && number == not_shifted_at_all)) continue;
          visit(number);
        }
      }
    }
  }

private:
  Bounds there_;
  bool is_own_;
  std::size_t first_;
  Periods periods_;
  double reach2_;
  NearBox near_;
};

}  // namespace orrery
