/// What repeated measurements of one thing came to.
#pragma once

#include <vector>

namespace orrery {

struct Spread {
  double least = 0.0;
  double median = 0.0;
  double most = 0.0;

  /// The distance between least and most, as a fraction of the median.
  double relative() const { return (most - least) / median; }

  /// The same measurements in another unit. @pre factor > 0
  Spread times(double factor) const { return {factor * least, factor * median, factor * most}; }
};

/// The median of an even number of samples is the mean of the two in the middle. @pre samples are not empty
Spread spread_of(std::vector<double> samples);

}  // namespace orrery
