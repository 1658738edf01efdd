#include "integrators/mass_table.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "integrators/langevin.hpp"

namespace orrery {
namespace {

TEST(MassTable, FindsSpeciesByTheirHalfKicks) {
  const MassTable table({3.0, 0.7, 3.0, 11.0, std::nextafter(0.7, 1.0)}, 0.005, 0x1p-36);
  for (const std::size_t species : {0U, 1U, 3U}) {
    EXPECT_EQ(table.species_of(table.half_kick(species)), species);
    EXPECT_DOUBLE_EQ(table.half_kick(species) * table.mass(species), 0.5 * 0.005 * 0.005 * 0x1p-36);
  }
  EXPECT_EQ(table.species_of(table.half_kick(2)), 0);  // of the same mass
  EXPECT_NEAR(table.mass(table.species_of(table.half_kick(4))), 0.7, 1e-15);
}

TEST(MassTable, RefusesAHalfKickThatNoSpeciesHas) {
  const MassTable table({3.0, 0.7}, 0.005, 0x1p-36);
  for (const double half_kick :
       {0.0, table.half_kick(0) / 2.0, (table.half_kick(0) + table.half_kick(1)) / 2.0,
        2.0 * table.half_kick(1), std::nan("")})
    EXPECT_THROW(table.species_of(half_kick), Error) << half_kick;
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
