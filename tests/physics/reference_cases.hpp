/// The tables of reference end points in this folder, and how far a form of the rotation ends from them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "laws/rotation.hpp"

namespace orrery {

/// A particle turning about the origin, and where it must be after `steps` steps.
struct ReferenceCase {
  std::string method;  ///< motion that the end belongs to; empty in tables of one motion
  double x, y, speed, step;
  std::int64_t steps;
  long double x_end, y_end;

  long double end_radius() const;
};

/// All rows of a table made by one of scripts/make_*_reference.py.
/// @param file  its name, in this folder
std::vector<ReferenceCase> read_reference_cases(const std::string& file);

/// Distance of every case from its reference end point [length] when it is evolved by `method`, shape
/// (cases). Those with the same step and number of steps move side by side.
std::vector<long double> distances_from_reference(RotationMethod method,
                                                  std::span<const ReferenceCase> cases);

}  // namespace orrery
