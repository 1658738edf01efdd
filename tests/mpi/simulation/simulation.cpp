// A run as an object, seen by its caller.
#include "simulation/simulation.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <csignal>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "comm/collective_error.hpp"
#include "world.hpp"

namespace orrery::test {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

/// Options as they are after the command line was read.
std::unique_ptr<SimulationOptions> options_of(const Values& values) {
  auto options = std::make_unique<SimulationOptions>();
  OptionSet set;
  options->describe(set);
  for (const auto& [key, value] : values) {
    for (const auto& option : set.options())
      if (option.key == key && !option.assign(value)) ADD_FAILURE() << key << " " << value;
  }
  options->run.threads = 1;
  options->validate();
  return options;
}

const Values liquid{{"law.name", "lennard-jones"},   {"particles.source", "lattice"},
                    {"particles.lattice", "fcc"},    {"particles.cells", "4"},
                    {"particles.density", "0.8442"}, {"particles.temperature", "1.44"},
                    {"time.step", "0.005"},          {"time.steps", "60"}};

Values with(Values values, const Values& more) {
  values.insert(values.end(), more.begin(), more.end());
  return values;
}

std::vector<std::pair<std::string, Values>> cases() {
  return {
      {"liquid", liquid},
      {"bath", with(liquid, {{"thermostat.name", "langevin"}})},
      {"mixed precision", with(liquid, {{"run.precision", "mixed"}})},
      {"walls and images",
       with(liquid, {{"box.boundary", "reflect,periodic,periodic"}, {"output.images", "image"}})},
      {"gravity", with(liquid, {{"field.gravity", "0,0,-1"}, {"box.boundary", "periodic,periodic,reflect"}})},
      {"species", with(liquid, {{"particles.mass", "1,3"}})},
      {"rotation, closed form", {{"particles.count", "1001"}, {"time.steps", "60"}}},
      {"rotation, steps",
       {{"particles.count", "1001"}, {"time.steps", "60"}, {"rotation.method", "direct"}}}};
}

/// All that a caller sees of a simulation at its present step.
struct Seen {
  std::int64_t step = 0;
  Range rows{};
  std::vector<std::string> names;
  std::vector<std::vector<std::byte>> columns;
  std::vector<double> diagnostics;

  bool operator==(const Seen& other) const {
    return step == other.step && rows.begin == other.rows.begin && rows.end == other.rows.end &&
           names == other.names && columns == other.columns && diagnostics == other.diagnostics;
  }
};

Seen look_at(Simulation& simulation) {
  const ParticleColumns particles = simulation.columns();
  Seen seen{.step = particles.step, .rows = particles.rows, .names = {}, .columns = {}, .diagnostics = {}};
  for (const auto& column : particles.columns) {
    seen.names.push_back(column.name);
    seen.columns.push_back(column.bytes);
  }
  seen.diagnostics = simulation.measure().diagnostics;
  return seen;
}

Seen uninterrupted(const SimulationOptions& options, std::int64_t step) {
  Simulation simulation(world(), options);
  EXPECT_EQ(simulation.advance_to(step).step, step);
  return look_at(simulation);
}

TEST(Simulation, GivesTheSameBitsHoweverItsStepsAreCut) {
  for (const auto& [name, values] : cases()) {
    SCOPED_TRACE(name);
    const auto options = options_of(values);
    Simulation simulation(world(), *options);
    for (const std::int64_t step : {0, 1, 2, 2, 13, 60}) {
      const Advance reached = simulation.advance_to(step);
      EXPECT_EQ(reached.step, step);
      EXPECT_FALSE(reached.stopped);
      EXPECT_TRUE(look_at(simulation) == uninterrupted(*options, step)) << "step " << step;
    }
  }
}

TEST(Simulation, ShowsItsParticlesInTheOrderOfIdsWithTheBitsOfOneRank) {
  const auto alone = world().split(world().rank());  // a simulation for each rank, all at a time
  for (const auto& [name, values] : cases()) {
    SCOPED_TRACE(name);
    const auto options = options_of(values);
    Simulation on_one(*alone, *options);
    Simulation on_all(world(), *options);
    on_one.advance_to(40);
    on_all.advance_to(40);
    const ParticleColumns whole = on_one.columns(), part = on_all.columns();
    ASSERT_EQ(whole.columns.size(), part.columns.size());
    const auto ids = part.of("id").values<std::int64_t>();
    ASSERT_EQ(std::ssize(ids), part.rows.size());
    for (std::size_t row = 0; row < ids.size(); ++row)
      EXPECT_EQ(ids[row], part.rows.begin + static_cast<std::int64_t>(row));
    for (std::size_t at = 0; at < whole.columns.size(); ++at) {
      const ParticleColumn &all = whole.columns[at], &mine = part.columns[at];
      EXPECT_EQ(all.name, mine.name);
      const auto row_bytes = static_cast<std::ptrdiff_t>(size_of(mine.type)) * mine.components;
      ASSERT_EQ(std::ssize(mine.bytes), part.rows.size() * row_bytes) << mine.name;
      EXPECT_TRUE(
          std::equal(mine.bytes.begin(), mine.bytes.end(), all.bytes.begin() + part.rows.begin * row_bytes))
          << mine.name;
    }
    EXPECT_EQ(on_one.measure().diagnostics, on_all.measure().diagnostics);
  }
}

TEST(Simulation, SaysWhatItsColumnsAre) {
  const auto options = options_of(with(liquid, {{"particles.mass", "1,3"}, {"output.images", "image"}}));
  Simulation simulation(world(), *options);
  const ParticleColumns particles = simulation.columns();
  std::vector<std::string> names, units;
  for (const auto& column : particles.columns) {
    names.push_back(column.name);
    units.push_back(column.unit);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"id", "species", "mass", "position", "velocity", "image"}));
  EXPECT_EQ(units[0], "");
  EXPECT_EQ(units[3], simulation.prepared().units.length);
  EXPECT_FALSE(units[3].empty());
  EXPECT_EQ(units[4], simulation.prepared().units.velocity());
  EXPECT_EQ(particles.of("image").type, ElementType::int32);
  EXPECT_EQ(particles.of("position").components, 3);
  EXPECT_THROW(particles.of("charge"), Error);
}

TEST(Simulation, IsOneOfSeveralInAProcess) {
  const auto first = options_of(liquid);
  const auto second = options_of(with(liquid, {{"particles.seed", "2"}, {"run.precision", "mixed"}}));
  const auto third = options_of({{"particles.count", "100"}, {"time.steps", "60"}});
  Simulation a(world(), *first), b(world(), *second), c(world(), *third);
  for (std::int64_t step = 10; step <= 60; step += 10) {
    a.advance_to(step);
    b.advance_to(step - 5);
    c.advance_to(step);
    b.advance_to(step);
  }
  EXPECT_TRUE(look_at(a) == uninterrupted(*first, 60));
  EXPECT_TRUE(look_at(b) == uninterrupted(*second, 60));
  EXPECT_TRUE(look_at(c) == uninterrupted(*third, 60));
  EXPECT_FALSE(look_at(a) == look_at(b));
}

TEST(Simulation, StopsOnAllRanksAtOneStepWhereOneIsAsked) {
  for (const auto& [name, values] : cases()) {
    SCOPED_TRACE(name);
    const auto options = options_of(values);
    Simulation simulation(world(), *options);
    simulation.advance_to(10);
    if (world().rank() == world().size() - 1) simulation.request_stop();
    const Advance reached = simulation.advance_to(60);
    EXPECT_TRUE(reached.stopped);
    EXPECT_LE(reached.step, 11);
    for (const std::int64_t step : world().pull_everywhere(reached.step)) EXPECT_EQ(step, reached.step);
    EXPECT_EQ(simulation.step(), reached.step);
    EXPECT_TRUE(look_at(simulation) == uninterrupted(*options, reached.step));
    const Advance end = simulation.advance_to(60);  // the wish was granted, and is over
    EXPECT_FALSE(end.stopped);
    EXPECT_TRUE(look_at(simulation) == uninterrupted(*options, 60));
  }
}

TEST(Simulation, StopsInTheMiddle) {
  const auto options = options_of(with(liquid, {{"time.steps", "1000000"}}));
  Simulation simulation(world(), *options);
  int looks = 0;
  const Advance reached = simulation.advance_to(1'000'000, [&](double) {
    if (world().is_root() && ++looks == 3) simulation.request_stop();
  });
  EXPECT_TRUE(reached.stopped);
  EXPECT_GT(reached.step, 1);
  EXPECT_LT(reached.step, 1'000'000);
  for (const std::int64_t step : world().pull_everywhere(reached.step)) EXPECT_EQ(step, reached.step);
}

Simulation* to_be_stopped = nullptr;

TEST(Simulation, CanBeAskedToStopByASignalHandler) {
  const auto options = options_of(liquid);
  Simulation simulation(world(), *options);
  to_be_stopped = &simulation;
  const auto before = std::signal(SIGUSR1, [](int) { to_be_stopped->request_stop(); });
  if (world().is_root()) std::raise(SIGUSR1);
  EXPECT_EQ(simulation.advance_to(60).step, 1);
  std::signal(SIGUSR1, before);
}

TEST(Simulation, PrintsNothingAndCreatesNoFile) {
  namespace fs = std::filesystem;
  const fs::path before = fs::current_path();
  const fs::path room = fs::temp_directory_path() / ("simulation-" + std::to_string(getpid()));
  fs::create_directory(room);
  fs::current_path(room);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  for (const auto& [name, values] : cases()) {
    const auto options =
        options_of(with(values, {{"run.log", "log"}, {"run.profile", "profile"}, {"output.xdmf", "true"}}));
    Simulation simulation(world(), *options);
    simulation.prepare();
    simulation.advance_to(60);
    static_cast<void>(look_at(simulation));
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_TRUE(fs::is_empty(room));
  fs::current_path(before);
  fs::remove_all(room);
}

template <class Work>
std::optional<ExitCode> code_of(const Work& work) {
  try {
    work();
  } catch (const CollectiveError& failure) {
    return failure.code();
  }
  return std::nullopt;
}

TEST(Simulation, EndsByAFailureThatLeavesOthersUsable) {
  const auto good = options_of(liquid);
  Simulation other(world(), *good);
  other.advance_to(20);
  {
    const auto long_run = options_of(with(liquid, {{"time.steps", "1000000"}}));
    Simulation fails(world(), *long_run);
    fails.advance_to(20);
    const auto code = code_of([&] {
      fails.advance_to(1'000'000, [](double) {
        if (world().rank() == world().size() - 1) throw Error(ExitCode::output, "the disk is full");
      });
    });
    EXPECT_EQ(code, ExitCode::output);
    EXPECT_THROW(fails.advance_to(1'000'000), Error);
    EXPECT_THROW(fails.columns(), Error);
    other.advance_to(30);
  }
  {
    const auto too_fast = options_of(with(liquid, {{"time.step", "0.2"}}));
    Simulation fails(world(), *too_fast);
    EXPECT_EQ(code_of([&] { fails.advance_to(60); }), ExitCode::simulation_failed);
    EXPECT_THROW(fails.measure(), Error);
    other.advance_to(40);
  }
  {
    const auto no_file = options_of({{"particles.source", "file"}, {"particles.file", "is-not-there.csv"}});
    EXPECT_TRUE(code_of([&] { Simulation fails(world(), *no_file); }).has_value());
    other.advance_to(60);
  }
  EXPECT_TRUE(look_at(other) == uninterrupted(*good, 60));
}

TEST(Simulation, TellsWhatAFailureIsAbout) {
  const auto options = options_of(with(liquid, {{"time.step", "0.2"}}));
  Simulation simulation(world(), *options);
  try {
    simulation.advance_to(60);
    ADD_FAILURE() << "no failure";
  } catch (const CollectiveError& failure) {
    const RankFailure& first = failure.failures().front();
    ASSERT_TRUE(first.facts.has_value()) << failure.what();
    EXPECT_TRUE(first.facts->kind == FailureKind::moved_too_far ||
                first.facts->kind == FailureKind::force_out_of_range);
    EXPECT_GT(first.facts->step, 0);
    EXPECT_TRUE(first.facts->has_ids);
    EXPECT_EQ(first.facts->ids[0], static_cast<std::uint64_t>(first.facts->particles[0]));
    EXPECT_NE(first.message.find("particle " + std::to_string(first.facts->ids[0]) + " at ("),
              std::string::npos)
        << first.message;
  }
}

TEST(Simulation, GoesOnToStepsOfItsRunOnly) {
  const auto options = options_of(liquid);
  Simulation simulation(world(), *options);
  simulation.advance_to(10);
  EXPECT_THROW(simulation.advance_to(9), Error);
  EXPECT_THROW(simulation.advance_to(61), Error);
  EXPECT_EQ(simulation.advance_to(60).step, 60);
}

}  // namespace
}  // namespace orrery::test
