#include "particles/particle_store.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "core/error.hpp"

namespace orrery {
namespace {

TEST(ParticleStore, AlignsAndPadsItsColumns) {
  for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 1000U}) {
    ParticleStore store(2, 1, count);
    EXPECT_EQ(store.size(), count);
    EXPECT_EQ(store.padded_size() % 16, 0U);
    EXPECT_LT(store.padded_size(), count + 16);
    for (const auto column : {store.initial(0), store.state(1), store.parameter(0)}) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(column.data()) % 64, 0U);
      for (const double padding : column.subspan(count)) EXPECT_EQ(padding, 0.0);
    }
  }
}

TEST(ParticleStore, TakesFortyBytesPerParticleForRotation) {
  EXPECT_EQ(ParticleStore::bytes_per_particle(2, 1), 40U);
  const ParticleStore store(2, 1, 1'000'000);
  EXPECT_EQ(store.bytes(), 40'000'000U);
  EXPECT_EQ(store.initial_bytes(), 16'000'000U);
  EXPECT_EQ(store.state_bytes(), 16'000'000U);
  EXPECT_EQ(store.parameter_bytes(0), 8'000'000U);
}

TEST(IdColumn, TakesNoMemoryForIdsThatCountUp) {
  const auto ids = IdColumn::listed({ParticleId{7}, ParticleId{8}, ParticleId{9}});
  EXPECT_EQ(ids.bytes(), 0U);
  EXPECT_EQ(ids.size(), 3U);
  EXPECT_EQ(ids[2], ParticleId{9});
}

TEST(IdColumn, KeepsIdsThatDoNot) {
  const auto ids = IdColumn::listed({ParticleId{7}, ParticleId{9}});
  EXPECT_EQ(ids[0], ParticleId{7});
  EXPECT_EQ(ids[1], ParticleId{9});
  EXPECT_EQ(IdColumn::listed({}).size(), 0U);
}

TEST(ParticleStore, RefusesIdsOfAnotherNumber) {
  ParticleStore store(2, 1, 3);
  EXPECT_THROW(store.set_ids(IdColumn::consecutive(ParticleId{0}, 2)), Error);
}

TEST(ParticleStore, KeepsIdsAlone) {
  ParticleStore particles(3, 2, 1000);
  particles.set_ids(IdColumn::listed(std::vector<ParticleId>(1000, ParticleId{7})));
  const std::size_t ids = particles.ids().bytes();
  particles.keep_ids_only();
  EXPECT_EQ(particles.size(), 1000U);
  EXPECT_EQ(particles.ids()[999], ParticleId{7});
  EXPECT_EQ(particles.bytes(), ids);
}

}  // namespace
}  // namespace orrery
