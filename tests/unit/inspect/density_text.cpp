#include "inspect/density_text.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace orrery {
namespace {

using testing::ElementsAre;

PositionSample sample_of(std::vector<double> x, std::vector<double> y) {
  const auto particles = static_cast<std::int64_t>(x.size());
  return {.particles = particles, .x = std::move(x), .y = std::move(y), .not_finite = 0};
}

TEST(DensityText, DrawsWithYUpwards) {
  const auto sample = sample_of({0.5, 3.5, 3.5}, {0.5, 2.5, 2.5});
  EXPECT_THAT(density_lines(sample, {0, 4, 0, 3}, {4, 3}, false), ElementsAre("   @", "    ", ".   "));
}

TEST(DensityText, ShadesByTheLogarithmOfCounts) {
  auto sample = sample_of({}, {});
  for (const auto& [x, count] : {std::pair{0.5, 1}, {1.5, 8}, {2.5, 64}})
    for (int copy = 0; copy < count; ++copy) {
      sample.x.push_back(x);
      sample.y.push_back(0.5);
    }
  EXPECT_THAT(density_lines(sample, {0, 4, 0, 1}, {4, 1}, false), ElementsAre(".=@ "));
  EXPECT_THAT(density_lines(sample, {0, 4, 0, 1}, {4, 1}, true), ElementsAre("\u2591\u2593\u2588 "));
}

TEST(DensityText, LeavesOutWhatIsOutsideAndKeepsTheRims) {
  const auto sample = sample_of({0.0, 2.0, -0.1, 2.1, 1.0}, {0.0, 1.0, 0.5, 0.5, 7.0});
  EXPECT_THAT(density_lines(sample, {0, 2, 0, 1}, {2, 1}, false), ElementsAre("@@"));
}

TEST(DensityText, FindsAnExtentForAnySample) {
  for (const auto& sample :
       {sample_of({}, {}), sample_of({2.0}, {-3.0}), sample_of({1.0, 2.0}, {5.0, 5.0}),
        sample_of({-1e308, 1e308}, {0.0, 1e-300}), sample_of({1e-320, 2e-320}, {0.0, 0.0})}) {
    const Extent extent = extent_of(sample);
    EXPECT_TRUE(extent.holds(sample));
    EXPECT_LT(extent.left, extent.right);
    EXPECT_LT(extent.bottom, extent.top);
    const PictureSize size = picture_size(extent, {76, 20});
    EXPECT_TRUE(size.columns >= 1 && size.columns <= 76 && size.rows >= 1 && size.rows <= 20);
    EXPECT_EQ(density_lines(sample, extent, size, false).size(), static_cast<std::size_t>(size.rows));
  }
}

TEST(DensityText, KeepsProportions) {
  EXPECT_EQ(picture_size({0, 1, 0, 1}, {76, 20}).columns, 40);
  EXPECT_EQ(picture_size({0, 1, 0, 1}, {76, 20}).rows, 20);
  EXPECT_EQ(picture_size({0, 10, 0, 1}, {60, 20}).rows, 3);
  EXPECT_EQ(picture_size({0, 1, 0, 10}, {60, 20}).columns, 4);
}

}  // namespace
}  // namespace orrery
