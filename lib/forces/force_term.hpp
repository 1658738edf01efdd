/// A force that acts on every particle by itself, such as that of a field.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/option_set.hpp"
#include "particles/box.hpp"

namespace orrery {

/// Some particles, one column for each axis; in the plane the third coordinates are 0.
struct ParticleBlock {
  std::array<std::span<const double>, 3> position;  ///< brought into the box, counted from 0 [length]
  std::span<const double> mass;                     ///< [mass]
};

/// Force over mass of the particles of a block [length / time^2], likewise.
using Accelerations = std::array<std::span<double>, 3>;

/// A term of the sum of all forces.
///
/// The force on a particle is a function of its position and mass alone. It needs no other particle, so a
/// term wants no ghosts (its reach is 0) and can be computed while these travel; and as it needs no velocity
/// and no time, a run goes back the way it came once all velocities are reversed. Functions use + - * / and
/// square roots alone, so that their bits are the same everywhere.
class ForceTerm {
public:
  ForceTerm() = default;
  ForceTerm(const ForceTerm&) = delete;
  ForceTerm& operator=(const ForceTerm&) = delete;
  virtual ~ForceTerm() = default;

  virtual std::string_view name() const = 0;

  /// Adds the term's options, which are in the section `field`.
  virtual void describe(OptionSet& options) = 0;

  /// Options that have no effect with the present ones, each with the key whose value makes it so.
  virtual std::vector<std::pair<std::string, std::string>> idle_keys() const { return {}; }

  /// Whether the term acts along an axis; where it acts along none, a run does without it.
  virtual bool acts_along(std::size_t axis) const = 0;

  /// Refuses options that do not fit the box. @throws OptionConflict
  virtual void check(const Box& box) const = 0;

  /// Whether the force is minus the gradient of `energy` everywhere in the box, also across the ends of
  /// periodic axes.
  virtual bool keeps_energy(const Box& box) const = 0;

  /// Adds the force over the mass.
  virtual void add_accelerations(const Box& box, const ParticleBlock& particles,
                                 const Accelerations& sums) const = 0;

  /// Of one particle [energy]. @param position  as in a block
  virtual double energy(const Box& box, const Vec3& position, double mass) const = 0;
};

}  // namespace orrery
