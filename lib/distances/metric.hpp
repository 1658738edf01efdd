/// Which distance is meant.
#pragma once

#include <cstddef>
#include <string_view>

namespace orrery {

/// With d the differences of two points' coordinates, axis by axis.
enum class Metric {
  euclidean,  ///< sqrt(sum d^2)
  squared,    ///< sum d^2
  chebyshev,  ///< max |d|
  manhattan,  ///< sum |d|
};

constexpr std::string_view name_of(Metric metric) {
  switch (metric) {
    case Metric::squared:
      return "squared";
    case Metric::chebyshev:
      return "chebyshev";
    case Metric::manhattan:
      return "manhattan";
    case Metric::euclidean:
      break;
  }
  return "euclidean";
}

/// Combinations of metric, axes (2 or 3) and box that kernels are made for: see `kernel_index`.
inline constexpr std::size_t kernel_variants = 16;

constexpr std::size_t kernel_index(Metric metric, int axes, bool periodic) {
  return static_cast<std::size_t>(metric) * 4 + static_cast<std::size_t>(axes - 2) * 2 +
         static_cast<std::size_t>(periodic);
}

}  // namespace orrery
