#include "observe/run_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace orrery {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string printed(int ranks, std::int64_t particles,
                    const std::vector<std::pair<std::string, std::int64_t>>& counts = {}) {
  RunPlan plan;
  plan.ranks = ranks;
  plan.threads.assign(static_cast<std::size_t>(ranks), 1);
  plan.particles = particles;
  RunReport report;
  report.phases[2] = {1.0, 2.0, 3.0};
  report.imbalance = 0.5;
  report.memory = {{"program", 20 << 20}, {"initial", 16 << 20}};
  report.peak_bytes_all_ranks = 40 << 20;
  report.evolve_counts = counts;
  std::ostringstream out;
  print_report(out, plan, report);
  return out.str();
}

TEST(RunReport, NamesTheImbalanceOfSeveralRanks) {
  EXPECT_THAT(printed(2, 1 << 20),
              HasSubstr("  evolve       1.0000    2.0000    3.0000  (imbalance 50.0 %)\n"));
  EXPECT_THAT(printed(1, 1 << 20), Not(HasSubstr("imbalance")));
}

TEST(RunReport, SumsUpTheMemoryByColumnAndBuffer) {
  const std::string text = printed(1, 1 << 20);
  EXPECT_THAT(text, HasSubstr("  program        20.0                20.0\n"));
  EXPECT_THAT(text, HasSubstr("  initial        16.0                16.0\n"));
  EXPECT_THAT(text, HasSubstr("  sum            36.0                36.0  (90 % of what the system says)\n"));
}

TEST(RunReport, TellsWhatHappenedHowOften) {
  EXPECT_THAT(printed(1, 1 << 20), Not(HasSubstr("meanwhile")));
  EXPECT_THAT(printed(2, 1 << 20, {{"lists built", 240}, {"borders moved", 1}}),
              HasSubstr("\n  meanwhile    lists built 240 times, borders moved once\n"));
}

TEST(RunReport, HasNoBytesPerParticleWithoutParticles) {
  const std::string text = printed(1, 0);
  EXPECT_THAT(text, HasSubstr("  program        20.0\n"));
  EXPECT_THAT(text, Not(HasSubstr("per particle")));
}

TEST(RunReport, FitsATerminal) {
  std::istringstream lines(printed(2, 1 << 20));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

}  // namespace
}  // namespace orrery
