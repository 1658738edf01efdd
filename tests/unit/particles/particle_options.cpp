#include "particles/particle_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orrery {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

std::string refusal(const ParticleOptions& options) {
  try {
    options.validate();
  } catch (const OptionConflict& conflict) {
    return conflict.what();
  }
  return "accepted";
}

TEST(ParticleOptions, KnowsWhichKeysHaveNoEffectBesideTheSource) {
  ParticleOptions options;
  options.ranges = {{.name = "speed", .description = "speed"}};
  EXPECT_THAT(options.idle_keys(),
              testing::UnorderedElementsAre("particles.file", "particles.group", "particles.momentum",
                                            "particles.lattice", "particles.cells", "particles.density",
                                            "particles.min-distance", "particles.temperature"));
  options.source = SourceKind::lattice;
  EXPECT_THAT(options.idle_keys(), IsSupersetOf({"particles.count", "particles.low", "particles.speed-high",
                                                 "particles.min-distance", "particles.file"}));
  EXPECT_THAT(options.idle_keys(), Not(Contains("particles.seed")));
  options.source = SourceKind::random;
  EXPECT_THAT(options.idle_keys(),
              IsSupersetOf({"particles.low", "particles.cells", "particles.density", "particles.speed-low"}));
  EXPECT_THAT(options.idle_keys(), Not(Contains("particles.count")));
  options.source = SourceKind::file;
  OptionSet set;
  options.describe(set);
  // All but the source, the file, the group in it, and what is done with its momentum.
  EXPECT_EQ(options.idle_keys().size() + 4, set.options().size());
}

TEST(ParticleOptions, NamesKeysThatExistAsIdle) {
  ParticleOptions options;
  options.ranges = {{.name = "speed", .description = "speed"}};
  OptionSet set;
  options.describe(set);
  for (const auto source : {SourceKind::uniform, SourceKind::file, SourceKind::lattice, SourceKind::random}) {
    options.source = source;
    for (const auto& key : options.idle_keys()) EXPECT_NE(set.find(key), nullptr) << key;
  }
}

TEST(ParticleOptions, RefusesMoreParticlesThanCanBeToldApart) {
  ParticleOptions options;
  options.source = SourceKind::lattice;
  options.cells = PerAxis<std::uint64_t>::all(1 << 16);
  EXPECT_THAT(refusal(options), HasSubstr("a lattice of 1125899906842624 particles"));
  options.lattice = Lattice::simple_cubic;
  EXPECT_EQ(refusal(options), "accepted");
  options.source = SourceKind::random;
  options.count = std::uint64_t{1} << 40;
  EXPECT_THAT(refusal(options), HasSubstr("particles.count 1099511627776 is more than"));
}

}  // namespace
}  // namespace orrery
