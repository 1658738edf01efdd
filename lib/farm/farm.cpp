#include "farm/farm.hpp"

#include "farm/dispatcher.hpp"
#include "farm/worker.hpp"

namespace orrery {
namespace {

/// What all teams did, and when. Collective; complete on the root.
std::vector<TeamReport> team_reports(const Communicator& channel, const Teams& teams, const TeamTally& mine) {
  const auto tallies = channel.pull(mine);
  std::vector<TeamReport> reports;
  for (const int leader : teams.leaders) {
    if (!channel.is_root()) break;
    const TeamTally& tally = tallies[static_cast<std::size_t>(leader)];
    reports.push_back({leader, teams.ranks_per_team, tally.tasks, tally.failures, tally.busy, tally.idle});
  }
  return reports;
}

Teams agreed_teams(const Communicator& channel, const FarmOptions& options) {
  channel.apply([&] { options.validate(channel.size()); });
  return {options, channel.size()};
}

int left_over(const Teams& teams, int rank_count) {
  return rank_count - teams.leaders.front() - teams.count() * teams.ranks_per_team;
}

}  // namespace

Farm::Farm(const Communicator& ranks, FarmOptions options)
    : options_(std::move(options)),
      channel_(ranks.duplicate()),
      teams_(agreed_teams(channel_, options_)),
      team_(channel_.split(teams_.team_of(channel_.rank()))) {}

FarmReport Farm::run(const TaskGraph& tasks, const TaskFunction& work, const ResultHandler& on_result) {
  FarmReport report;
  TeamTally tally;
  cancel_requested_ = false;
  channel_.apply([&] {
    std::optional<TaskRunner> runner;
    if (team_) {
      const int team = teams_.team_of(channel_.rank());
      runner.emplace(*team_, teams_.leaders[static_cast<std::size_t>(team)], options_, work);
    }
    if (channel_.is_root()) {
      Dispatcher dispatcher(channel_, options_, teams_, tasks, runner ? &*runner : nullptr, on_result,
                            cancel_requested_);
      dispatcher.run();
      tally = dispatcher.tally();
      report = dispatcher.report();
    } else if (team_ && team_->is_root()) {
      Worker worker(channel_, *runner);
      worker.run();
      tally = worker.tally();
    } else if (team_) {
      runner->follow([&] { channel_.check_alarm(); });
    }
  });
  report.teams = team_reports(channel_, teams_, tally);
  report.ranks_left_over = left_over(teams_, channel_.size());
  return report;
}

}  // namespace orrery
