#include "options/resolve.hpp"

namespace orrery {

Winners winners_of(const std::vector<Setting>& settings) {
  Winners winners;
  for (const auto& setting : settings) {
    const auto [place, is_new] = winners.try_emplace(setting.key, setting);
    if (!is_new && setting.rank > place->second.rank) place->second = setting;
  }
  return winners;
}

void assign(const Winners& winners, const OptionSet& options) {
  for (const auto& [key, setting] : winners) {
    const Option& option = *options.find(key);
    if (!option.assign(setting.value)) {
      throw Error(code_for(setting.rank), setting.place + ": " + key + " = '" + setting.value +
                                              "' is not valid; it takes " + option.accepts +
                                              (option.unit.empty() ? "" : " [" + option.unit + "]"));
    }
  }
}

namespace {

/// Where some settings were made.
struct Blame {
  SourceRank highest = SourceRank::defaults;
  std::string places{};

  void add(const Winners& winners, const std::string& key) {
    const auto winner = winners.find(key);
    if (winner == winners.end() || winner->second.rank == SourceRank::defaults) return;
    highest = std::max(highest, winner->second.rank);
    places += (places.empty() ? "" : ", ") + winner->second.place;
  }
  bool is_empty() const { return places.empty(); }
};

}  // namespace

Error explain(const OptionConflict& conflict, const Winners& winners) {
  Blame blame;
  for (const auto& key : conflict.keys()) blame.add(winners, key);
  // What is missing was not set; what calls for it was.
  if (blame.is_empty()) {
    for (const char* const key : {"particles.source", "law.name", "thermostat.name"}) blame.add(winners, key);
  }
  if (blame.is_empty()) {
    for (const auto& [key, setting] : winners) blame.add(winners, key);
  }
  return {code_for(blame.highest), (blame.is_empty() ? "" : blame.places + ": ") + conflict.what()};
}

}  // namespace orrery
