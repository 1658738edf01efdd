#include "core/guard.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "sanitizers.hpp"

namespace orrery {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Guard, PassesOnTheExitCode) {
  const ChildEnd end = in_child([](const SignOfLife&) { return 65; }, seconds(20));
  EXPECT_EQ(end.kind, ChildEnd::Kind::exited);
  EXPECT_EQ(end.code, 65);
}

TEST(Guard, SurvivesACrash) {
  const auto crash = [](const SignOfLife&) {
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would turn it into an exit
    std::raise(SIGSEGV);
    return 0;
  };
  const ChildEnd end = in_child(crash, seconds(20));
  EXPECT_EQ(end.kind, ChildEnd::Kind::crashed);
  EXPECT_EQ(end.code, SIGSEGV);
}

TEST(Guard, GivesUpOnAChildThatIsSilent) {
  const auto begin = std::chrono::steady_clock::now();
  const auto hang = [](const SignOfLife&) {
    while (true) pause();
    return 0;
  };
  EXPECT_EQ(in_child(hang, milliseconds(50)).kind, ChildEnd::Kind::silent);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));
}

TEST(Guard, WaitsForOneThatGivesSigns) {
  const auto work = [](const SignOfLife& alive) {
    for (int piece = 0; piece < 20; ++piece) {
      std::this_thread::sleep_for(milliseconds(100));
      alive();
    }
    return 7;
  };
  const ChildEnd end = in_child(work, milliseconds(1500));
  EXPECT_EQ(end.kind, ChildEnd::Kind::exited);
  EXPECT_EQ(end.code, 7);
}

TEST(Guard, EndsAChildThatTakesTooMuchMemory) {
  if (is_under_address_sanitizer)
    GTEST_SKIP() << "the sanitizer ends the child before operator new can throw";
  const auto greedy = [](const SignOfLife&) {
    std::vector<std::vector<char>> taken;
    while (taken.size() < 100) taken.emplace_back().reserve(std::size_t{64} << 20);
    return 0;
  };
  const ChildEnd end = in_child(greedy, seconds(60));
  EXPECT_EQ(end.kind, ChildEnd::Kind::exited);
  EXPECT_EQ(end.code, static_cast<int>(ExitCode::input_data));
}

std::pair<ExitCode, std::string> failure_of(const std::function<void(const SignOfLife&)>& reading) {
  try {
    try_in_child("cannot use 'a'", reading, milliseconds(500));
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ExitCode::success, ""};
}

TEST(Guard, TriesAFileInAChild) {
  EXPECT_EQ(failure_of([](const SignOfLife&) {}).first, ExitCode::success);
  EXPECT_EQ(failure_of([](const SignOfLife&) { throw Error(ExitCode::input_data, "no particles"); }),
            std::pair(ExitCode::input_data, std::string("no particles")));
  const auto crashed = failure_of([](const SignOfLife&) { std::raise(SIGSEGV); });
  EXPECT_EQ(crashed.first, ExitCode::input_data);
  EXPECT_THAT(crashed.second, testing::HasSubstr("cannot use 'a': the file is damaged"));
  const auto silent = failure_of([](const SignOfLife&) { std::this_thread::sleep_for(seconds(30)); });
  EXPECT_EQ(silent.first, ExitCode::input_data);
  EXPECT_THAT(silent.second, testing::HasSubstr("does not come to an end"));
  EXPECT_EQ(failure_of([](const SignOfLife&) { std::raise(SIGTERM); }).first, ExitCode::stopped);
}

TEST(Guard, TurnsWhatIsThrownIntoAnExitCode) {
  const ChildEnd end =
      in_child([](const SignOfLife&) -> int { throw std::runtime_error("a test of failure"); }, seconds(20));
  EXPECT_EQ(end.kind, ChildEnd::Kind::exited);
  EXPECT_EQ(end.code, 70);
}

}  // namespace
}  // namespace orrery
