/// What a law's kernels give for one pair at a distance, in double and in single precision, for checks and
/// tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "laws/pair_law.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// The list of a particle with one neighbour, as kernels read it. The particle is row 0, the neighbour row 1.
class LonePair {
public:
  /// @param lanes      of the kernels
  /// @param two_sided  whether the neighbour gets its force too
  /// @param padding    row that stands for no particle
  LonePair(std::size_t lanes, bool two_sided, std::size_t padding);

  /// The list with the neighbour in one lane of the register.
  NeighbourSlice in_lane(std::size_t lane);

private:
  std::int32_t padding_;  ///< place of the row
  AlignedVector<std::int32_t> neighbours_;
  std::array<std::int64_t, 2> begin_;
  std::int32_t two_sided_;
};

class PairProbe {
public:
  /// @pre the law is in the table
  explicit PairProbe(const PairLaw& law);
  /// With loops that are not in the table. @pre `kernels` are of the form that the law's method names
  PairProbe(const PairLaw& law, const PairKernels& kernels);

  /// Force on each of two particles, above 0 if away from each other, to about 50 bits whatever its size; not
  /// a number if it is not finite. [mass length / time^2]
  /// @param speed  at which their distance grows [length / time]
  double force(double distance, double speed = 0.0);
  /// Energy of the pair, to about 50 bits of it or of force times distance, whichever is larger; not a number
  /// if either is not finite. [mass length^2 / time^2]
  double energy(double distance);

  /// As in a run: the sums of forces on both, in units of the law's fixed point.
  struct Sums {
    std::array<std::int64_t, 3> first{};
    std::array<std::int64_t, 3> second{};
    bool in_range = true;  ///< whether the force was below its bound
  };
  /// @param separation  position of the first less that of the second [length]
  /// @param lane        which of the `lanes()` of a register the pair is in
  /// @param velocity    of the first relative to the second [length / time]
  Sums sums(const std::array<double, 3>& separation, std::size_t lane,
            const std::array<double, 3>& velocity = {});
  std::size_t lanes() const { return kernels_.lanes; }
  /// Whether velocities matter.
  bool needs_velocities() const { return kernels_.needs_velocities; }

  /// Whether energy and virial, too, are below the bounds that they have in a run.
  bool totals_in_range(double distance);

private:
  struct Units {
    FixedPoint force;
    FixedPoint energy;
  };
  PairTotals run(const std::array<double, 3>& separation, std::size_t lane, Units units, bool with_totals,
                 const std::array<double, 3>& velocity = {});

  PairConstants constants_;
  PairKernels kernels_;
  Units units_;
  PairRows rows_;
  LonePair pair_;
  AlignedVector<double> velocity_;  ///< of all rows, shape (rows, 4)
};

/// The same of a law's kernel in single precision.
class MixedProbe {
public:
  /// @pre the law is in the table
  /// @param grid  of positions
  MixedProbe(const PairLaw& law, FixedPoint grid);

  /// Force on each of two particles at rest, above 0 if away from each other; nothing if it passes the bound.
  /// [mass length / time^2]
  /// @param distance  in units of the grid
  std::optional<double> force(std::int32_t distance);
  /// To this forces are rounded.
  double force_unit() const { return force_unit_.unit(); }

private:
  MixedPairKernels kernels_;
  FixedPoint force_unit_;
  PairConstants constants_;
  LonePair pair_;
  AlignedVector<std::int32_t> position_;  ///< of the two and of the padding row
  AlignedVector<float> velocity_;         ///< the same: all are at rest
  AlignedVector<std::int64_t> force_;     ///< on the first
};

}  // namespace orrery
