#include "inspect/guard.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

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

TEST(Guard, TurnsWhatIsThrownIntoAnExitCode) {
  const ChildEnd end =
      in_child([](const SignOfLife&) -> int { throw std::runtime_error("a test of failure"); }, seconds(20));
  EXPECT_EQ(end.kind, ChildEnd::Kind::exited);
  EXPECT_EQ(end.code, 70);
}

}  // namespace
}  // namespace orrery
