#include "observe/progress.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>

#include "laws/rotation.hpp"

namespace orrery {
namespace {

const FrameHeader header{.step = 100, .time = 0.001, .diagnostics = {0.75, 0.01, 1.4, 1e-14, 2e-6}};

TEST(Progress, IsSilentWhenAsked) {
  std::ostringstream out;
  Progress progress(out, ProgressStyle::silent, 1000);
  progress.start_table(RotationLaw().diagnostics());
  progress.table_row(1, header);
  progress.update(500);
  progress.finish();
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, PrintsATableWhoseColumnsLineUp) {
  std::ostringstream out;
  Progress progress(out, ProgressStyle::lines, 1000);
  progress.start_table(RotationLaw().diagnostics());
  progress.table_row(1, header);
  std::istringstream lines(out.str());
  std::string heading;
  std::string row;
  std::getline(lines, heading);
  std::getline(lines, row);
  EXPECT_EQ(heading.size(), row.size());
  EXPECT_NE(heading.find("mean r"), std::string::npos);
  EXPECT_NE(row.find("0.75"), std::string::npos);
}

TEST(Progress, SaysNothingInALogFileDuringTheFirstSeconds) {
  std::ostringstream out;
  Progress progress(out, ProgressStyle::lines, 1000);
  for (int step = 0; step < 1000; ++step) progress.update(step);
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, SaysEveryTenthWhenAskedTo) {
  std::ostringstream out;
  Progress progress(out, ProgressStyle::eager_lines, 1000);
  for (int step = 0; step <= 1000; ++step) progress.update(step);
  int lines = 0;
  std::istringstream stream(out.str());
  for (std::string line; std::getline(stream, line); ++lines) EXPECT_EQ(line.find("progress: "), 0U);
  EXPECT_GE(lines, 9);
  EXPECT_LE(lines, 10);
  EXPECT_NE(out.str().find("step 500 of 1000"), std::string::npos) << out.str();
}

TEST(Progress, DrawsABarOnATerminalAndWipesIt) {
  std::ostringstream out;
  Progress progress(out, ProgressStyle::bar, 10);
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
  while (std::chrono::steady_clock::now() < until) progress.update(5);
  EXPECT_NE(out.str().find("[###############...............]  50 %"), std::string::npos) << out.str();
  progress.finish();
  EXPECT_TRUE(out.str().ends_with("\r\033[K"));
}

}  // namespace
}  // namespace orrery
