/// The bins of a histogram of distances.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace orrery {

/// Bins of equal width from 0 to a largest distance. Edge k is (most * k) / bins in double precision, the
/// last one `most`. Bin k counts distances d with edge[k] <= d < edge[k + 1], exactly; what is `most` or
/// above is counted as beyond.
class HistogramBins {
public:
  /// Up to this many bins the guess of a bin is off by one at most, and known to be in doubt where it may be.
  static constexpr std::uint64_t most_bins = std::uint64_t{1} << 20;

  /// @pre 1 <= bins <= most_bins, 1e-150 <= most <= 1e150
  HistogramBins(std::size_t bins, double most);

  std::size_t bins() const { return edges_.size() - 1; }
  /// Shape (bins + 1).
  const std::vector<double>& edges() const { return edges_; }
  /// Bins per unit of distance.
  double scale() const { return scale_; }
  /// Numbers in one copy of the counts: the bins, and what is beyond.
  std::size_t stride() const { return bins() + 1; }

  /// The bin of a distance; `bins()` for what is beyond.
  std::size_t bin_of(double distance) const;

private:
  std::vector<double> edges_;
  double scale_;
};

}  // namespace orrery
