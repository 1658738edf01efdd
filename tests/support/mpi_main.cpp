/// main() of tests on several ranks: rank 0 speaks, failures name their rank, the exit code is the worst over
/// ranks.

#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <sstream>

#include "comm/environment.hpp"
#include "core/brief_waits.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

std::optional<Communicator> the_world;

/// Collects what goes wrong on each rank and has rank 0 tell it when a test ends. All ranks run the same
/// tests.
class RankListener final : public testing::EmptyTestEventListener {
public:
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    const char* const file = result.file_name() != nullptr ? result.file_name() : "?";
    failures_ << "  rank " << world().rank() << ", " << file << ":" << result.line_number() << "\n"
              << result.summary() << "\n";
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    const auto failures = world().pull(failures_.str());
    failures_.str("");
    for (const auto& failure : failures) {
      if (!failure.empty())
        std::cout << test.test_suite_name() << "." << test.name() << "\n" << failure << std::flush;
    }
  }

private:
  std::ostringstream failures_;
};

}  // namespace

const Communicator& world() {
  return *the_world;
}

}  // namespace orrery::test

int main(int argc, char** argv) {
  orrery::wait_briefly(argv);  // as the program does
  testing::InitGoogleTest(&argc, argv);
  const orrery::Environment environment(argc, argv);
  orrery::test::the_world.emplace(orrery::Communicator::world());
  const bool speaks = orrery::test::world().is_root();

  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (!speaks) delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new orrery::test::RankListener);
  std::int64_t failed = RUN_ALL_TESTS() == 0 ? 0 : 1;
  orrery::test::world().sum(std::span(&failed, 1));
  if (speaks) std::cout << "failed ranks: " << failed << std::endl;
  orrery::test::the_world.reset();
  return failed == 0 ? 0 : 1;
}
