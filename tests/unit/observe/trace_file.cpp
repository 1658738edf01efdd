#include "observe/trace_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/error.hpp"

namespace orrery {
namespace {

class TraceFileTest : public testing::Test {
protected:
  nlohmann::json contents() const { return nlohmann::json::parse(std::ifstream(path_)); }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ = testing::TempDir() + "orrery_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".json";
};

TEST_F(TraceFileTest, HoldsNamesAndCompleteEventsInMicroseconds) {
  TraceFile file(path_);
  file.add_rank(3);
  const std::vector<PhaseInterval> intervals{{2'000'000, 2'500'500, Phase::evolve}};
  file.add_thread(3, 1, "worker 1", intervals, 1'000'000, std::chrono::microseconds(10));
  file.close();
  const auto events = contents()["traceEvents"];
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(
      events[0],
      (nlohmann::json{
          {"name", "process_name"}, {"ph", "M"}, {"pid", 3}, {"tid", 0}, {"args", {{"name", "rank 3"}}}}));
  EXPECT_EQ(events[2]["args"]["name"], "worker 1");
  EXPECT_EQ(events[2]["args"]["resolution_us"], 10.0);
  EXPECT_EQ(events[4],
            (nlohmann::json{
                {"name", "evolve"}, {"ph", "X"}, {"pid", 3}, {"tid", 1}, {"ts", 1000.0}, {"dur", 500.5}}));
}

TEST_F(TraceFileTest, IsJsonWithoutAnyEventAndWithMany) {
  {
    TraceFile file(path_);
    file.close();
  }
  EXPECT_TRUE(contents()["traceEvents"].empty());
  TraceFile file(path_);
  file.add_rank(0);
  std::vector<PhaseInterval> intervals;
  for (std::int64_t at = 0; at < 5000; ++at) intervals.push_back({at * 1000, at * 1000 + 500, Phase::gather});
  file.add_thread(0, 0, "main", intervals, 0, std::chrono::microseconds(10));
  file.close();
  EXPECT_EQ(contents()["traceEvents"].size(), 2U + 2U + 5000U);
}

TEST_F(TraceFileTest, SaysWhyItCannotBeMade) {
  try {
    const TraceFile file("/nonexistent/trace.json");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_EQ(std::string(error.what()),
              "cannot write run.profile '/nonexistent/trace.json': No such file or directory");
  }
}

}  // namespace
}  // namespace orrery
