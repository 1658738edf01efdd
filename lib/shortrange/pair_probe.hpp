/// What a law's kernels say of one pair at a distance, for checks and tests.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "laws/pair_law.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

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
  AlignedVector<double> velocity_;  ///< of all rows, shape (rows, 4)
};

}  // namespace orrery
