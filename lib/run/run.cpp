#include "run/run.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "comm/collective_error.hpp"
#include "core/stopwatch.hpp"
#include "core/version.hpp"
#include "observe/energy_drift.hpp"
#include "observe/frame_schedule.hpp"
#include "observe/memory.hpp"
#include "observe/progress.hpp"
#include "observe/run_log.hpp"
#include "observe/run_profile.hpp"
#include "observe/terminal.hpp"
#include "output/trajectory_output.hpp"
#include "run/run_figures.hpp"
#include "run/run_needs.hpp"
#include "run/run_warnings.hpp"
#include "simulation/simulation.hpp"

namespace orrery {
namespace {

/// A simulation, and what is told of it.
struct RunContext {
  Simulation& simulation;
  const Communicator& ranks;
  const SimulationOptions& options;
  const RunNeeds& needs;
  Progress& progress;
  RunLog& log;
  Bookkeeping& books;
  const Stopwatch& wall;
  std::ostream* out;  ///< for what people read; nullptr where nothing is to be said
  const std::function<void()>& meanwhile;
  EnergyWatch energy{};
  TrajectoryOutput* output = nullptr;  ///< while it is open
  FrameHeader last_frame{};
  std::int64_t finished_frames = 0;
};

ProgressStyle progress_style(const RunOptions& options, const Communicator& ranks) {
  if (!ranks.is_root() || options.quiet || options.progress == ProgressChoice::off)
    return ProgressStyle::silent;
  if (output_is_watched()) return ProgressStyle::bar;
  return options.progress == ProgressChoice::on ? ProgressStyle::eager_lines : ProgressStyle::lines;
}

/// What the trajectory says beside its frames; elsewhere than on the root, what frames are made of.
/// Collective.
TrajectoryInfo trajectory_info(const RunContext& run, const Provenance& provenance) {
  const RunPlan& plan = run.needs.plan;
  const UnitNames& units = run.simulation.prepared().units;
  const BoxInFile box = run.simulation.box();
  if (!run.ranks.is_root()) {
    return {.particle_count = plan.particles,
            .layout = run.needs.layout,
            .diagnostics = {},
            .planned_frames = plan.frames,
            .configuration = "",
            .provenance = {}};
  }
  TrajectoryInfo info{.particle_count = plan.particles,
                      .box_lengths = box.lengths,
                      .is_periodic = box.is_periodic,
                      .box_origin = box.origin,
                      .box_ends = box.ends,
                      .layout = run.needs.layout,
                      .units = units,
                      .diagnostics = {},
                      .planned_frames = plan.frames,
                      .first_step = plan.first_step,
                      .configuration = provenance.configuration,
                      .provenance = {{"version", std::string(version())},
                                     {"compiler", std::string(compiler())},
                                     {"command_line", provenance.command_line},
                                     {"law", plan.law},
                                     {"method", plan.method},
                                     {"instruction_set", plan.instruction_set},
                                     {"ranks", std::to_string(plan.ranks)},
                                     {"threads_per_rank", threads_text(plan)},
                                     {"units", units.system()}},
                      .seed = run.options.particles.seed,
                      .sidecar = run.options.output.xdmf_file(),
                      .overwrite = run.options.output.overwrite};
  for (const auto& diagnostic : run.needs.plan.diagnostics) info.diagnostics.push_back(diagnostic.name);
  return info;
}

/// Says how many particles move by which form of the law. Collective.
void report_forms(RunContext& run) {
  std::vector<FormCount> forms;
  for (const auto& [form, particles] : run.simulation.count_forms()) forms.push_back({form, particles});
  if (forms.empty()) return;
  if (run.out != nullptr) print_forms(*run.out, forms);
  run.ranks.apply([&] { run.log.forms(forms); });
}

/// What must not wait while all threads work: frames on their way, and alarms. Local.
void keep_going(RunContext& run) {
  const auto gathering = run.books.clock.in(Phase::gather);
  run.output->progress();
  run.ranks.check_alarm();
  if (run.meanwhile) run.meanwhile();
}

/// The same failure, and what is left of the run: the frames on their way are brought to the file.
/// Collective.
CollectiveError with_last_frame(RunContext& run, const CollectiveError& failure) {
  if (!run.output->finish_regardless()) return failure;
  std::string text;
  if (run.ranks.is_root()) {
    const std::int64_t frames = run.output->finished_frames();
    text = frames == 0 ? "no frame was written to "
                       : "the last good frame is " + std::to_string(frames - 1) + ", of step " +
                             std::to_string(run.output->last_frame().step) + ", in ";
    text += run.needs.plan.file;
  }
  run.ranks.push(text);
  std::vector<RankFailure> failures = failure.failures();
  for (RankFailure& each : failures) each.message += "; " + text;
  return {std::move(failures), run.ranks.size()};
}

/// Brings all particles to the step of a frame. Collective.
void advance_to_frame(RunContext& run, std::int64_t step) {
  const auto before = static_cast<double>(run.simulation.step());
  const double steps = static_cast<double>(step) - before;
  try {
    run.simulation.advance_to(step, [&](double fraction_done) {
      keep_going(run);
      run.progress.update(before + fraction_done * steps);
    });
    run.output->prepare_frame();
  } catch (const CollectiveError& failure) {
    if (failure.code() != ExitCode::simulation_failed) throw;
    throw with_last_frame(run, failure);
  }
}

/// Refuses to go on with what is no number any more. Without particles there is nothing to measure.
void check_finite(const RunContext& run, const FrameHeader& header, std::int64_t frame) {
  if (run.needs.plan.particles == 0) return;
  const auto& values = header.diagnostics;
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
  if (wrong == values.end()) return;
  const auto& name = run.needs.plan.diagnostics[static_cast<std::size_t>(wrong - values.begin())].name;
  throw Error(
      ExitCode::simulation_failed,
      std::string(name) + " is not a finite number at step " + std::to_string(header.step) + " (frame " +
          std::to_string(frame) + " of '" + run.needs.plan.file +
          "'; a result went beyond the range of double precision); frames before it are good; take a smaller "
          "time.step, or settings and positions of ordinary size");
}

void note_energy(RunContext& run, const FrameHeader& header) {
  const auto of = [&header](NewtonianDiagnostic which) {
    return header.diagnostics[static_cast<std::size_t>(which)];
  };
  run.energy.note(of(NewtonianDiagnostic::kinetic_energy), of(NewtonianDiagnostic::potential_energy),
                  of(NewtonianDiagnostic::total_energy));
}

/// Tells of a frame that was measured, and refuses to go on from one that is no good. Collective.
void tell_of_frame(RunContext& run, std::int64_t frame, const FrameHeader& header) {
  run.progress.table_row(frame, header);
  if (run.simulation.keeps_energy()) note_energy(run, header);
  try {
    run.ranks.apply([&] {
      run.output->describe_frame(header);
      keep_going(run);
      if (run.ranks.is_root()) check_finite(run, header, frame);
    });
  } catch (const CollectiveError& failure) {
    if (failure.code() == ExitCode::simulation_failed) run.output->finish_regardless();
    throw;
  }
}

/// The run proper. Collective. @pre all is prepared, so that what is wrong with the particles was found while
/// nothing had been created yet
void go(RunContext& run, const Provenance& provenance) {
  const auto waiting =
      run.books.clock.in(Phase::wait);  // whatever is not charged to another phase is waiting for other ranks
  const TrajectoryInfo info = trajectory_info(run, provenance);
  std::optional<TrajectoryOutput> output;
  run.ranks.apply([&] {
    const auto starting = run.books.clock.in(Phase::other);
    output.emplace(
        run.ranks, run.options.output, info, run.simulation.frames(),
        run.simulation.prepared().share.all_processors,
        [&run](std::int64_t frame, const FrameHeader& header) {
          run.log.frame(frame, header, run.needs.plan.diagnostics);
        },
        run.books);
  });
  run.output = &*output;
  report_forms(run);
  run.progress.start_table(run.needs.plan.diagnostics);

  const FrameSchedule schedule(run.simulation.last_step(),
                               static_cast<std::int64_t>(run.options.output.every));
  for (std::int64_t frame = 0; frame < schedule.count(); ++frame) {
    advance_to_frame(run, schedule.step_of(frame));
    run.output->start_frame(schedule.step_of(frame));
    tell_of_frame(run, frame, run.simulation.measure([&](double) { keep_going(run); }));
  }

  run.output->finish();
  run.output->close(timing_of(run.books, run.ranks, run.output->write_seconds(), run.wall.seconds()));
  run.books.clock.add(Phase::write, run.output->write_seconds());
  run.last_frame = output->last_frame();
  run.finished_frames = output->finished_frames();
  run.output = nullptr;
}

/// Writes the profile of a run that failed, if it can still be written. Collective.
void write_regardless(RunProfile& profile, PhaseClock& clock, const Communicator& ranks) {
  try {
    clock.settle();
    profile.write(ranks);
  } catch (const CollectiveError&) {
    // The first failure is the one to tell.
  }
}

/// Notes a failure in the log, if that can still be written.
void log_regardless(RunLog& log, const Error& failure) {
  try {
    log.error(failure.code(), failure.what());
  } catch (const Error&) {
    // The first failure is the one to tell.
  }
}

}  // namespace

FrameHeader simulate(const Communicator& ranks, const SimulationOptions& options,
                     const Provenance& provenance, std::ostream& out, std::ostream& warnings,
                     const std::function<void()>& meanwhile) {
  const Stopwatch wall;
  Bookkeeping books;
  const std::uint64_t own_at_start = resident_bytes() - shared_resident_bytes();
  books.memory.note("program", resident_bytes());
  const bool is_dry = options.run.dry_run;
  RunProfile profile(is_dry ? "" : options.run.profile, books.timeline);
  check_places(options, 0, ranks);
  Simulation simulation(ranks, options, books);
  const Communicator& team = simulation.ranks();
  const RunNeeds needs = needs_of(simulation);
  const RunPlan& plan = needs.plan;
  check_places(options, output_bytes(options.output, plan.particles, plan.frames, needs.layout), team);
  const bool speaks = ranks.is_root() && (!options.run.quiet || is_dry);
  if (speaks && is_dry) out << provenance.configuration << "\n";
  if (speaks) print_plan(out, plan);
  if (ranks.is_root()) warn(needs, simulation, warnings);
  if (is_dry && takes_too_much(needs, team)) {
    if (speaks) out << memory_left_out(needs) << std::flush;
    return {};
  }

  profile.begin(team, simulation.prepared().share.threads, plan.nodes);
  RunLog log;
  Progress progress(out, progress_style(options.run, ranks), plan.steps);
  RunContext run{simulation, team, options, needs, progress, log, books, wall, speaks ? &out : nullptr,
                 meanwhile};
  try {
    simulation.prepare();
    if (is_dry) return {};
    profile.open(team);
    team.apply([&] {
      if (team.is_root() && !options.run.log.empty()) log = RunLog(options.run.log);
      log.start(plan);
    });
    go(run, provenance);
    progress.finish();
    books.clock.settle();
    books.memory.note("timeline", books.timeline.bytes());
    books.memory.note("program", own_at_start + shared_resident_bytes());
    profile.write(team);
    RunReport report = report_of(simulation, books, wall.seconds());
    report.frames = run.finished_frames;
    report.energy_drift = run.energy.drift(plan.particles);
    if (speaks) print_report(out, plan, report);
    if (ranks.is_root() && report.energy_drift) warn_of_drift(*report.energy_drift, options, warnings);
    team.apply([&] {
      if (team.is_root()) log.end(plan, report);
    });
    return run.last_frame;
  } catch (const Error& failure) {
    progress.finish();
    log_regardless(log, failure);
    // A failure that all ranks know of leaves them able to tell each other what they did until then.
    if (dynamic_cast<const CollectiveError*>(&failure) != nullptr)
      write_regardless(profile, books.clock, team);
    throw;
  }
}

}  // namespace orrery
