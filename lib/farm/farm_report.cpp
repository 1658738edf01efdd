#include "farm/farm_report.hpp"

#include <array>
#include <cstdio>
#include <ostream>

#include "core/number_text.hpp"

namespace orrery {
namespace {

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string ranks_text(const TeamReport& team) {
  const std::string first = std::to_string(team.first_rank);
  return team.ranks == 1 ? first : first + "-" + std::to_string(team.first_rank + team.ranks - 1);
}

void print_team(std::ostream& out, const TeamReport& team, double wall) {
  std::array<char, 128> line{};
  std::snprintf(line.data(), line.size(), "  %-9s %10lld %8lld %10s %10s %10s %6.1f %%\n",
                ranks_text(team).c_str(), static_cast<long long>(team.tasks),
                static_cast<long long>(team.failures), duration_text(team.busy).c_str(),
                duration_text(team.idle).c_str(),
                duration_text(wall > team.busy + team.idle ? wall - team.busy - team.idle : 0.0).c_str(),
                wall > 0.0 ? 100.0 * team.busy / wall : 0.0);
  out << line.data();
}

void append_failed(std::string& text, const FailedTask& failed) {
  text += "  task " + std::to_string(failed.task) + " failed " +
          (failed.attempts.size() == 1 ? "once" : std::to_string(failed.attempts.size()) + " times") + "\n";
  for (const auto& attempt : failed.attempts)
    text += "    on rank " + std::to_string(attempt.rank) + ": " + attempt.message + "\n";
}

}  // namespace

std::int64_t FarmReport::tasks_run() const {
  std::int64_t run = 0;
  for (const auto& team : teams) run += team.tasks;
  return run;
}

double FarmReport::overhead_per_task() const {
  double seconds = 0.0;
  for (const auto& team : teams) seconds += wall_seconds - team.busy;
  const auto run = tasks_run();
  return run > 0 ? seconds / static_cast<double>(run) : 0.0;
}

std::string failures_text(const FarmReport& report, std::size_t at_most) {
  std::string text;
  const auto shown = std::min(at_most, report.failed.size());
  for (std::size_t at = 0; at < shown; ++at) append_failed(text, report.failed[at]);
  if (shown < report.failed.size())
    text +=
        "  and " + counted(std::ssize(report.failed) - static_cast<std::int64_t>(shown), "more task") + "\n";
  std::size_t lines = 0;
  std::int64_t left_out = 0;
  std::int64_t cancelled = 0;
  for (const auto& task : report.not_run) {
    if (task.failed < 0) {
      ++cancelled;
    } else if (lines++ < at_most) {
      text += "  task " + std::to_string(task.task) + " was not run: it depends on task " +
              std::to_string(task.failed) + ", which failed\n";
    } else {
      ++left_out;
    }
  }
  if (left_out > 0) text += "  and " + counted(left_out, "more") + " for the same reason\n";
  if (cancelled > 0)
    text += "  not run, because the farm was cancelled: " + counted(cancelled, "task") + "\n";
  return text;
}

void print_farm_report(std::ostream& out, const FarmReport& report) {
  out << "\n  ranks          tasks   failed       busy       idle      other     busy\n";
  for (const auto& team : report.teams) print_team(out, team, report.wall_seconds);
  if (report.ranks_left_over > 0)
    out << "  " << counted(report.ranks_left_over, "rank") << " left over, that made no whole team\n";
  out << "  tasks        " << report.done << " of " << report.tasks << " done";
  if (report.from_journal > 0) out << ", " << report.from_journal << " of them by earlier runs";
  out << "; " << (report.retries == 1 ? "1 retry" : std::to_string(report.retries) + " retries") << ", "
      << report.failed.size() << " failed, " << report.not_run.size() << " not run\n";
  if (report.damaged_lines > 0)
    out << "  journal      " << counted(report.damaged_lines, "unreadable line") << " counted for nothing\n";
  std::array<char, 160> times{};
  std::snprintf(times.data(), times.size(),
                "  time         %s; longest task %s, idle tail %s, overhead %.2f us per task\n",
                duration_text(report.wall_seconds).c_str(), duration_text(report.longest_task).c_str(),
                duration_text(report.idle_tail).c_str(), 1e6 * report.overhead_per_task());
  out << times.data();
  out << failures_text(report) << std::flush;
}

}  // namespace orrery
