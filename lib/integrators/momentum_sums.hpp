/// Total displacements of the particles of each species, as integers: sums of them have no order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "integrators/mass_table.hpp"

namespace orrery {

/// In units of the grid of displacements. Times the masses it is the momentum, over the time step.
class MomentumSums {
public:
  explicit MomentumSums(std::size_t species = 1) : halves_(2 * axes * species) {}

  /// @param units  below 2^52 in magnitude
  void add(std::size_t species, std::size_t axis, std::int64_t units) {
    const std::size_t at = 2 * (axes * species + axis);
    halves_[at] += units >> half_bits;
    halves_[at + 1] += units & low_half;
    // The lower halves of 2^31 terms fit; there may be more.
    if (halves_[at + 1] >= carry_limit) carry(at);
  }

  void add(const MomentumSums& other) {
    for (std::size_t at = 0; at < halves_.size(); ++at) halves_[at] += other.halves_[at];
    carry();
  }

  void clear() { halves_.assign(halves_.size(), 0); }

  /// The sums as whole numbers that may be added over ranks, element by element: up to 2^30 of them.
  std::span<std::int64_t> halves() {
    carry();
    return halves_;
  }

  /// Along an axis, the sum over species of mass times displacement, in units of the grid. In the order of
  /// species, so that it is the same bits wherever it is worked out.
  double momentum(const MassTable& masses, std::size_t axis) const {
    double sum = 0.0;
    for (std::size_t species = 0; species < masses.species(); ++species) {
      const std::size_t at = 2 * (axes * species + axis);
      sum += masses.mass(species) *
             (static_cast<double>(halves_[at]) * 0x1p32 + static_cast<double>(halves_[at + 1]));
    }
    return sum;
  }

private:
  static constexpr std::size_t axes = 3;
  static constexpr int half_bits = 32;
  static constexpr std::int64_t low_half = 0xffffffff;
  static constexpr std::int64_t carry_limit = std::int64_t{1} << 62;

  void carry() {
    for (std::size_t at = 0; at < halves_.size(); at += 2) carry(at);
  }
  void carry(std::size_t at) {
    halves_[at] += halves_[at + 1] >> half_bits;
    halves_[at + 1] &= low_half;
  }

  std::vector<std::int64_t> halves_;  ///< upper and lower, shape (species, axes, 2)
};

}  // namespace orrery
