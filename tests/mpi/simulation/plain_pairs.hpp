/// Particles that act on each other, computed as plainly as can be: every particle with every other, one
/// after the other, by one process. What the motion that ranks, images, lists and vectors bring about is held
/// against, bit for bit.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include "particles/box.hpp"

namespace orrery::test {

using Triple = std::array<double, 3>;

/// Places and displacements per step of all particles, in the order of ids.
struct PlainState {
  std::vector<Triple> position;
  std::vector<Triple> displacement;
};

/// The scheme of docs/numerics.md, "Particles that act on each other".
class PlainPairs {
public:
  /// Bits of the three grids: multiples of 2^-bits.
  struct Grids {
    int position = 0;
    int displacement = 0;
    int force = 0;
  };

  /// @param force_over_distance  of a pair, as a function of the square of its distance
  PlainPairs(const Box& box, double cutoff, double step, double mass, const Grids& grids,
             std::function<double(double r2)> force_over_distance)
      : box_(box),
        cutoff2_(cutoff * cutoff),
        half_kick_(0.5 * step * step / mass * std::ldexp(1.0, -grids.force)),
        grids_(grids),
        force_over_distance_(std::move(force_over_distance)) {}

  void step(PlainState& state) const {
    kick(state);
    for (std::size_t i = 0; i < state.position.size(); ++i)
      for (std::size_t axis = 0; axis < axes(); ++axis) drift(state, i, axis);
    kick(state);
  }

  /// Forces on all particles, in units of their grid.
  std::vector<std::array<std::int64_t, 3>> forces(const PlainState& state) const {
    std::vector<std::array<std::int64_t, 3>> forces(state.position.size());
    for (std::size_t i = 0; i < forces.size(); ++i) {
      for (std::size_t j = 0; j < forces.size(); ++j) {
        if (i == j) continue;
        const Triple d = nearest(state.position[i], state.position[j]);
        const double r2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
        if (!(r2 < cutoff2_)) continue;
        const double scaled = std::ldexp(force_over_distance_(r2), grids_.force);
        for (std::size_t axis = 0; axis < axes(); ++axis) forces[i][axis] += std::llrint(scaled * d[axis]);
      }
    }
    return forces;
  }

private:
  std::size_t axes() const { return static_cast<std::size_t>(box_.axes); }
  bool has(Boundary boundary, std::size_t axis) const { return box_.boundary[axis] == boundary; }

  static double rounded(double number, int bits) {
    return std::ldexp(std::nearbyint(std::ldexp(number, bits)), -bits);
  }

  Triple nearest(const Triple& a, const Triple& b) const {
    Triple d{};
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      d[axis] = a[axis] - b[axis];
      if (!has(Boundary::periodic, axis)) continue;
      if (d[axis] > 0.5 * box_.lengths[axis]) d[axis] -= box_.lengths[axis];
      if (d[axis] < -0.5 * box_.lengths[axis]) d[axis] += box_.lengths[axis];
    }
    return d;
  }

  void kick(PlainState& state) const {
    const auto all = forces(state);
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t axis = 0; axis < axes(); ++axis)
        state.displacement[i][axis] +=
            rounded(half_kick_ * static_cast<double>(all[i][axis]), grids_.displacement);
  }

  void drift(PlainState& state, std::size_t i, std::size_t axis) const {
    double& x = state.position[i][axis];
    double& u = state.displacement[i][axis];
    const double length = box_.lengths[axis];
    x += rounded(u, grids_.position);
    if (has(Boundary::periodic, axis)) {
      if (x < 0.0) x += length;
      if (x >= length) x -= length;
    } else if (has(Boundary::reflect, axis) && (x < 0.0 || x > length)) {
      x = x < 0.0 ? -x : length + (length - x);
      u = -u;
    }
  }

  Box box_;
  double cutoff2_;
  double half_kick_;
  Grids grids_;
  std::function<double(double)> force_over_distance_;
};

}  // namespace orrery::test
