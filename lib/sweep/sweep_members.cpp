#include "sweep/sweep_members.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "core/number_text.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

constexpr const char* seed_key = "particles.seed";
/// Where a run puts what it makes is the sweep's to say.
constexpr std::array<std::string_view, 6> set_by_sweep{"output.file", "output.overwrite", "run.dry-run",
                                                       "run.log",     "run.profile",      "run.progress"};

bool is_set_by_sweep(const std::string& key) {
  return std::find(set_by_sweep.begin(), set_by_sweep.end(), key) != set_by_sweep.end();
}

std::string name_of(const SweepMember& member) {
  std::string name = "member " + std::to_string(member.index);
  for (const auto& [key, value] : member.values) name += " " + key + "=" + value;
  return name;
}

}  // namespace

SweepMembers::SweepMembers(const Communicator& ranks, const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment) {
  ranks.apply([&] {
    if (ranks.is_root()) read(arguments, environment);
  });
  push(ranks);
}

void SweepMembers::read(const std::vector<std::string>& arguments,
                        const std::vector<std::string>& environment) {
  const auto for_runs = take_sweep_options(arguments, options_);
  if (options_.out.empty()) throw Error(ExitCode::usage, "option --out: the name of the directory is empty");
  SimulationOptions run;
  OptionSet set;
  run.describe(set);
  run_settings_ = read_run_settings(for_runs, environment, set);

  std::vector<Variation> variations;
  for (const auto& text : options_.variations) {
    variations.push_back(parse_variation(text));
    const std::string& key = variations.back().key;
    if (set.find(key) == nullptr) {
      std::vector<std::string> known;
      for (const auto& option : set.options()) known.push_back(option.key);
      const std::string nearest = nearest_name(key, known);
      throw Error(ExitCode::usage, "option --vary " + text + ": unknown option" +
                                       (nearest.empty() ? "; `orrery run --help` lists those that exist"
                                                        : "; did you mean " + nearest + "?"));
    }
  }
  plan_ = SweepPlan(std::move(variations), static_cast<std::int64_t>(options_.replicas));
  refuse_what_the_sweep_sets();

  assign(winners_of(run_settings_.settings), set);
  base_seed_ = run.particles.seed;
  // What the sweep sets, it sets alone; the seed has told what it had to.
  std::erase_if(run_settings_.settings, [&](const Setting& setting) {
    const auto& varied = plan_.variations();
    return setting.key == seed_key ||
           std::any_of(varied.begin(), varied.end(),
                       [&](const Variation& variation) { return variation.key == setting.key; });
  });
}

SweepMember SweepMembers::member(std::int64_t index) const {
  SweepMember member = plan_.member(index, base_seed_);
  for (const auto& [key, value] : member.values) {
    if (key == seed_key) member.seed = parse_count(value).value_or(0);  // refused later if it is none
  }
  return member;
}

void SweepMembers::refuse_what_the_sweep_sets() const {
  for (const auto& setting : run_settings_.settings) {
    if (is_set_by_sweep(setting.key) && setting.rank == SourceRank::command_line)
      throw Error(ExitCode::usage, setting.place + ": a sweep sets " + setting.key + " itself; leave it out");
  }
  for (const auto& variation : plan_.variations()) {
    if (is_set_by_sweep(variation.key))
      throw Error(ExitCode::usage,
                  "option --vary: a sweep sets " + variation.key + " itself; vary something else");
    for (const auto& setting : run_settings_.settings) {
      if (setting.key == variation.key && setting.rank == SourceRank::command_line)
        throw Error(ExitCode::usage,
                    setting.place + ": " + setting.key + " is varied as well; leave out one of them");
    }
  }
}

std::vector<std::pair<std::string, std::string>> SweepMembers::settings_of(const SweepMember& member) const {
  auto settings = member.values;
  settings.emplace_back("output.file", directory_of(member.index) + "/trajectory.h5md");
  settings.emplace_back("output.overwrite", "true");  // what an attempt that did not end has left
  settings.emplace_back("run.quiet", "true");
  return settings;
}

std::string SweepMembers::configuration_of(const SweepMember& member) const {
  SimulationOptions run;
  OptionSet set;
  run.describe(set);
  RunSettings read = run_settings_;
  std::erase_if(read.settings,
                [](const Setting& s) { return is_set_by_sweep(s.key) || s.key == "run.quiet"; });
  for (const auto& [key, value] : settings_of(member))
    read.settings.push_back({key, value, SourceRank::command_line, "--vary " + key});
  // Of lowest rank, since it has no effect where particles come from a file.
  read.settings.push_back({seed_key, std::to_string(member.seed), SourceRank::defaults, "the sweep"});
  try {
    return resolve_run(read, run, set);
  } catch (const Error& error) {
    throw Error(error.code(), name_of(member) + ": " + error.what());
  }
}

void SweepMembers::push(const Communicator& ranks) {
  OptionSet own;
  options_.describe(own);
  push_values(ranks, own);
  count_ = plan_.count();
  ranks.push(count_);
}

}  // namespace orrery
