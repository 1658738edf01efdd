#include "observe/run_log.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "laws/rotation.hpp"

namespace orrery {
namespace {

TEST(RunLog, WritesOneObjectPerLineAndTheEndLast) {
  const std::string path = testing::TempDir() + "orrery_run_log.jsonl";
  RunPlan plan;
  plan.threads = {2, 1};
  plan.ranks = 2;
  plan.method = "direct";
  plan.file = "not utf-8: \xff.h5md";
  {
    RunLog log(path);
    log.start(plan);
    log.forms({{"jump", 7}, {"at rest", 2}});
    log.frame(0, {.step = 5, .time = 0.5, .diagnostics = {1, 2, 3, 4, 5}}, RotationLaw().diagnostics());
    RunReport report;
    report.frames = 1;
    report.phases[2] = {1, 2, 3};
    report.imbalance = 0.5;
    report.memory = {{"initial", 160}, {"staging", 96}};
    report.peak_bytes_all_ranks = 300;
    log.end(plan, report);
  }
  std::vector<nlohmann::json> lines;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  std::filesystem::remove(path);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["event"], "start");
  EXPECT_EQ(lines[1]["event"], "forms");
  EXPECT_EQ(lines[1]["particles"]["jump"], 7);
  EXPECT_EQ(lines[1]["particles"]["at rest"], 2);
  EXPECT_EQ(lines[2]["step"], 5);
  EXPECT_EQ(lines[2]["radius_mean"], 1.0);
  EXPECT_EQ(lines[3]["event"], "end");
  EXPECT_EQ(lines[3]["phases"]["evolve"]["max"], 3.0);
  for (const char* key : {"ranks", "threads", "method", "instruction_set", "particles", "steps", "frames",
                          "particle_steps_per_second", "peak_bytes_per_particle", "wall_seconds", "phases"}) {
    EXPECT_TRUE(lines[3].contains(key)) << key;
  }
  EXPECT_EQ(lines[3]["imbalance"], 0.5);
  EXPECT_EQ(lines[3]["memory"], (nlohmann::json{{"counted_bytes", 256},
                                                {"system_bytes", 300},
                                                {"parts", {{"initial", 160}, {"staging", 96}}}}));
  for (const char* phase : {"read", "scatter", "evolve", "gather", "wait", "write"})
    EXPECT_TRUE(lines[3]["phases"].contains(phase)) << phase;
}

TEST(RunLog, TellsWhatRanksExchangedOnlyWhereParticlesAct) {
  const std::string path = testing::TempDir() + "orrery_run_log_traffic.jsonl";
  RunPlan plan;
  plan.threads = {1};
  RunReport report;
  std::vector<nlohmann::json> ends;
  for (const bool in_pairs : {false, true}) {
    if (in_pairs)
      report.traffic = {
          .peers = 2.5, .messages_per_step = 2.0, .bytes_per_step = 96.5, .ghosts_per_particle = 0.25};
    RunLog log(path);
    log.start(plan);
    log.end(plan, report);
    std::ifstream stream(path);
    std::string line;
    while (std::getline(stream, line)) ends.push_back(nlohmann::json::parse(line));
  }
  std::filesystem::remove(path);
  ASSERT_EQ(ends.size(), 4U);
  EXPECT_FALSE(ends[1].contains("peers"));
  EXPECT_EQ(ends[3]["peers"], 2.5);
  EXPECT_EQ(ends[3]["messages_per_step"], 2.0);
  EXPECT_EQ(ends[3]["bytes_per_step"], 96.5);
  EXPECT_EQ(ends[3]["ghosts_per_particle"], 0.25);
}

TEST(RunLog, WritesNothingWhenThereIsNone) {
  RunLog log;
  log.start({});
  log.end({}, {});
}

TEST(RunLog, SaysWhyItCannotBeMade) {
  EXPECT_THROW(RunLog("/nonexistent/x.log"), Error);
}

}  // namespace
}  // namespace orrery
