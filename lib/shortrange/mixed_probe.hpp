/// What a law's kernel in single precision says of one pair at a distance, for checks.
#pragma once

#include <cstdint>
#include <optional>

#include "core/aligned_vector.hpp"
#include "core/fixed_point.hpp"
#include "laws/pair_law.hpp"
#include "shortrange/mixed_pair_kernels.hpp"

namespace orrery {

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
  AlignedVector<std::int32_t> position_;  ///< of the two and of nobody
  AlignedVector<float> velocity_;         ///< the same: all are at rest
  AlignedVector<std::int64_t> force_;     ///< on the first
  AlignedVector<std::int32_t> neighbours_;
};

}  // namespace orrery
