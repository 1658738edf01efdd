#include "distances/histogram_bins.hpp"

#include <algorithm>
#include <cmath>

namespace orrery {

HistogramBins::HistogramBins(std::size_t bins, double most)
    : edges_(bins + 1), scale_(static_cast<double>(bins) / most) {
  for (std::size_t edge = 0; edge < bins; ++edge)
    edges_[edge] = most * static_cast<double>(edge) / static_cast<double>(bins);
  edges_[bins] = most;
}

std::size_t HistogramBins::bin_of(double distance) const {
  const double guess = std::min(distance * scale_, static_cast<double>(bins()));
  auto bin = static_cast<std::size_t>(guess);
  while (bin > 0 && distance < edges_[bin]) --bin;
  while (bin < bins() && distance >= edges_[bin + 1]) ++bin;
  return bin;
}

}  // namespace orrery
