#include "simulation/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <ostream>
#include <span>
#include <utility>
#include <vector>

#include "comm/collective_error.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"
#include "core/version.hpp"
#include "io/trajectory_file.hpp"
#include "io/xdmf_text.hpp"
#include "observe/bookkeeping.hpp"
#include "observe/energy_drift.hpp"
#include "observe/frame_schedule.hpp"
#include "observe/memory.hpp"
#include "observe/progress.hpp"
#include "observe/run_log.hpp"
#include "observe/run_profile.hpp"
#include "observe/run_report.hpp"
#include "observe/terminal.hpp"
#include "output/frame_pipeline.hpp"
#include "simulation/energy_warning.hpp"
#include "simulation/evolution.hpp"
#include "simulation/independent_evolution.hpp"
#include "simulation/interacting_evolution.hpp"
#include "simulation/run_plan.hpp"
#include "sources/scatter.hpp"

namespace orrery {
namespace {

/// What the ranks share while a run goes on: who takes part, what was asked for, and whom to tell.
struct RunContext {
  const Communicator& ranks;
  const SimulationOptions& options;
  const Law& law;
  const RunPlan& plan;
  Progress& progress;
  RunLog& log;
  Bookkeeping& books;
  const Stopwatch& wall;
  std::ostream* out;  ///< for what people read; nullptr where nothing is to be said
  const std::function<void()>& meanwhile;
  const UnitNames& units;  ///< of the file; known to the root
  FrameHeader last_frame{};
  std::int64_t finished_frames = 0;
  EnergyWatch energy{};
};

ProgressStyle progress_style(const RunOptions& options, const Communicator& ranks) {
  if (!ranks.is_root() || options.quiet || options.progress == ProgressChoice::off)
    return ProgressStyle::silent;
  if (output_is_watched()) return ProgressStyle::bar;
  return options.progress == ProgressChoice::on ? ProgressStyle::eager_lines : ProgressStyle::lines;
}

TrajectoryFile create_file(const RunContext& run, const FrameLayout& layout, const Provenance& provenance,
                           const BoxInFile& box) {
  TrajectoryInfo info{.particle_count = run.plan.particles,
                      .box_lengths = box.lengths,
                      .is_periodic = box.is_periodic,
                      .box_origin = box.origin,
                      .box_ends = box.ends,
                      .layout = layout,
                      .units = run.units,
                      .diagnostics = {},
                      .planned_frames = run.plan.frames,
                      .first_step = run.plan.first_step,
                      .configuration = provenance.configuration,
                      .provenance = {{"version", std::string(version())},
                                     {"compiler", std::string(compiler())},
                                     {"command_line", provenance.command_line},
                                     {"law", run.plan.law},
                                     {"method", run.plan.method},
                                     {"instruction_set", run.plan.instruction_set},
                                     {"ranks", std::to_string(run.plan.ranks)},
                                     {"threads_per_rank", threads_text(run.plan)},
                                     {"units", run.units.system()}},
                      .seed = run.options.particles.seed,
                      .sidecar = run.options.output.xdmf_file(),
                      .overwrite = run.options.output.overwrite};
  for (const auto& diagnostic : run.plan.diagnostics) info.diagnostics.push_back(diagnostic.name);
  return {run.plan.file, info};
}

/// Reports frames that are safe in the file by now.
void note_finished_frames(RunContext& run, FramePipeline& frames) {
  for (const auto& header : frames.take_finished_frames()) {
    run.log.frame(run.finished_frames++, header, run.plan.diagnostics);
  }
}

/// Says how many particles move by which form of the law. Collective.
void report_forms(RunContext& run, Evolution& evolution) {
  std::vector<FormCount> forms;
  {
    const auto timing = run.books.clock.in(Phase::other);
    for (const auto& [form, particles] : evolution.count_forms()) forms.push_back({form, particles});
  }
  if (forms.empty()) return;
  if (run.out != nullptr) print_forms(*run.out, forms);
  run.ranks.apply([&] { run.log.forms(forms); });
}

/// What must not wait while all threads work: frames on their way, and alarms. Local.
void keep_going(RunContext& run, FramePipeline& frames) {
  const auto gathering = run.books.clock.in(Phase::gather);
  frames.progress();
  note_finished_frames(run, frames);
  run.ranks.check_alarm();
  if (run.meanwhile) run.meanwhile();
}

/// Evolves all particles over an interval. Collective.
void evolve(RunContext& run, Evolution& evolution, Range interval, FramePipeline& frames) {
  const auto timing = run.books.clock.in(Phase::evolve);
  evolution.evolve(interval, [&](double fraction_done) {
    keep_going(run, frames);
    run.progress.update(static_cast<double>(interval.begin) +
                        fraction_done * static_cast<double>(interval.size()));
  });
}

/// The same failure, and what is left of the run: the frames on their way are brought to the file.
/// Collective.
CollectiveError with_last_frame(RunContext& run, const CollectiveError& failure, FramePipeline& frames) {
  std::string text;
  try {
    run.ranks.apply([&] {
      frames.finish();
      note_finished_frames(run, frames);
    });
    if (run.ranks.is_root()) {
      text = run.finished_frames == 0 ? "no frame was written to "
                                      : "the last good frame is " + std::to_string(run.finished_frames - 1) +
                                            ", of step " + std::to_string(run.last_frame.step) + ", in ";
      text += run.plan.file;
    }
  } catch (const CollectiveError&) {
    return failure;  // the first failure is the one to tell
  }
  run.ranks.push(text);
  std::vector<RankFailure> failures = failure.failures();
  for (RankFailure& each : failures) each.message += "; " + text;
  return {std::move(failures), run.ranks.size()};
}

/// Brings all particles to the step of a frame. Collective.
void evolve_to_frame(RunContext& run, Evolution& evolution, Range interval, FramePipeline& frames) {
  try {
    evolve(run, evolution, interval, frames);
    evolution.prepare_frame(run.options.output.images);
  } catch (const CollectiveError& failure) {
    if (failure.code() != ExitCode::simulation_failed) throw;
    throw with_last_frame(run, failure, frames);
  }
}

/// Measures all particles at a step. Collective.
FrameHeader measure(RunContext& run, Evolution& evolution, std::int64_t step, FramePipeline& frames) {
  const auto timing = run.books.clock.in(Phase::gather);
  return {.step = step,
          .time = static_cast<double>(step) * run.plan.step,
          .diagnostics = evolution.measure(step, [&](double) { keep_going(run, frames); })};
}

/// Refuses to go on with what is no number any more. Without particles there is nothing to measure.
void check_finite(const RunContext& run, const FrameHeader& header, std::int64_t frame) {
  if (run.plan.particles == 0) return;
  const auto& values = header.diagnostics;
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
  if (wrong == values.end()) return;
  const auto& name = run.plan.diagnostics[static_cast<std::size_t>(wrong - values.begin())].name;
  throw Error(
      ExitCode::simulation_failed,
      std::string(name) + " is not a finite number at step " + std::to_string(header.step) + " (frame " +
          std::to_string(frame) + " of '" + run.plan.file +
          "'; a result went beyond the range of double precision); frames before it are good; take a smaller "
          "time.step, or settings and positions of ordinary size");
}

/// Brings the frames on their way to the file of a run that failed. Collective.
void finish_regardless(RunContext& run, FramePipeline& frames) {
  try {
    run.ranks.apply([&] {
      frames.finish();
      note_finished_frames(run, frames);
    });
  } catch (const CollectiveError&) {
    // The first failure is the one to tell.
  }
}

void note_energy(RunContext& run, const FrameHeader& header) {
  const auto of = [&header](PairDiagnostic which) {
    return header.diagnostics[static_cast<std::size_t>(which)];
  };
  run.energy.note(of(PairDiagnostic::kinetic_energy), of(PairDiagnostic::potential_energy),
                  of(PairDiagnostic::total_energy));
}

/// Where the time went so far. Collective; complete on the root.
/// @param write_seconds  that the writer took on this rank
RunTiming timing_of(RunContext& run, double write_seconds) {
  run.books.clock.settle();
  RunTiming timing{.phases = {}, .seconds = {}, .wall_seconds = run.wall.seconds()};
  for (const Phase phase : reported_phases) timing.phases.emplace_back(name_of(phase));
  timing.seconds.resize(timing.phases.size() * static_cast<std::size_t>(run.ranks.size()));
  for (std::size_t index = 0; index < reported_phases.size(); ++index) {
    const Phase phase = reported_phases[index];
    const auto seconds =
        run.ranks.pull(phase == Phase::write ? write_seconds : run.books.clock.seconds(phase));
    for (std::size_t rank = 0; rank < seconds.size(); ++rank)
      timing.seconds[rank * timing.phases.size() + index] = seconds[rank];
  }
  return timing;
}

/// What the law of the run moves. Local.
std::unique_ptr<Evolution> make_evolution(const RunContext& run, ParticleStore& particles,
                                          const PreparedRun& prepared) {
  if (const IndependentLaw* const law = run.options.independent_law()) {
    return std::make_unique<IndependentEvolution>(run.ranks, *law, run.plan.step, particles,
                                                  run.plan.particles, run.plan.frames, run.books);
  }
  const NewtonianLaw& law = *run.options.newtonian_law();
  const PairLaw* const pairs = law.pairs();
  const MotionOptions& motion = run.options.motion;
  MotionSettings settings{.step = run.plan.step,
                          .mass = motion.species.mass,
                          .skin = pairs == nullptr ? 0.0 : motion.skin_for(pairs->constants().cutoff),
                          .threads = prepared.threads,
                          .precision = pairs == nullptr ? PairPrecision::full : motion.precision,
                          .one_place = run.options.particles.source == SourceKind::file
                                           ? ExitCode::input_data
                                           : ExitCode::simulation_failed,
                          .balance = motion.balance,
                          .counts_images = run.options.output.images != ImagesInFile::none,
                          .steps = run.plan.steps,
                          .fields = run.options.fields.acting()};
  if (motion.thermostat.name == ThermostatName::langevin) {
    settings.bath = Bath{.temperature = motion.thermostat.temperature,
                         .friction = motion.thermostat.friction,
                         .seed = motion.thermostat.seed,
                         .keeps_momentum = motion.thermostat.momentum == BathMomentum::remove,
                         .first_step = run.plan.first_step};
  }
  return std::make_unique<InteractingEvolution>(
      run.ranks, law, prepared.box.value(), settings, motion.species, particles, run.plan.particles,
      run.options.particles, prepared.source.tells_velocities, run.books);
}

/// Everything up to the first step, so that what is wrong with the particles is found while nothing has been
/// created yet. Collective.
void make_ready(RunContext& run, Evolution& evolution) {
  const auto waiting = run.books.clock.in(Phase::wait);
  const auto starting = run.books.clock.in(Phase::other);
  evolution.begin();
  if (run.plan.steps > 0) evolution.check_first_step();
}

/// The run proper. Collective. @pre `make_ready`
/// @param box  from the initial positions
void evolve_and_gather(RunContext& run, Evolution& evolution, const PreparedRun& prepared,
                       const Provenance& provenance, const BoxInFile& box) {
  const auto waiting =
      run.books.clock.in(Phase::wait);  // whatever is not charged to another phase is waiting for other ranks
  const FrameSchedule schedule(run.plan.steps, static_cast<std::int64_t>(run.options.output.every));
  std::optional<FramePipeline> frames;
  run.ranks.apply([&] {
    const auto starting = run.books.clock.in(Phase::other);
    std::optional<TrajectoryFile> file;
    if (run.ranks.is_root()) file.emplace(create_file(run, prepared.layout, provenance, box));
    frames.emplace(run.ranks, EvenSplit(run.plan.particles, run.ranks.size()), prepared.layout,
                   schedule.count(), evolution, std::move(file), prepared.writer_processors, run.books);
    frames->start_constant();
  });
  report_forms(run, evolution);
  run.progress.start_table(run.plan.diagnostics);
  for (std::int64_t frame = 0; frame < schedule.count(); ++frame) {
    evolve_to_frame(run, evolution, schedule.interval_before(frame), *frames);
    run.ranks.apply([&] { frames->start_frame(schedule.step_of(frame)); });
    const FrameHeader header = measure(run, evolution, schedule.step_of(frame), *frames);
    run.progress.table_row(frame, header);
    if (evolution.keeps_energy()) note_energy(run, header);
    run.last_frame = header;
    try {
      run.ranks.apply([&] {
        frames->describe_frame(header);
        keep_going(run, *frames);
        if (run.ranks.is_root()) check_finite(run, header, frame);
      });
    } catch (const CollectiveError& failure) {
      if (failure.code() == ExitCode::simulation_failed) finish_regardless(run, *frames);
      throw;
    }
  }
  run.ranks.apply([&] {
    frames->finish();
    note_finished_frames(run, *frames);
  });
  const RunTiming timing = timing_of(run, frames->write_seconds());
  run.ranks.apply([&] { frames->close(timing); });
  run.books.clock.add(Phase::write, frames->write_seconds());
}

/// Collective; complete on the root.
RunReport report_of(const RunContext& run, const Evolution& evolution, double wall_seconds) {
  RunReport report;
  report.frames = run.finished_frames;
  report.wall_seconds = wall_seconds;
  report.phases = spread_of(run.books.clock, run.ranks);
  report.imbalance = imbalance_of(spread_in(report.phases, Phase::evolve));
  for (const auto& [name, seconds] : evolution.times()) {
    const auto all = run.ranks.pull(seconds);
    if (all.empty()) continue;  // not the root
    const double sum = std::accumulate(all.begin(), all.end(), 0.0);
    // The first part is what ranks do by themselves; in the rest they wait for each other.
    if (report.evolve_parts.empty()) {
      const double mean = sum / static_cast<double>(all.size());
      report.imbalance =
          imbalance_of({.min = 0.0, .mean = mean, .max = *std::max_element(all.begin(), all.end())});
    }
    report.evolve_parts.emplace_back(name, sum);
  }
  report.evolve_counts = evolution.counts();
  report.traffic = evolution.traffic();
  report.energy_drift = run.energy.drift(run.plan.particles);
  report.memory = most_over(run.books.memory, run.ranks);
  const auto peaks = run.ranks.pull(peak_resident_bytes());
  for (const auto peak : peaks) {
    report.peak_bytes_all_ranks += peak;
    report.peak_bytes_most = std::max(report.peak_bytes_most, peak);
  }
  const auto particles = static_cast<double>(run.plan.particles);
  const double evolve_seconds = spread_in(report.phases, Phase::evolve).max;
  if (evolve_seconds > 0.0)
    report.particle_steps_per_second = particles * static_cast<double>(run.plan.steps) / evolve_seconds;
  if (particles > 0.0)
    report.peak_bytes_per_particle = static_cast<double>(report.peak_bytes_all_ranks) / particles;
  return report;
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

/// Whether a rank's node has less memory than its ranks would take. The same on all ranks. Collective.
bool takes_too_much(const PreparedRun& prepared, const Communicator& ranks) {
  double too_much = prepared.node_memory > prepared.available_memory.bytes ? 1.0 : 0.0;
  ranks.maximum(std::span(&too_much, 1));
  return too_much > 0.0;
}

/// What a dry run says that does not try everything.
std::string memory_left_out(const PreparedRun& prepared) {
  return "\nnot tried: where particles are, their first forces and their first step, for want of memory "
         "(about " +
         bytes_text(static_cast<double>(prepared.node_memory)) + " on a node)\n";
}

/// Whether a file tells particles apart that all get the same mass, as after a mixture's masses were
/// forgotten.
bool passes_over_species(const SimulationOptions& options, const StoredStart& start) {
  return options.newtonian_law() != nullptr && options.particles.source == SourceKind::file &&
         !options.motion.species.is_mixture() && start.tells_species;
}

void warn(const PreparedRun& prepared, const SimulationOptions& options, std::ostream& out) {
  const OutputOptions& output = options.output;
  if (prepared.node_threads > prepared.node_processors) {
    out << "orrery: warning: " << prepared.node_threads << " threads on " << prepared.node_processors
        << (prepared.node_processors == 1 ? " processor" : " processors")
        << " (they will take turns); use fewer ranks, or set run.threads\n";
  }
  if (prepared.node_memory > prepared.available_memory.bytes) {
    out << "orrery: warning: the run takes about " << bytes_text(static_cast<double>(prepared.node_memory))
        << " on this node and " << bytes_text(static_cast<double>(prepared.available_memory.bytes))
        << " are available " << prepared.available_memory.limit
        << " (it may be ended for that); use more nodes or fewer particles, or raise the limit\n";
  }
  const std::string sidecar = xdmf_path_of(output.file);
  std::error_code status;
  if (!output.xdmf && std::filesystem::exists(sidecar, status)) {
    out << "orrery: warning: '" << sidecar << "' is not of this run (output.xdmf is off); remove it\n";
  }
  if (passes_over_species(options, prepared.source.start)) {
    out << "orrery: warning: '" << options.particles.file
        << "' tells species, and all get the same mass (particles.mass is "
        << to_text(options.motion.species.mass.front()) << "); give one for each, with commas between them\n";
  }
  for (const auto& note : prepared.notes) out << "orrery: warning: " << note << "\n";
  out << std::flush;
}

void warn_of_drift(const EnergyDrift& drift, const SimulationOptions& options, std::ostream& out) {
  const std::string warning = energy_warning(drift, options.pair_law());
  if (!warning.empty()) out << "orrery: warning: " << warning << "\n" << std::flush;
}

}  // namespace

FrameHeader simulate(const Communicator& ranks, const SimulationOptions& options,
                     const Provenance& provenance, std::ostream& out, std::ostream& warnings,
                     const std::function<void()>& meanwhile) {
  const Stopwatch wall;
  Bookkeeping books;
  const std::uint64_t own_at_start = resident_bytes() - shared_resident_bytes();
  books.memory.note("program", resident_bytes());
  RunProfile profile(options.run.dry_run ? "" : options.run.profile, books.timeline);
  PreparedRun prepared = [&] {
    const auto timing = books.clock.in(Phase::read);
    return prepare_run(options, ranks);
  }();
  const bool speaks = ranks.is_root() && (!options.run.quiet || options.run.dry_run);
  if (speaks && options.run.dry_run) out << provenance.configuration << "\n";
  if (speaks) print_plan(out, prepared.plan);
  if (ranks.is_root()) warn(prepared, options, warnings);
  if (options.run.dry_run && takes_too_much(prepared, ranks)) {
    if (speaks) out << memory_left_out(prepared) << std::flush;
    return {};
  }

  profile.begin(ranks, prepared.threads, prepared.plan.nodes);
  RunLog log;
  Progress progress(out, progress_style(options.run, ranks), prepared.plan.steps);
  RunContext run{ranks, options, options.law(),           prepared.plan, progress,      log,
                 books, wall,    speaks ? &out : nullptr, meanwhile,     prepared.units};
  try {
    ParticleStore particles = scatter(prepared.source, prepared.shape, ranks, books);
    const auto evolution = make_evolution(run, particles, prepared);
    const BoxInFile box = evolution->box();
    make_ready(run, *evolution);
    if (options.run.dry_run) return {};
    profile.open(ranks);
    ranks.apply([&] {
      if (ranks.is_root() && !options.run.log.empty()) log = RunLog(options.run.log);
      log.start(prepared.plan);
    });
    evolve_and_gather(run, *evolution, prepared, provenance, box);
    progress.finish();
    books.clock.settle();
    books.memory.note("timeline", books.timeline.bytes());
    books.memory.note("program", own_at_start + shared_resident_bytes());
    profile.write(ranks);
    const RunReport report = report_of(run, *evolution, wall.seconds());
    if (speaks) print_report(out, run.plan, report);
    if (ranks.is_root() && report.energy_drift) warn_of_drift(*report.energy_drift, options, warnings);
    ranks.apply([&] {
      if (ranks.is_root()) log.end(run.plan, report);
    });
    return run.last_frame;
  } catch (const Error& failure) {
    progress.finish();
    log_regardless(log, failure);
    // A failure that all ranks know of leaves them able to tell each other what they did until then.
    if (dynamic_cast<const CollectiveError*>(&failure) != nullptr)
      write_regardless(profile, books.clock, ranks);
    throw;
  }
}

}  // namespace orrery
