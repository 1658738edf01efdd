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

TEST(PairsReport, TellsWhatExactSumsCost) {
  PairsResult told = result();
  std::ostringstream nothing;
  print_sums(nothing, told);
  EXPECT_EQ(nothing.str(), "");
  EXPECT_TRUE(nlohmann::json::parse(json_of(told))["sums"].empty());

  told.rows[0].sums = {.turns = 51, .exact_ns = 43.14, .floating_ns = 40.61, .ratio = {0.99, 1.062, 1.1}};
  std::ostringstream text;
  print_sums(text, told);
  EXPECT_EQ(
      text.str(),
      "\nExact sums cost 6 % over floating sums (32,000 particles, 1 thread: forces take 43.1 ns against "
      "40.6; median of 51 in turns)\n");
  const auto json = nlohmann::json::parse(json_of(told))["sums"];
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0]["particles"], 32'000);
  EXPECT_EQ(json[0]["turns"], 51);
  EXPECT_DOUBLE_EQ(json[0]["exact_ns"].get<double>(), 43.14);
  EXPECT_DOUBLE_EQ(json[0]["floating_ns"].get<double>(), 40.61);
  EXPECT_DOUBLE_EQ(json[0]["exact_over_floating"].get<double>(), 1.062);
  EXPECT_DOUBLE_EQ(json[0]["exact_over_floating_min"].get<double>(), 0.99);
  EXPECT_DOUBLE_EQ(json[0]["exact_over_floating_max"].get<double>(), 1.1);
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
