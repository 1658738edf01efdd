#include "observe/run_profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "world.hpp"

namespace orrery::test {
namespace {

class RunProfileTest : public testing::Test {
protected:
  /// One thread more on every rank than on the one before.
  int threads() const { return world().rank() + 1; }

  void wait_for_all() const {
    std::int64_t done = 0;
    world().sum(std::span(&done, 1));
  }
  void TearDown() override {
    wait_for_all();
    if (world().is_root()) std::filesystem::remove(path_);
  }

  std::string path_ = testing::TempDir() + "orrery_run_profile_" + std::to_string(world().size()) + ".json";
};

/// Notes `count` stretches of a millisecond, one millisecond apart.
void note_stretches(Timeline& timeline, int threads, int count) {
  auto at = Interval::Clock::now();
  for (int stretch = 0; stretch < count; ++stretch) {
    const Interval interval{at, at + std::chrono::milliseconds(1)};
    timeline.add(Phase::evolve, interval);
    for (int thread = 1; thread < threads; ++thread) timeline.workers(Phase::evolve)(thread, interval);
    timeline.writer()(interval);
    at += std::chrono::milliseconds(2);
  }
}

TEST_F(RunProfileTest, HoldsAllThreadsOfAllRanks) {
  Timeline timeline;
  RunProfile profile(path_, timeline);
  profile.begin(world(), threads(), 2);  // that is not so, but asks for the clocks to be compared
  profile.open(world());
  const int count = 100 * (world().rank() + 1);
  note_stretches(timeline, threads(), count);
  profile.write(world());
  profile.write(world());  // does nothing
  if (world().is_root()) {
    const auto trace = nlohmann::json::parse(std::ifstream(path_));
    std::map<std::pair<int, int>, int> found;
    std::map<std::pair<int, int>, std::string> names;
    for (const auto& event : trace["traceEvents"]) {
      const std::pair<int, int> thread{event["pid"], event["tid"]};
      if (event["name"] == "thread_name") names[thread] = event["args"]["name"];
      if (event["ph"] != "X") continue;
      ++found[thread];
      EXPECT_GE(event["ts"], 0.0);
      EXPECT_EQ(event["dur"], 1000.0);
    }
    std::size_t tracks = 0;
    for (int rank = 0; rank < world().size(); ++rank) {
      for (int thread = 0; thread <= rank; ++thread, ++tracks) {
        EXPECT_EQ((found[{rank, thread}]), 100 * (rank + 1)) << rank << " " << thread;
        EXPECT_EQ((names[{rank, thread}]), thread == 0 ? "main" : "worker " + std::to_string(thread));
      }
    }
    EXPECT_EQ((names[{0, 1}]), "writer");
    EXPECT_EQ((found[{0, 1}]), 100);
    EXPECT_EQ(found.size(), tracks + 1);
  }
}

TEST_F(RunProfileTest, DoesNothingWithoutAFile) {
  Timeline timeline;
  RunProfile profile("", timeline);
  profile.begin(world(), threads(), 1);
  profile.open(world());
  EXPECT_TRUE(timeline.threads().empty());
  profile.write(world());
}

TEST_F(RunProfileTest, TellsAllRanksWhenTheFileCannotBeMade) {
  Timeline timeline;
  RunProfile profile("/nonexistent/x.json", timeline);
  profile.begin(world(), threads(), 1);
  EXPECT_THROW(profile.open(world()), CollectiveError);
  profile.write(world());  // there is nothing to write to, and that was said
}

TEST_F(RunProfileTest, TellsAllRanksWhenTheFileCannotBeWritten) {
  Timeline timeline;
  RunProfile profile("/dev/full", timeline);
  profile.begin(world(), threads(), 1);
  profile.open(world());
  note_stretches(timeline, threads(), 5000);
  EXPECT_THROW(profile.write(world()), CollectiveError);
}

}  // namespace
}  // namespace orrery::test
