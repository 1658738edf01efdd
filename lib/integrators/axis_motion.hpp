/// One coordinate of a particle while a step moves it: on its grids alone, or with the rests carried.
///
/// Positions are multiples of a unit g, displacements per step of a unit w. Where a displacement is small
/// against g, or a kick against w, rounding it in every step would move the particle wrongly. There the rests
/// are carried along: position x + r and displacement u + s are exact sums, with r and s multiples of units
/// of their own that are much finer, and
///
///   t = r + u + s,   x <- x + D(t),   r <- t - D(t)      with D(t) = g floor(t / g + 1/2)
///
/// All of it is exact. x and r follow from x + r alone, since D(t + g) = D(t) + g, so that adding the same
/// displacements with the other sign leads back, bit for bit. Forces are those at x.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "core/fixed_point.hpp"
#include "integrators/verlet.hpp"

namespace orrery {

/// Numbers of a row of positions and of displacements.
inline constexpr std::size_t verlet_row_width = 4;

/// By half a step's force, of pairs and of fields [length], not rounded.
inline double exact_half_kick(const VerletRows& rows, const VerletConstants& constants, std::size_t row,
                              std::size_t axis) {
  const double per_unit = rows.displacement[verlet_row_width * row + 3];
  const double by_pairs = per_unit * static_cast<double>(unbiased(rows.force + verlet_row_width * row, axis,
                                                                  constants.force_bias));
  if (rows.acceleration == nullptr) return by_pairs;
  return by_pairs + constants.half_step2 * rows.acceleration[3 * row + axis];
}

/// What is in range of a displacement, also of a number that is none.
inline bool is_below(double displacement, double most) {
  return std::abs(displacement) < most;
}

class PlainAxis {
public:
  PlainAxis(const VerletRows& rows, const VerletConstants& constants, std::size_t row, std::size_t axis)
      : rows_(rows),
        constants_(constants),
        at_(verlet_row_width * row + axis),
        wall_(constants.walls[axis]),
        change_(round_to_grid(exact_half_kick(rows, constants, row, axis), constants.displacement_magic)),
        x_(rows.position[at_]),
        u_(rows.displacement[at_]) {}

  void kick(double half_kicks) { u_ += half_kicks * change_; }
  double displacement() const { return u_; }
  /// The displacement without its rest, a multiple of the grid's unit.
  double whole_displacement() const { return u_; }
  void add_to_displacement(double whole) { u_ += whole; }
  void set_displacement(double u) { u_ = round_to_grid(u, constants_.displacement_magic); }

  /// Moves the particle by a share of its displacement, and throws it back that is beyond a wall.
  void drift(double share) {
    x_ += round_to_grid(share * u_, constants_.position_magic);
    if (!(wall_ > 0.0) || (x_ >= 0.0 && x_ <= wall_)) return;
    x_ = x_ < 0.0 ? -x_ : wall_ + (wall_ - x_);
    u_ = -u_;
  }

  bool in_range() const {
    return is_below(change_, constants_.most_displacement) && is_below(u_, constants_.most_displacement);
  }

  void store() const {
    rows_.displacement[at_] = u_;
    rows_.position[at_] = x_;
  }

  /// From where the particle was at some time before.
  double moved() const { return x_ - rows_.reference[at_]; }

private:
  const VerletRows& rows_;
  const VerletConstants& constants_;
  std::size_t at_;
  double wall_;
  double change_;
  double x_, u_;
};

/// @pre rows.rest
class CarriedAxis {
public:
  CarriedAxis(const VerletRows& rows, const VerletConstants& constants, std::size_t row, std::size_t axis)
      : rows_(rows),
        constants_(constants),
        at_(verlet_row_width * row + axis),
        rest_at_(rests_of_row * row + axis),
        wall_(constants.walls[axis]),
        x_(rows.position[at_]),
        r_(rows.rest[rest_at_]),
        u_(rows.displacement[at_]),
        s_(rows.rest[rest_at_ + displacement_rests]) {
    const double kick = exact_half_kick(rows, constants, row, axis);
    change_ = round_to_grid(kick, constants.displacement_magic);
    change_rest_ = round_to_grid(kick - change_, constants.rest_magic);
  }

  void kick(double half_kicks) {
    u_ += half_kicks * change_;
    s_ += half_kicks * change_rest_;
    settle();
  }
  double displacement() const { return u_ + s_; }
  double whole_displacement() const { return u_; }
  void add_to_displacement(double whole) { u_ += whole; }
  void set_displacement(double u) {
    u_ = round_to_grid(u, constants_.displacement_magic);
    s_ = round_to_grid(u - u_, constants_.rest_magic);
  }

  void drift(double share) {
    const double u = share * u_, whole = round_to_grid(u, constants_.position_magic);
    move(whole, r_ + (u - whole) + share * s_);
    if (!(wall_ > 0.0)) return;
    const bool is_below_low = x_ < 0.0 || (x_ == 0.0 && r_ < 0.0);
    const bool is_above_high = x_ > wall_ || (x_ == wall_ && r_ > 0.0);
    if (!is_below_low && !is_above_high) return;
    x_ = is_below_low ? -x_ : wall_ + (wall_ - x_);
    move(0.0, -r_);
    u_ = -u_;
    s_ = -s_;
  }

  bool in_range() const {
    return is_below(change_, constants_.most_displacement) && is_below(u_, constants_.most_displacement);
  }

  void store() const {
    rows_.displacement[at_] = u_;
    rows_.position[at_] = x_;
    rows_.rest[rest_at_] = r_;
    rows_.rest[rest_at_ + displacement_rests] = s_;
  }

  double moved() const { return x_ - rows_.reference[at_]; }

private:
  /// Moves by whole units, and by as many more as a rest is worth.
  void move(double whole, double rest) {
    const double unit = constants_.position_unit;
    const double more = std::floor(rest / unit + 0.5) * unit;
    x_ += whole + more;
    r_ = rest - more;
  }

  /// Keeps the rest of the displacement small.
  void settle() {
    const double whole = round_to_grid(s_, constants_.displacement_magic);
    u_ += whole;
    s_ -= whole;
  }

  const VerletRows& rows_;
  const VerletConstants& constants_;
  std::size_t at_, rest_at_;
  double wall_;
  double change_ = 0.0, change_rest_ = 0.0;
  double x_, r_, u_, s_;
};

}  // namespace orrery
