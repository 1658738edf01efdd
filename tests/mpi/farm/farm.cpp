#include "farm/farm.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "world.hpp"

namespace orrery::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

/// What a task is to give: a number that no other task has.
std::int64_t answer(std::int64_t task) {
  return 7 * task * task + 3;
}

std::vector<std::byte> give_answer(TaskContext& context) {
  return bytes_of(answer(context.task()));
}

/// Busy, as tasks are, without calling `check`.
void work_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// Results as the root hears of them.
struct Heard {
  std::vector<std::int64_t> order;
  std::map<std::int64_t, std::int64_t> values;

  ResultHandler handler() {
    return [this](const TaskResult& result) {
      order.push_back(result.task);
      values[result.task] = value_of<std::int64_t>(result.data);
    };
  }
};

void expect_all_answers(const Heard& heard, std::int64_t count) {
  if (!world().is_root()) return;
  ASSERT_EQ(std::ssize(heard.order), count) << "each task is heard of once";
  ASSERT_EQ(std::ssize(heard.values), count);
  for (const auto& [task, value] : heard.values) EXPECT_EQ(value, answer(task));
}

/// Whether anything is true on any rank.
bool on_any_rank(bool fact) {
  std::int64_t sum = fact ? 1 : 0;
  world().sum(std::span(&sum, 1));
  return sum > 0;
}

std::string journal_path(const std::string& name) {
  std::string path = (std::filesystem::temp_directory_path() / ("orrery_farm_" + name)).string();
  std::string unique = path + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
  world().push(unique);
  return unique;
}

TEST(Farm, DoesEveryTaskOnceWhateverTheChunkAndWhoeverWorks) {
  for (const auto root : {RootWork::automatic, RootWork::always, RootWork::never}) {
    if (root == RootWork::never && world().size() == 1) continue;
    for (const std::int64_t chunk : {0, 1, 7, 1000}) {
      Farm farm(world(), {.chunk = chunk, .root = root});
      for (const std::int64_t count : {0, 1, 2, 3, 50, 3000}) {
        Heard heard;
        std::int64_t calls = 0;
        const FarmReport report = farm.run(
            TaskGraph(count),
            [&](TaskContext& context) {
              ++calls;
              return give_answer(context);
            },
            heard.handler());
        if (root == RootWork::never && world().is_root()) {
          EXPECT_EQ(calls, 0);
        }
        world().sum(std::span(&calls, 1));
        EXPECT_EQ(calls, count);
        expect_all_answers(heard, count);
        if (!world().is_root()) continue;
        EXPECT_TRUE(report.complete());
        EXPECT_EQ(report.tasks_run(), count);
        EXPECT_EQ(report.retries, 0);
      }
    }
  }
}

TEST(Farm, DeliversInOrderWhenAskedTo) {
  Heard heard;
  Farm farm(world(), {.delivery = Delivery::in_order});
  farm.run(
      TaskGraph(200),
      [](TaskContext& context) {
        work_for(std::chrono::microseconds(context.task() % 7 == 0 ? 500 : 5));
        if (context.task() % 11 == 5) throw std::runtime_error("never");
        return give_answer(context);
      },
      heard.handler());
  if (!world().is_root()) return;
  EXPECT_TRUE(std::is_sorted(heard.order.begin(), heard.order.end()));
  EXPECT_THAT(heard.order, SizeIs(200 - 18)) << "tasks that failed hold up nobody";
}

TEST(Farm, TriesATaskAgainOnAnotherWorker) {
  Heard heard;
  std::set<std::int64_t> failed_here;
  bool returned = false;
  Farm farm(world(), {.retries = 1});
  const FarmReport report = farm.run(
      TaskGraph(40),
      [&](TaskContext& context) {
        if (context.task() % 4 == 1) {
          if (context.attempt() == 1) {
            failed_here.insert(context.task());
            throw std::runtime_error("first attempt");
          }
          returned = returned || failed_here.contains(context.task());
        }
        return give_answer(context);
      },
      heard.handler());
  expect_all_answers(heard, 40);
  EXPECT_EQ(on_any_rank(returned), world().size() == 1) << "not where it failed, while there is another";
  if (!world().is_root()) return;
  EXPECT_EQ(report.retries, 10);
  EXPECT_EQ(report.tasks_run(), 50);
  EXPECT_TRUE(report.failed.empty());
}

TEST(Farm, ReportsEveryAttemptAndGoesOnWithTheRest) {
  Heard heard;
  TaskGraph tasks(20);
  tasks.require(5, 4);
  tasks.require(6, 5);
  tasks.require(7, 6);
  tasks.require(7, 3);
  Farm farm(world(), {.retries = 2});
  const FarmReport report = farm.run(
      tasks,
      [](TaskContext& context) {
        if (context.task() == 4)
          throw std::runtime_error("attempt " + std::to_string(context.attempt()) + " on rank " +
                                   std::to_string(world().rank()));
        return give_answer(context);
      },
      heard.handler());
  if (!world().is_root()) return;
  EXPECT_EQ(report.done, 16);
  ASSERT_THAT(report.failed, SizeIs(1));
  EXPECT_EQ(report.failed[0].task, 4);
  ASSERT_THAT(report.failed[0].attempts, SizeIs(3));
  for (std::size_t at = 0; at < 3; ++at) {
    const Attempt& attempt = report.failed[0].attempts[at];
    EXPECT_EQ(attempt.message,
              "attempt " + std::to_string(at + 1) + " on rank " + std::to_string(attempt.rank));
  }
  if (world().size() >= 3) {
    std::set<int> ranks;
    for (const auto& attempt : report.failed[0].attempts) ranks.insert(attempt.rank);
    EXPECT_THAT(ranks, SizeIs(3));
  }
  ASSERT_THAT(report.not_run, SizeIs(3));
  for (std::size_t at = 0; at < 3; ++at) {
    EXPECT_EQ(report.not_run[at].task, static_cast<std::int64_t>(5 + at));
    EXPECT_EQ(report.not_run[at].failed, 4);
  }
  std::ostringstream table;
  print_farm_report(table, report);
  EXPECT_THAT(table.str(), HasSubstr("task 4 failed 3 times"));
  EXPECT_THAT(table.str(), HasSubstr("task 7 was not run: it depends on task 4, which failed"));
  EXPECT_THAT(table.str(), HasSubstr("16 of 20 done; 2 retries, 1 failed, 3 not run"));
}

TEST(Farm, BeginsNoTaskBeforeThoseItDependsOn) {
  // A tree: each task waits for its two children, so the root of the tree, task 0, comes last.
  constexpr std::int64_t count = 127;
  TaskGraph tasks(count);
  for (std::int64_t task = 0; 2 * task + 2 < count; ++task) {
    tasks.require(task, 2 * task + 1);
    tasks.require(task, 2 * task + 2);
  }
  std::set<std::int64_t> done;
  Farm farm(world(), {});
  farm.run(tasks, give_answer, [&](const TaskResult& result) {
    if (2 * result.task + 2 < count) {
      EXPECT_TRUE(done.contains(2 * result.task + 1) && done.contains(2 * result.task + 2)) << result.task;
    }
    done.insert(result.task);
  });
  EXPECT_EQ(std::ssize(done), world().is_root() ? count : 0);
}

TEST(Farm, RefusesTasksThatWaitForThemselves) {
  TaskGraph tasks(5);
  tasks.require(1, 3);
  tasks.require(3, 2);
  tasks.require(2, 1);
  Farm farm(world(), {});
  try {
    farm.run(tasks, give_answer);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_THAT(error.what(), HasSubstr("task 1 could never begin"));
  }
}

TEST(Farm, EndsTasksWhoseTimeIsOver) {
  Heard heard;
  Farm farm(world(), {.retries = 1, .time_limit = 0.05});
  const FarmReport report = farm.run(
      TaskGraph(10),
      [](TaskContext& context) {
        while (context.task() == 3) context.check();
        if (context.task() == 6) work_for(std::chrono::milliseconds(70));  // and does not look
        return give_answer(context);
      },
      heard.handler());
  if (!world().is_root()) return;
  EXPECT_EQ(report.done, 8);
  ASSERT_THAT(report.failed, SizeIs(2));
  EXPECT_THAT(report.failed[0].attempts, SizeIs(2));
  EXPECT_EQ(report.failed[0].attempts[1].message, "not done within its 50.0 ms");
  EXPECT_THAT(report.failed[1].attempts[0].message, HasSubstr("more than its 50.0 ms"));
}

TEST(Farm, CanBeCancelledWhileTasksRun) {
  for (const bool by_request : {false, true}) {
    std::int64_t heard = 0;
    FarmOptions options;
    if (by_request) options.stop_requested = [&] { return heard >= 5; };
    Farm farm(world(), options);
    const FarmReport report = farm.run(
        TaskGraph(1000),
        [](TaskContext& context) {
          // From task 100 on they would not end by themselves.
          do {
            context.check();
          } while (context.task() >= 100);
          return give_answer(context);
        },
        [&](const TaskResult&) {
          if (++heard == 5 && !by_request) farm.cancel();
        });
    if (!world().is_root()) continue;
    EXPECT_TRUE(report.cancelled);
    EXPECT_GE(report.done, 5);
    EXPECT_LE(report.done, 100);
    EXPECT_EQ(report.done, heard);
    EXPECT_TRUE(report.failed.empty());
    EXPECT_EQ(report.done + std::ssize(report.not_run), 1000);
    EXPECT_EQ(report.not_run.back().failed, -1);
  }
}

TEST(Farm, GivesTasksToTeamsOfRanks) {
  if (world().size() < 2) GTEST_SKIP() << "needs two ranks";
  for (const auto root : {RootWork::automatic, RootWork::always, RootWork::never}) {
    if (root == RootWork::never && world().size() < 3) continue;
    Heard heard;
    Farm farm(world(), {.ranks_per_task = 2, .retries = 1, .root = root});
    const FarmReport report = farm.run(
        TaskGraph(30),
        [](TaskContext& context) {
          EXPECT_EQ(context.ranks().size(), 2);
          // Both ranks have a part in the answer.
          std::int64_t value = context.ranks().rank() == 0 ? answer(context.task()) - 1000 : 1000;
          context.ranks().sum(std::span(&value, 1));
          if (context.task() == 8 && context.ranks().rank() == 1) throw std::runtime_error("the second");
          if (context.task() == 8) context.ranks().wait_until([] { return false; });
          if (context.task() == 9) throw std::runtime_error("both");
          return bytes_of(value);
        },
        heard.handler());
    if (!world().is_root()) continue;
    EXPECT_EQ(report.done, 28);
    for (const auto& [task, value] : heard.values) EXPECT_EQ(value, answer(task));
    ASSERT_THAT(report.failed, SizeIs(2));
    const int first = report.teams.front().first_rank;
    EXPECT_EQ(report.failed[0].attempts[0].message, "the second");
    EXPECT_EQ((report.failed[0].attempts[0].rank - first) % 2, 1);
    EXPECT_EQ(report.failed[1].attempts[0].message, "all 2 ranks: both");
    EXPECT_EQ(std::ssize(report.teams),
              world().size() / 2 - (root == RootWork::never && world().size() % 2 == 0));
  }
}

TEST(Farm, SaysWhichOptionsCannotBe) {
  const auto refused = [](const FarmOptions& options) -> std::string {
    try {
      const Farm farm(world(), options);
      return "";
    } catch (const CollectiveError& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      return error.what();
    }
  };
  EXPECT_THAT(refused({.ranks_per_task = world().size() + 1}), HasSubstr("start more ranks"));
  EXPECT_THAT(refused({.chunk = -1}), HasSubstr("a chunk is a number of tasks"));
  EXPECT_THAT(refused({.retries = -1}), HasSubstr("retries"));
  EXPECT_THAT(refused({.time_limit = -1.0}), HasSubstr("time limit"));
  EXPECT_THAT(refused({.ranks_per_task = world().size(), .root = RootWork::never}),
              HasSubstr("no rank is left"));
  EXPECT_EQ(refused({}), "");
}

TEST(Farm, EndsOnAllRanksWhenTheRootCannotUseAResult) {
  for (int round = 0; round < 3; ++round) {
    Farm farm(world(), {});
    try {
      farm.run(
          TaskGraph(1000),
          [](TaskContext& context) {
            do {
              context.check();
            } while (context.task() >= 500);
            return give_answer(context);
          },
          [](const TaskResult&) { throw Error(ExitCode::output, "no room for it"); });
      ADD_FAILURE() << "no error";
    } catch (const CollectiveError& error) {
      EXPECT_EQ(error.code(), ExitCode::output);
      EXPECT_THAT(error.what(), HasSubstr("no room for it"));
    }
  }
}

TEST(Farm, BringsLargeResultsWhole) {
  constexpr std::size_t size = 3'000'001;
  Farm farm(world(), {.delivery = Delivery::in_order});
  std::int64_t heard = 0;
  farm.run(
      TaskGraph(8),
      [](TaskContext& context) {
        return std::vector<std::byte>(size + static_cast<std::size_t>(context.task()),
                                      static_cast<std::byte>(context.task()));
      },
      [&](const TaskResult& result) {
        ++heard;
        EXPECT_EQ(result.data.size(), size + static_cast<std::size_t>(result.task));
        EXPECT_TRUE(std::all_of(result.data.begin(), result.data.end(),
                                [&](std::byte b) { return b == static_cast<std::byte>(result.task); }));
      });
  EXPECT_EQ(heard, world().is_root() ? 8 : 0);
}

TEST(Farm, GoesOnFromItsJournal) {
  const std::string path = journal_path("resume");
  FarmOptions options{.journal = path, .identity = "answers"};
  std::set<std::int64_t> first_run;
  {
    std::int64_t heard = 0;
    Farm farm(world(), options);
    farm.run(TaskGraph(300), give_answer, [&](const TaskResult& result) {
      first_run.insert(result.task);
      if (++heard == 100) farm.cancel();
    });
  }
  for (const auto delivery : {Delivery::as_completed, Delivery::in_order}) {
    options.delivery = delivery;
    std::vector<std::int64_t> run_here;
    Heard heard;
    Farm farm(world(), options);
    const FarmReport report = farm.run(
        TaskGraph(300),
        [&](TaskContext& context) {
          run_here.push_back(context.task());
          return give_answer(context);
        },
        heard.handler());
    expect_all_answers(heard, 300);
    const auto run = world().gather(std::span<const std::int64_t>(run_here));
    if (!world().is_root()) continue;
    EXPECT_EQ(std::ssize(run), delivery == Delivery::as_completed ? 300 - std::ssize(first_run) : 0)
        << "a third run has nothing left to do";
    for (const auto task : run) EXPECT_FALSE(first_run.contains(task)) << task;
    EXPECT_EQ(report.from_journal, 300 - std::ssize(run));
    EXPECT_EQ(report.damaged_lines, 0);
  }
  options.identity = "questions";
  try {
    Farm(world(), options).run(TaskGraph(300), give_answer);
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_EQ(error.code(), ExitCode::input_data);
    EXPECT_THAT(error.what(), HasSubstr("other work (orrery-farm 1 300 answers;"));
  }
  if (world().is_root()) std::filesystem::remove(path);
}

TEST(Farm, SharesTasksOfUnequalLengthAndEndsTogether) {
  // Lengths from 0.2 to 3 ms, the long ones anywhere.
  Farm farm(world(), {});
  const FarmReport report = farm.run(TaskGraph(100), [](TaskContext& context) {
    const auto length = std::chrono::microseconds(200 + (context.task() * 7919) % 15 * 200);
    const auto end = std::chrono::steady_clock::now() + length;
    while (std::chrono::steady_clock::now() < end) context.check();
    return give_answer(context);
  });
  if (!world().is_root()) return;
  EXPECT_EQ(report.done, 100);
  EXPECT_GE(report.longest_task, 2.9e-3);
  // Ranks that share a processor take turns of several milliseconds, which are no fault of the farm's.
  EXPECT_LE(report.idle_tail, report.longest_task + 0.05);
  for (const auto& team : report.teams) EXPECT_GT(team.tasks, 0) << "rank " << team.first_rank;
}

TEST(Farm, GivesOneValuePerTask) {
  const auto values =
      farm_out(world(), {.retries = 0}, 100, [](TaskContext& context) { return answer(context.task()); });
  ASSERT_EQ(values.size(), world().is_root() ? 100U : 0U);
  for (std::size_t task = 0; task < values.size(); ++task)
    EXPECT_EQ(values[task], answer(static_cast<std::int64_t>(task)));
  try {
    farm_out(world(), {.retries = 0}, 3, [](TaskContext& context) {
      if (context.task() == 2) throw std::runtime_error("no answer");
      return 1;
    });
    ADD_FAILURE() << "no error";
  } catch (const CollectiveError& error) {
    EXPECT_THAT(error.what(), HasSubstr("no answer"));
    EXPECT_EQ(error.code(), ExitCode::simulation_failed);
  }
}

}  // namespace
}  // namespace orrery::test
