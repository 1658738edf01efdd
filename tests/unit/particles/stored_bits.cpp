/// Starting states and noise have the bits that scripts/make_states_reference.py works out, with any compiler
/// on any processor. A change of a digest changes what runs begin with: say why in docs/changes.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <vector>

#include "particles/initial_velocities.hpp"
#include "particles/lattice_source.hpp"
#include "particles/mixture.hpp"
#include "particles/noise.hpp"
#include "particles/random_source.hpp"
#include "particles/starting_box.hpp"

namespace orrery {
namespace {

using Columns = std::vector<std::vector<double>>;

/// FNV-1a over the bytes of all numbers, least significant first.
std::uint64_t digest(const Columns& columns) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const auto& column : columns) {
    for (const double number : column) {
      const auto bits = std::bit_cast<std::uint64_t>(number);
      for (int byte = 0; byte < 8; ++byte) hash = (hash ^ ((bits >> (8 * byte)) & 0xff)) * 0x100000001b3;
    }
  }
  return hash;
}

std::vector<ParticleId> ids_below(std::uint64_t count) {
  std::vector<ParticleId> ids(count);
  for (std::uint64_t id = 0; id < count; ++id) ids[id] = ParticleId{id};
  return ids;
}

TEST(StoredBits, OfALattice) {
  ParticleOptions options;
  options.source = SourceKind::lattice;
  options.cells = PerAxis<std::uint64_t>::all(6);
  options.density = 0.8442;
  const Box box = box_of(options, {});
  LatticeSource source(options, box);
  ParticleRows rows(3, 0, 0);
  source.read({0, source.count()}, rows);
  EXPECT_EQ(digest(rows.position), 0x08d0a8ac60a5bd15);
}

TEST(StoredBits, OfRandomPlaces) {
  ParticleOptions options;
  options.count = 500;
  options.min_distance = 1.0;
  RandomSource source(options, {3, {11, 12, 13}, {}});
  ParticleRows rows(3, 0, 0);
  source.read({0, 500}, rows);
  EXPECT_EQ(digest(rows.position), 0xa3634f3644fa8518);
}

TEST(StoredBits, OfVelocities) {
  const auto ids = ids_below(500);
  Columns velocities(3, std::vector<double>(ids.size()));
  InitialVelocities drawn(1, 500, ids, {velocities.begin(), velocities.end()}, 44);
  drawn.draw();
  drawn.remove_mean(drawn.momentum());
  drawn.scale(drawn.kinetic(), 1.44, 1.0);
  drawn.remove_remainder(drawn.momentum());
  EXPECT_EQ(digest(velocities), 0x56f2d8c233f727b7);
}

TEST(StoredBits, OfSpecies) {
  const std::vector<double> shares{0.5, 0.2, 0.3};
  const Mixture mixture(1, 500, shares), larger(1, 100'000, shares);
  Columns species(4);
  for (const ParticleId id : ids_below(500)) {
    for (std::size_t column : {0U, 2U}) {
      const SpeciesPlace place = (column == 0 ? mixture : larger).place_of(id);
      species[column].push_back(static_cast<double>(place.species));
      species[column + 1].push_back(static_cast<double>(place.number));
    }
  }
  EXPECT_EQ(digest(species), 0x2fc9f134618eae98);
}

TEST(StoredBits, OfVelocitiesOfAMixture) {
  const std::vector<double> shares{0.5, 0.2, 0.3}, masses{1.0, 3.5, 0.7};
  const Mixture mixture(1, 500, shares);
  const auto ids = ids_below(500);
  Columns velocities(3, std::vector<double>(ids.size()));
  InitialVelocities drawn(1, 500, ids, {velocities.begin(), velocities.end()}, 44, mixture, masses);
  drawn.draw();
  drawn.remove_mean(drawn.momentum());
  drawn.scale(drawn.kinetic(), 1.44, 1.0);
  drawn.remove_remainder(drawn.momentum());
  EXPECT_EQ(digest(velocities), 0xc7d928e81c143ea8);
}

TEST(StoredBits, OfNoise) {
  const auto ids = ids_below(500);
  Columns numbers(3, std::vector<double>(ids.size()));
  draw_noise({.seed = 1, .step = 12345}, ids, {numbers[0].data(), numbers[1].data(), numbers[2].data()});
  EXPECT_EQ(digest(numbers), 0xf0b99080e746d321);
}

}  // namespace
}  // namespace orrery
