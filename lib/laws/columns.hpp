/// What the arithmetic of a law sees of the particles of one rank: bare columns of numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace orrery {

/// Columns of equal length. Each starts on a cache line, and is padded so that whole registers can be loaded
/// and stored past the last particle; what the padding holds is of no consequence.
struct Columns {
  /// Position of each particle when the run began [length], by axis; never changes.
  std::array<const double*, 3> initial{};
  /// State that the law evolves, by axis; in which coordinates is the law's own business.
  std::array<double*, 3> state{};
  /// One column for each `ParameterColumn` of the law, in its order.
  std::array<const double*, 4> parameter{};
};

/// Numbers that are the same for all particles and all steps of a run.
struct LawConstants {
  double step = 0.0;              ///< time step [time]
  std::array<double, 4> value{};  ///< the law's own, in an order that only the law knows
};

/// Positions and velocities of some particles, as people outside see them; arrays by axis.
struct Sample {
  std::array<double*, 3> position{};
  std::array<double*, 3> velocity{};
};

}  // namespace orrery
