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

void push_values(const Communicator& ranks, const OptionSet& options) {
  for (const auto& option : options.options()) {
    std::string value = option.text();
    ranks.push(value);
    ensure(option.assign(value), "an option's text does not read back");
  }
}

Error explain(const OptionConflict& conflict, const Winners& winners) {
  SourceRank highest = SourceRank::defaults;
  std::string places;
  for (const auto& key : conflict.keys()) {
    const auto winner = winners.find(key);
    if (winner == winners.end()) continue;
    highest = std::max(highest, winner->second.rank);
    places += (places.empty() ? "" : ", ") + winner->second.place;
  }
  return {code_for(highest), (places.empty() ? "" : places + ": ") + conflict.what()};
}

}  // namespace orrery
