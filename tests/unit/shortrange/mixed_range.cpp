#include "shortrange/mixed_range.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "core/instruction_set.hpp"
#include "laws/attraction.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/pair_probe.hpp"

namespace orrery {
namespace {

constexpr FixedPoint grid{24};

double most(const PairLaw& law) {
  return std::ldexp(mixed_force_unit(law.mixed_force_bound()).unit(), 28);
}

double force(const LennardJonesOptions& law, double r) {
  const double q6 = std::pow(law.sigma / r, 6);
  return 24.0 * law.epsilon / r * q6 * (2.0 * q6 - 1.0);
}

/// Where the plain force is what a run in single precision takes at most.
double edge(const LennardJonesOptions& options) {
  const double limit = most(LennardJonesLaw(options));
  double near = 0.3 * options.sigma, far = options.sigma;
  while (far - near > 1e-12 * options.sigma) {
    const double middle = 0.5 * (near + far);
    (force(options, middle) > limit ? near : far) = middle;
  }
  return far;
}

TEST(MixedRange, IsAnyDistanceWhereForcesHaveABound) {
  EXPECT_EQ(mixed_safe_distance(AttractionLaw({.strength = 3.0, .cutoff = 0.7}), grid), 0.0);
  EXPECT_EQ(mixed_safe_distance(AttractionLaw({.strength = -1.0, .cutoff = 2.0}), grid), 0.0);
  EXPECT_EQ(mixed_safe_distance(SoftDiscLaw({.stiffness = 700.0, .diameter = 0.9}), grid), 0.0);
}

TEST(MixedRange, EndsJustBeforeForcesPassTheirBound) {
  for (const LennardJonesOptions& options :
       {LennardJonesOptions{}, LennardJonesOptions{.epsilon = 7.0, .sigma = 0.4, .cutoff = 1.0}}) {
    const double safe = mixed_safe_distance(LennardJonesLaw(options), grid) * grid.unit();
    EXPECT_GT(safe, edge(options));
    EXPECT_LT(safe, 1.011 * edge(options));
  }
}

TEST(MixedRange, IsNoneWhereTheCutOffIsBeyondTheBound) {
  // Forces are only refused before a run, not here.
  const LennardJonesLaw law({.cutoff = 0.5});
  EXPECT_EQ(mixed_safe_distance(law, grid), std::numeric_limits<double>::infinity());
}

TEST(MixedProbe, LooksAtEveryForce) {
  const LennardJonesOptions options;
  const LennardJonesLaw law(options);
  const double there = edge(options);
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    MixedProbe pair(law, grid);  // which looks at every force
    for (const double share : {0.5, 0.9, 0.999, 0.9999, 1.0001, 1.001, 1.005, 1.02, 1.5, 2.4}) {
      const bool in_range =
          pair.force(static_cast<std::int32_t>(std::lrint(share * there * grid.scale()))).has_value();
      EXPECT_EQ(in_range, share > 1.0) << share << ", " << set;
    }
  }
  choose_instruction_set("auto");
}

}  // namespace
}  // namespace orrery
