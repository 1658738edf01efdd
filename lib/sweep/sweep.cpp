#include "sweep/sweep.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <ostream>
#include <set>
#include <span>
#include <sstream>
#include <utility>

#include "comm/push_values.hpp"
#include "comm/thread_share.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "farm/farm.hpp"
#include "farm/farm_progress.hpp"
#include "farm/journal.hpp"
#include "io/byte_file.hpp"
#include "io/trajectory_reader.hpp"
#include "run/run.hpp"
#include "sweep/sweep_inputs.hpp"
#include "sweep/sweep_members.hpp"
#include "sweep/sweep_summary.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
  throw Error(ExitCode::output, "cannot write '" + path + "': " + why);
}

/// A sweep's directory is new or empty, or has a journal to go on from.
void make_directory(const std::string& directory) {
  std::error_code status;
  if (fs::exists(directory, status) && !fs::is_directory(directory, status))
    cannot_write(directory, "it is no directory; choose another --out");
  fs::create_directories(directory, status);
  if (status) cannot_write(directory, status.message());
  if (!fs::exists(directory + "/journal", status) && !fs::is_empty(directory, status))
    cannot_write(directory, "it exists, and is not that of a sweep; choose another --out");
}

void write_configuration(const std::string& directory, const std::string& text) {
  std::error_code status;
  fs::create_directories(directory, status);
  if (status) cannot_write(directory, status.message());
  write_file("", directory + "/config.ini", text);
}

void list_members(std::ostream& out, const SweepMembers& members) {
  for (std::int64_t index = 0; index < members.count(); ++index) {
    const SweepMember member = members.member(index);
    out << "  " << members.directory_of(index);
    for (const auto& [key, value] : member.values) out << "  " << key << "=" << value;
    for (const auto& [key, seed] : member.seeds) {
      const bool is_varied = std::any_of(member.values.begin(), member.values.end(),
                                         [&name = key](const auto& value) { return value.first == name; });
      if (!is_varied) out << "  " << key << "=" << seed;
    }
    out << "\n";
  }
}

/// A run's result on its way to the root.
std::vector<std::byte> packed(const FrameHeader& last, std::span<const Diagnostic> diagnostics,
                              double seconds) {
  PacketWriter packet;
  packet.put(seconds);
  packet.put(last.step);
  packet.put(last.time);
  for (std::size_t at = 0; at < last.diagnostics.size(); ++at) {
    packet.put_bytes(bytes_of_text(diagnostics[at].name));
    packet.put(last.diagnostics[at]);
  }
  return packet.take();
}

void unpack(const TaskResult& result, SweepRow& row) {
  PacketReader packet(result.data);
  row.status = "done";
  row.attempts = result.attempts;
  row.wall_seconds = packet.get<double>();
  row.step = packet.get<std::int64_t>();
  row.time = packet.get<double>();
  while (!packet.at_end()) {
    const std::string name = text_of(packet.get_bytes());
    row.diagnostics.emplace_back(name, packet.get<double>());
  }
}

/// Runs a member as its configuration file says. Collective over the team.
std::vector<std::byte> run_member(const SweepMembers& members, int threads, TaskContext& context) {
  const Stopwatch watch;
  const Communicator& team = context.ranks();
  SimulationOptions run;
  OptionSet set;
  run.describe(set);
  Provenance provenance;
  team.apply([&] {
    if (!team.is_root()) return;
    const RunSettings settings =
        read_run_settings({members.directory_of(context.task()) + "/config.ini"}, {}, set);
    provenance.configuration = resolve_run(settings, run, set);
    provenance.command_line = "orrery sweep";
  });
  team.push(provenance.configuration);
  push_values(team, set);
  // On one node, the share of all ranks: a team knows nothing of the others.
  if (run.run.threads == 0) run.run.threads = static_cast<std::uint64_t>(threads);
  std::ostringstream unseen;
  const FrameHeader last = simulate(team, run, provenance, unseen, unseen, [&] { context.check(); });
  return packed(last, run.diagnostics(), watch.seconds());
}

/// What a sweep is known by, and what of it is to be done again.
struct Prepared {
  SweepInputs inputs{};
  std::string identity{};          ///< what the journal knows it by
  std::set<std::int64_t> again{};  ///< members that were done, and whose trajectory is gone or not whole
};

/// Whether a member's trajectory is there, with all its frames, and is of its settings.
bool is_whole(const std::string& trajectory, const std::string& configuration) {
  try {
    const TrajectoryReader file(trajectory);
    const TrajectoryDescription& found = file.description();
    return found.problems.empty() && found.planned_frames == found.valid_frames &&
           found.configuration == configuration;
  } catch (const Error&) {
    return false;
  }
}

/// Checks all members and makes their directories, unless it is a dry run. On the root.
Prepared prepare(SweepMembers& members) {
  std::uint32_t digest = 0;
  std::vector<std::string> configurations;
  std::set<std::string> seeds, inputs;
  for (std::int64_t index = 0; index < members.count(); ++index) {
    MemberConfiguration configuration = members.configuration_of(members.member(index));
    configurations.push_back(std::move(configuration.text));
    seeds.merge(configuration.seeds);
    inputs.merge(configuration.inputs);
    digest = crc32(std::to_string(digest) + configurations.back());
  }
  members.keep_seeds(seeds);
  if (members.options().dry_run) return {};
  Prepared prepared{.inputs = SweepInputs(inputs)};
  prepared.identity = "sweep digest " + std::to_string(digest) + prepared.inputs.text();
  make_directory(members.options().out);
  const std::string path = members.options().out + "/journal";
  prepared.inputs.refuse_changed(Journal::identity_in(path).value_or(prepared.identity),
                                 members.options().out);
  Journal journal(path, prepared.identity, members.count());  // no other sweep's
  for (const auto& finished : journal.take_finished()) {
    if (!is_whole(members.directory_of(finished.task) + "/trajectory.h5md",
                  configurations[static_cast<std::size_t>(finished.task)]))
      prepared.again.insert(finished.task);
  }
  for (std::int64_t index = 0; index < members.count(); ++index)
    write_configuration(members.directory_of(index), configurations[static_cast<std::size_t>(index)]);
  return prepared;
}

void end(const SweepMembers& members, const FarmReport& report) {
  if (report.complete()) return;
  if (report.cancelled) {
    throw Error(ExitCode::stopped,
                "stopped: " + std::to_string(report.done) + " of " + std::to_string(report.tasks) +
                    " runs are done; the same command goes on in '" + members.options().out + "'");
  }
  throw Error(ExitCode::simulation_failed,
              std::to_string(report.failed.size()) + " of " + std::to_string(report.tasks) +
                  " runs failed (the table says why); the same command tries them again");
}

}  // namespace

void run_sweep(const Communicator& ranks, const std::vector<std::string>& arguments,
               const std::vector<std::string>& environment, const std::function<bool()>& stop_requested,
               std::ostream& out, std::ostream& warnings) {
  SweepMembers members(ranks, arguments, environment);
  const bool speaks = ranks.is_root();
  for (const auto& note : members.notes()) warnings << "orrery: warning: " << note << "\n" << std::flush;
  FarmOptions farming{.ranks_per_task = static_cast<int>(members.options().ranks_per_run),
                      .retries = static_cast<int>(members.options().retries),
                      .root = RootWork::always,  // runs check all the time
                      .journal = members.options().out + "/journal",
                      .stop_requested = stop_requested};
  Prepared prepared;
  ranks.apply([&] {
    farming.validate(ranks.size());
    if (!speaks) return;
    prepared = prepare(members);
    farming.identity = prepared.identity;
    farming.again = prepared.again;
  });
  if (speaks) {
    out << "sweep of " << members.count() << (members.count() == 1 ? " run" : " runs") << " in '"
        << members.options().out << "', " << farming.ranks_per_task
        << (farming.ranks_per_task == 1 ? " rank" : " ranks") << " each\n"
        << std::flush;
    if (members.options().dry_run) list_members(out, members);
    if (!prepared.again.empty()) {
      out << "  " << prepared.again.size() << (prepared.again.size() == 1 ? " run is" : " runs are")
          << " done again: what was done before is gone, not whole, or of other settings\n"
          << std::flush;
    }
  }
  if (members.options().dry_run) return;

  const ThreadShare share = share_threads(ranks, 0);
  if (speaks && share.node_threads > std::ssize(share.all_processors))
    warnings << "orrery: warning: more ranks than processors (they will take turns)\n" << std::flush;
  std::vector<SweepRow> rows;
  for (std::int64_t index = 0; speaks && index < members.count(); ++index)
    rows.push_back({members.member(index)});
  FarmProgress progress(out, "runs", members.count(), 1.0);
  Farm farm(ranks, farming);
  const FarmReport report = farm.run(
      TaskGraph(members.count()),
      [&](TaskContext& context) { return run_member(members, share.threads, context); },
      [&](const TaskResult& result) {
        unpack(result, rows[static_cast<std::size_t>(result.task)]);
        progress.tell(result);
      });
  ranks.apply([&] {
    if (!speaks) return;
    for (const auto& failed : report.failed) {
      SweepRow& row = rows[static_cast<std::size_t>(failed.task)];
      row.status = "failed";
      row.attempts = std::ssize(failed.attempts);
    }
    write_summary(members.options().out, rows);
    print_farm_report(out, report);
    out << "  summary      " << members.options().out << "/summary.csv, summary.h5\n" << std::flush;
    prepared.inputs.refuse_changed_meanwhile();
    end(members, report);
  });
}

}  // namespace orrery
