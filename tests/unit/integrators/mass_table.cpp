#include "integrators/mass_table.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "integrators/langevin.hpp"

namespace orrery {
namespace {

TEST(MassTable, MovesEverySpeciesByItsMass) {
  const MassTable table({3.0, 0.7, 3.0, 11.0, std::nextafter(0.7, 1.0)}, 0.005, 0x1p-36);
  for (std::size_t species = 0; species < table.species(); ++species)
    EXPECT_DOUBLE_EQ(table.half_kick(species) * table.mass(species), 0.5 * 0.005 * 0.005 * 0x1p-36);
}

TEST(MassTable, TellsWhichSpeciesForcesMoveAlike) {
  const MassTable table({3.0, 0.7, 3.0, 11.0, 0.7}, 0.005, 0x1p-36);
  const std::vector<std::size_t> expected{0, 1, 0, 3, 1};
  for (std::size_t species = 0; species < expected.size(); ++species)
    EXPECT_EQ(table.alike(species), expected[species]);
}

TEST(Langevin, GivesEverySpeciesTheNoiseOfItsMass) {
  const MassTable table({1.0, 4.0}, 0.01, 0x1p-36);
  const LangevinConstants bath = langevin_constants(3, 1, 0.9, 2.0, table, 0.01);
  const double lost = 1.0 - std::exp(-2.0 * 2.0 * 0.01);
  EXPECT_NEAR(bath.noise[0], std::sqrt(lost * 0.9) * 0.01, 1e-15);
  EXPECT_NEAR(bath.noise[1], 0.5 * bath.noise[0], 1e-15);
}

}  // namespace
}  // namespace orrery
