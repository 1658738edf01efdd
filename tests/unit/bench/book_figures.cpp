#include "bench/book_figures.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace orrery {
namespace {

/// The book gives time and ns per particle-step; the second is rounded to what is asked for here.
TEST(BookFigures, AgreeWithTheBooksOwnNsPerParticleStep) {
  const std::vector<double> expected{614, 85, 13.4, 7.2, 6.0};
  ASSERT_EQ(book_figures.size(), expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index) {
    EXPECT_NEAR(book_figures[index].ns_per_particle_step(), expected[index], 0.005 * expected[index]);
  }
}

}  // namespace
}  // namespace orrery
