#include "sweep/sweep_members.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "comm/push_values.hpp"
#include "core/named_files.hpp"
#include "core/nearest_name.hpp"
#include "core/number_text.hpp"
#include "options/resolve.hpp"

namespace orrery {
namespace {

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

  std::vector<Setting> written = run_settings_.settings;
  std::vector<Variation> variations;
  for (const auto& text : options_.variations) {
    variations.push_back(parse_variation(text));
    std::string& key = variations.back().key;
    if (const std::string present = set.present_key(key); present != key) {
      written.push_back({present, "", SourceRank::command_line, "option --vary " + text, key});
      key = present;
    }
    if (set.find(key) == nullptr) {
      std::vector<std::string> known;
      for (const auto& option : set.options()) known.push_back(option.key);
      const std::string nearest = nearest_name(key, known);
      throw Error(ExitCode::usage, "option --vary " + text + ": unknown option" +
                                       (nearest.empty() ? "; `orrery run --help` lists those that exist"
                                                        : "; did you mean " + nearest + "?"));
    }
  }
  notes_ = notes_on_renamed(written);
  plan_ = SweepPlan(std::move(variations), static_cast<std::int64_t>(options_.replicas));
  refuse_what_the_sweep_sets();

  assign(winners_of(run_settings_.settings), set);
  refuse_input_within(run_settings_.config_file);
  for (const Option& option : set.options()) {
    if (option.is_seed)
      base_seeds_.push_back({.key = option.key, .value = parse_count(option.text()).value()});
  }
  // What the sweep sets, it sets alone. The first seed may be given where it has no effect.
  std::erase_if(run_settings_.settings, [&](const Setting& setting) {
    const auto& varied = plan_.variations();
    return setting.key == first_seed ||
           std::any_of(varied.begin(), varied.end(),
                       [&](const Variation& variation) { return variation.key == setting.key; });
  });
}

SweepMember SweepMembers::member(std::int64_t index) const {
  SweepMember member = plan_.member(index);
  for (const BaseSeed& base : base_seeds_) {
    const auto varied = std::find_if(member.values.begin(), member.values.end(),
                                     [&](const auto& value) { return value.first == base.key; });
    member.seeds.emplace_back(base.key, varied == member.values.end()
                                            ? seed_of_member(base.key, base.value, index)
                                            : parse_count(varied->second).value_or(0));  // refused later
  }
  return member;
}

void SweepMembers::keep_seeds(const std::set<std::string>& keys) {
  std::erase_if(base_seeds_,
                [&](const BaseSeed& base) { return base.key != first_seed && !keys.contains(base.key); });
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

MemberConfiguration SweepMembers::configuration_of(const SweepMember& member) const {
  SimulationOptions run;
  OptionSet set;
  run.describe(set);
  RunSettings read = run_settings_;
  std::erase_if(read.settings,
                [](const Setting& s) { return is_set_by_sweep(s.key) || s.key == "run.quiet"; });
  for (const auto& [key, seed] : member.seeds) {
    for (Setting& setting : read.settings)
      if (setting.key == key) setting.value = std::to_string(seed);
    // Of lowest rank, since a seed may have no effect: where particles come from a file, or there is no bath.
    read.settings.push_back({key, std::to_string(seed), SourceRank::defaults, "the sweep"});
  }
  for (const auto& [key, value] : settings_of(member))
    read.settings.push_back({key, value, SourceRank::command_line, "--vary " + key});
  try {
    MemberConfiguration configuration{.text = resolve_run(read, run, set), .inputs = {}, .seeds = {}};
    for (const auto& file : named_files(set)) {
      if (file.use != FileUse::read || file.path.empty()) continue;
      refuse_input_within(file.path);
      configuration.inputs.insert(file.path);
    }
    const auto idle = keys_without_effect(run, set);
    for (const auto& [key, seed] : member.seeds)
      if (!idle.contains(key)) configuration.seeds.insert(key);
    return configuration;
  } catch (const Error& error) {
    throw Error(error.code(), name_of(member) + ": " + error.what());
  }
}

void SweepMembers::refuse_input_within(const std::string& file) const {
  if (file.empty() || !is_within(file, options_.out)) return;
  throw Error(ExitCode::usage, "option --out: '" + file +
                                   "' is read by the sweep, and is in its directory '" + options_.out +
                                   "', where it would be replaced; choose another --out");
}

void SweepMembers::push(const Communicator& ranks) {
  OptionSet own;
  options_.describe(own);
  push_values(ranks, own);
  count_ = plan_.count();
  ranks.push(count_);
}

}  // namespace orrery
