#include "io/unit_names.hpp"

#include <algorithm>
#include <map>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "io/hdf5_read.hpp"

namespace orrery {
namespace {

/// One name for units that have several.
std::string plain(const std::string& name) {
  static const std::map<std::string, std::string> aliases{
      {"Angstrom", "A"},    {"angstrom", "A"},     {"\u00C5", "A"},       {"\u212B", "A"},
      {"nanometer", "nm"},  {"second", "s"},       {"sec", "s"},          {"seconds", "s"},
      {"picosecond", "ps"}, {"femtosecond", "fs"}, {"meter", "m"},        {"nanosecond", "ns"},
      {"picometer", "pm"},  {"micrometer", "um"},  {"microsecond", "us"},
  };
  const auto found = aliases.find(name);
  return found == aliases.end() ? name : found->second;
}

bool same_unit(const std::string& a, const std::string& b) {
  return plain(a) == plain(b);
}

std::pair<std::string, std::string> parts_of_pair(const std::string& pair) {
  const auto blank = pair.find(' ');
  return {pair.substr(0, blank), pair.substr(blank + 1)};
}

/// Length and time of a velocity that is written "nm ps-1", "nm ps^-1" or "nm/ps"; both empty for others.
std::pair<std::string, std::string> parts_of_velocity(const std::string& velocity) {
  if (const auto slash = velocity.find('/');
      slash != std::string::npos && velocity.find('/', slash + 1) == std::string::npos)
    return {std::string(trimmed(velocity.substr(0, slash))),
            std::string(trimmed(velocity.substr(slash + 1)))};
  const auto blank = velocity.find(' ');
  if (blank == std::string::npos) return {};
  std::string time(trimmed(velocity.substr(blank)));
  for (const char* const power : {"^-1", "**-1", "-1"}) {
    if (!time.ends_with(power)) continue;
    time.resize(time.size() - std::string(power).size());
    if (time.empty() || time.find_first_of(" */^") != std::string::npos) return {};
    return {velocity.substr(0, blank), time};
  }
  return {};
}

/// Names in the file, after it has been seen that they agree.
UnitNames names_of(const StoredStart& start) {
  UnitNames names(start.length_unit, start.time_unit);
  if (start.velocity_unit.empty()) return names;
  const auto [length, time] = parts_of_velocity(start.velocity_unit);
  const auto refuse = [&](const std::string& why) {
    throw Error(ExitCode::input_data,
                "particles.file has velocities in '" + start.velocity_unit + "', " + why +
                    " (numbers are taken as they are); convert it, or remove the attributes "
                    "unit, or set output.units to none");
  };
  if (length.empty()) refuse("which is not a length over a time such as 'nm ps-1'");
  if (!names.length.empty() && !same_unit(names.length, length))
    refuse("and positions in '" + names.length + "'");
  if (!names.time.empty() && !same_unit(names.time, time)) refuse("and times in '" + names.time + "'");
  if (names.length.empty()) names.length = length;
  if (names.time.empty()) names.time = time;
  return names;
}

}  // namespace

const std::vector<std::string>& known_unit_pairs() {
  static const std::vector<std::string> pairs{"nm ps",  "nm ns",       "pm ps",       "A ps",         "A fs",
                                              "A AKMA", "Angstrom ps", "Angstrom fs", "Angstrom AKMA"};
  return pairs;
}

UnitNames::UnitNames() = default;
UnitNames::UnitNames(std::string of_length, std::string of_time, bool are_nominal)
    : length(std::move(of_length)), time(std::move(of_time)), nominal(are_nominal) {}

std::string UnitNames::velocity() const {
  return length.empty() || time.empty() ? "" : length + " " + time + "-1";
}

std::string UnitNames::system() const {
  if (nominal || (length.empty() && time.empty())) return "reduced";
  return length.empty() || time.empty() ? length + time : length + " " + time;
}

UnitNames output_units(const std::string& choice, const StoredStart& start) {
  const UnitNames nominal("Angstrom", "ps", true);
  if (choice == no_units) return {};
  const UnitNames stored = start.has_nominal_units ? UnitNames{} : names_of(start);
  const bool is_named = !stored.length.empty() || !stored.time.empty();
  if (choice == automatic_units) return is_named ? stored : nominal;
  const auto [length, time] =
      choice == nominal_units ? std::pair(nominal.length, nominal.time) : parts_of_pair(choice);
  const bool agrees = (stored.length.empty() || same_unit(stored.length, length)) &&
                      (stored.time.empty() || same_unit(stored.time, time));
  if (!agrees || (is_named && choice == nominal_units)) {
    throw Error(
        ExitCode::configuration,
        "output.units is " + choice + ", but the units of particles.file are '" + stored.system() +
            "' (its numbers are taken as they are, and would get other units); set output.units to auto, "
            "which keeps the names");
  }
  return choice == nominal_units ? nominal : UnitNames(length, time);
}

std::string note_on_units(const UnitNames& names) {
  if (names.length.empty() && names.time.empty()) return "";
  const std::string pair = names.length + " " + names.time;
  const auto& known = known_unit_pairs();
  if (std::find(known.begin(), known.end(), pair) != known.end()) return "";
  std::string missing;
  if (names.time.empty()) missing = "no unit of time";
  if (names.length.empty()) missing = "no unit of length";
  if (!missing.empty()) {
    return "particles.file names " + missing +
           ", and so will output.file, which MDAnalysis then does not open; set "
           "output.units to both names";
  }
  return "MDAnalysis does not know the units of particles.file, '" + pair +
         "', which output.file keeps; set output.units to none "
         "where that matters";
}

void read_unit_names(hid_t file, const std::string& group, StoredStart& start) {
  const auto unit_of = [&](std::initializer_list<const char*> places) -> std::string {
    for (const char* const place : places) {
      const auto texts = texts_of(file, group + place, "unit");
      if (texts.size() == 1 && !trimmed(texts[0]).empty()) return std::string(trimmed(texts[0]));
    }
    return "";
  };
  start.length_unit = unit_of({"position/value", "position"});
  start.time_unit = unit_of({"position/time", "velocity/time"});
  start.velocity_unit = unit_of({"velocity/value", "velocity"});
  const auto systems = texts_of(file, "/parameters", "units");
  const auto creators = texts_of(file, "/h5md/creator", "name");
  start.has_nominal_units =
      systems.size() == 1 && systems[0] == "reduced" && creators.size() == 1 && creators[0] == "orrery";
  const std::string edges = unit_of({"box/edges/value", "box/edges"});
  if (edges.empty() || start.length_unit.empty() || same_unit(edges, start.length_unit)) return;
  throw Hdf5Error(group + "box/edges is in '" + edges + "', and positions are in '" + start.length_unit +
                  "' (numbers are taken as they are); convert one, or remove the attributes unit");
}

}  // namespace orrery
