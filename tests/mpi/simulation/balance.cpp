/// Borders that follow the work.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tried_motion.hpp"

namespace orrery::test {
namespace {

struct Spread {
  std::vector<std::int64_t> owned;  ///< by rank
  std::int64_t borders_moved = 0;
  std::int64_t lists_built = 0;
};

/// Half of the particles in a heap where each has hundreds of neighbours, half where they have hardly any.
Spread after_many_lists(bool balance) {
  constexpr int in_each = 600;
  const AttractionLaw law({.strength = 1e-6, .cutoff = 2.0});
  const Box box = box_of(3, 64.0, {reflect, reflect, reflect});
  Uniform uniform(3);
  PlainState start;
  for (int i = 0; i < 2 * in_each; ++i) {
    const double extent = i < in_each ? 1.0 : 15.0, middle = i < in_each ? 6.0 : 48.0;
    start.position.push_back({middle + uniform(extent), middle + uniform(extent), middle + uniform(extent)});
    start.displacement.push_back({0.02, uniform(0.001), uniform(0.001)});
  }
  InteractingMotion motion(world(), law, box, {.step = time_step, .skin = 0.03, .balance = balance},
                           std::ssize(start.position));
  motion.begin(part_of(start, world()));
  motion.evolve({0, 100}, [](std::int64_t) {});
  return {world().pull_everywhere(static_cast<std::int64_t>(motion.owned())), motion.times().borders_moved,
          motion.times().lists_built};
}

TEST(Balance, MovesBordersToWhereTheWorkIs) {
  const Spread fixed = after_many_lists(false), moved = after_many_lists(true);
  ASSERT_GT(fixed.lists_built, 64);
  EXPECT_EQ(fixed.borders_moved, 0);
  const double even = 1200.0 / world().size();
  for (const std::int64_t owned : fixed.owned) EXPECT_NEAR(static_cast<double>(owned), even, 0.1 * even);
  if (world().size() == 1) {
    EXPECT_EQ(moved.borders_moved, 0);
    return;
  }
  EXPECT_GT(moved.borders_moved, 0);
  const auto [least, most] = std::minmax_element(moved.owned.begin(), moved.owned.end());
  EXPECT_LT(static_cast<double>(*least), 0.8 * even);
  EXPECT_GT(static_cast<double>(*most), 1.2 * even);
}

}  // namespace
}  // namespace orrery::test
