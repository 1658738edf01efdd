#include "distances/histogram_bins.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace orrery {
namespace {

/// By looking at one edge after the other.
std::size_t bin_by_search(const HistogramBins& bins, double distance) {
  std::size_t bin = 0;
  while (bin < bins.bins() && distance >= bins.edges()[bin + 1]) ++bin;
  return bin;
}

TEST(HistogramBins, EndWhereTheyWereAskedTo) {
  for (const double most : {1e-150, 0.1, 1.0, 3.0, 1e150}) {
    for (const std::size_t count : {1U, 3U, 1000U}) {
      const HistogramBins bins(count, most);
      EXPECT_EQ(bins.edges().front(), 0.0);
      EXPECT_EQ(bins.edges().back(), most);
      for (std::size_t edge = 0; edge < count; ++edge) EXPECT_LT(bins.edges()[edge], bins.edges()[edge + 1]);
    }
  }
}

TEST(HistogramBins, TakeWhatIsOnAnEdgeAndLeaveWhatIsJustBelow) {
  for (const double most : {0.3, 1.0, 1e-150, 7e120}) {
    const HistogramBins bins(97, most);
    for (std::size_t edge = 0; edge <= bins.bins(); ++edge) {
      const double on = bins.edges()[edge];
      EXPECT_EQ(bins.bin_of(on), edge);
      EXPECT_EQ(bins.bin_of(std::nextafter(on, 1e300)), edge);
      if (edge == 0) continue;
      EXPECT_EQ(bins.bin_of(std::nextafter(on, 0.0)), edge - 1);
    }
  }
}

TEST(HistogramBins, AgreeWithASearchEdgeByEdge) {
  const HistogramBins bins(31, 0.7);
  for (double distance = 0.0; distance < 1.0; distance += 0.00037)
    EXPECT_EQ(bins.bin_of(distance), bin_by_search(bins, distance)) << distance;
  EXPECT_EQ(bins.bin_of(std::numeric_limits<double>::max()), bins.bins());
}

TEST(HistogramBins, GuessesAreInDoubtWhereverTheyAreWrong) {
  // What the kernel relies on: a guess that is further than 1e-9 from a whole number is right.
  const HistogramBins bins(HistogramBins::most_bins, 0.9);
  for (std::size_t edge = 1; edge <= bins.bins(); edge += 1009) {
    for (const double off : {-2e-9, 2e-9}) {
      const double distance = bins.edges()[edge] + off / bins.scale();
      const double guess = distance * bins.scale();
      if (std::abs(guess - std::round(guess)) < 1e-9) continue;
      EXPECT_EQ(static_cast<std::size_t>(std::min(guess, static_cast<double>(bins.bins()))),
                bins.bin_of(distance));
    }
  }
}

}  // namespace
}  // namespace orrery
