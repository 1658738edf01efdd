/// What a trajectory calls its units, and where it has the names from.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/hdf5_handle.hpp"
#include "particles/stored_start.hpp"

namespace orrery {

/// Values of `output.units` beside the pairs of names.
inline constexpr const char* automatic_units = "auto";
inline constexpr const char* nominal_units = "nominal";
inline constexpr const char* no_units = "none";

/// Pairs of a unit of length and one of time, "nm ps", that MDAnalysis takes together with the velocity that
/// they make.
const std::vector<std::string>& known_unit_pairs();

/// Names that a file carries as attributes `unit`.
struct UnitNames {
  UnitNames();
  UnitNames(std::string of_length, std::string of_time, bool are_nominal = false);

  std::string length;    ///< empty: no attribute
  std::string time;      ///< likewise
  bool nominal = false;  ///< they stand for units of 1, for readers that insist on some

  /// In the way that H5MD writes it, "nm ps-1"; empty where one of the two is not known.
  std::string velocity() const;
  /// "nm ps", "reduced", or what is known.
  std::string system() const;
};

/// Names for a run's file: those of the start file, as numbers are taken from it as they are.
/// @param choice  value of `output.units`
/// @param start   what the start file tells, if there is one
/// @throws Error (configuration) where the two contradict each other, or (input_data) where the file
/// contradicts itself
UnitNames output_units(const std::string& choice, const StoredStart& start);

/// What a user should know about names that MDAnalysis does not read; empty where it reads them.
std::string note_on_units(const UnitNames& names);

/// Fills in the names that the attributes of a file's particles carry. Local; throws `Hdf5Error`, also where
/// box and positions are in different units.
/// @param group  of the particles, with a slash behind it
void read_unit_names(hid_t file, const std::string& group, StoredStart& start);

}  // namespace orrery
