/// Turns settings from several sources into values: the source of highest precedence wins, and what is wrong
/// is named by its place.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/option_set.hpp"
#include "options/option_sources.hpp"

namespace orrery {

/// The winning setting of every key that was set.
using Winners = std::map<std::string, Setting>;

/// @param settings  of all sources, each key at most once per source
Winners winners_of(const std::vector<Setting>& settings);

/// Sets the fields. @throws Error naming place, value and what is accepted
void assign(const Winners& winners, const OptionSet& options);

/// Turns a conflict between settings into an error that says where they were made, with the exit code of the
/// one with highest precedence. Where none of them was made, as when one is missing, the settings that call
/// for them are named: those of law, source and bath, else all.
Error explain(const OptionConflict& conflict, const Winners& winners);

}  // namespace orrery
