#include "bench/pairs_report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"

namespace orrery {
namespace {

PairsResult result() {
  PairsTiming row{.particles = 32'000, .threads = 1, .ns_per_particle_step = {90.0, 100.0, 120.0}};
  row.pairs = 70.0;
  row.bytes_per_particle = 400.0;
  PairsResult made;
  made.rows = {row};
  return made;
}

TEST(PairsReport, GivesTheSameFiguresToPeopleAndPrograms) {
  const auto json = nlohmann::json::parse(json_of(result()));
  EXPECT_EQ(json["benchmark"], "pairs");
  EXPECT_DOUBLE_EQ(json["rows"][0]["million_atom_steps_per_second"].get<double>(), 10.0);
  EXPECT_DOUBLE_EQ(json["rows"][0]["pairs_ns"].get<double>(), 70.0);
  std::ostringstream text;
  print_row(text, result().rows[0]);
  EXPECT_NE(text.str().find("10.00"), std::string::npos) << text.str();
  EXPECT_NE(text.str().find("30 %"), std::string::npos) << text.str();
}

TEST(Melt, NeedsAWholeCubeOfCells) {
  EXPECT_EQ(Melt::cells(4), 1U);
  EXPECT_EQ(Melt::cells(256'000), 40U);
  EXPECT_EQ(Melt::cells(10'061'824), 136U);
  EXPECT_THROW(Melt::cells(32'001), Error);
}

TEST(PairsOptions, AreSmallerWhenQuick) {
  PairsOptions quick;
  quick.be_quick();
  EXPECT_LT(quick.particles.back() * quick.steps * quick.repeats, 1'000'000U);
  EXPECT_EQ(Melt::cells(quick.particles[0]), 10U);
}

}  // namespace
}  // namespace orrery
