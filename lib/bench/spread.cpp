#include "bench/spread.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace orrery {

Spread spread_of(std::vector<double> samples) {
  ensure(!samples.empty(), "there is something to take the median of");
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  const double median =
      samples.size() % 2 == 1 ? samples[middle] : 0.5 * (samples[middle - 1] + samples[middle]);
  return {.least = samples.front(), .median = median, .most = samples.back()};
}

}  // namespace orrery
