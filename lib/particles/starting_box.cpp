#include "particles/starting_box.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/number_text.hpp"
#include "particles/file_box.hpp"

namespace orrery {
namespace {

/// Refuses a setting that has values for another number of axes.
void check_axes(const std::string& key, int given, int axes, const std::string& which_has) {
  if (given == 1 || given == axes) return;
  throw OptionConflict({key}, key + " has values for " + std::to_string(given) + " axes, but " + which_has +
                                  " has " + std::to_string(axes) + "; give one value for all axes, or " +
                                  std::to_string(axes));
}

Box with_ends(Box box, const BoxOptions& options, const std::string& which_has_axes) {
  check_axes("box.boundary", options.boundary.given, box.axes, which_has_axes);
  if (options.origin) check_axes("box.origin", options.origin->given, box.axes, which_has_axes);
  for (int axis = 0; axis < box.axes; ++axis) {
    const auto at = static_cast<std::size_t>(axis);
    box.boundary[at] = options.boundary[axis].value_or(Boundary::periodic);
    if (options.origin) box.origin[at] = (*options.origin)[axis];
  }
  return box;
}

void set_lengths(Box& box, const PerAxis<double>& lengths) {
  for (int axis = 0; axis < box.axes; ++axis) box.lengths[static_cast<std::size_t>(axis)] = lengths[axis];
}

/// Refuses lengths that would stretch the lattice along an axis by more than their rounding.
void check_proportions(const PerAxis<double>& lengths, const PerAxis<std::uint64_t>& cells, int axes) {
  constexpr double roundings = 4.0;
  for (int axis = 1; axis < axes; ++axis) {
    const double edge = lengths[axis] / static_cast<double>(cells[axis]);
    const double first_edge = lengths[0] / static_cast<double>(cells[0]);
    if (std::abs(edge - first_edge) <= roundings * std::numeric_limits<double>::epsilon() * first_edge)
      continue;
    throw OptionConflict({"box.lengths", "particles.cells"},
                         "box.lengths over particles.cells is " + to_text(first_edge) + " along x but " +
                             to_text(edge) + " along " + (axis == 1 ? "y" : "z") +
                             " (the lattice would be stretched); change either, or set particles.density "
                             "instead of box.lengths");
  }
}

Box box_of_lattice(const ParticleOptions& particles, const BoxOptions& options) {
  const std::string name = "the lattice of particles.lattice";
  Box box;
  box.axes = unit_cell(particles.lattice).axes;
  check_axes("particles.cells", particles.cells.given, box.axes, name);
  check_axes("box.lengths", options.lengths.given, box.axes, name);
  const bool has_lengths = options.lengths[0] > 0.0;
  const bool has_density = particles.density > 0.0;
  if (!has_lengths && !has_density) {
    throw OptionConflict(
        {"particles.density", "box.lengths"},
        "particles.source is lattice, but neither particles.density nor box.lengths says how "
        "large its cells are; set one of them");
  }
  if (has_lengths && has_density) {
    throw OptionConflict({"box.lengths", "particles.density"},
                         "box.lengths and particles.density both say how large the cells of the lattice are; "
                         "leave one of them out");
  }
  if (has_lengths) {
    check_proportions(options.lengths, particles.cells, box.axes);
    set_lengths(box, options.lengths);
  } else {
    const double edge = lattice_constant(particles.lattice, particles.density);
    for (int axis = 0; axis < box.axes; ++axis)
      box.lengths[static_cast<std::size_t>(axis)] = static_cast<double>(particles.cells[axis]) * edge;
    if (!std::isfinite(box.volume())) {
      throw OptionConflict({"particles.density"}, "particles.density " + to_text(particles.density) +
                                                      " makes a box beyond the range of double; set a "
                                                      "greater density");
    }
  }
  return with_ends(box, options, name);
}

/// Refuses positions drawn outside of the box.
void check_drawn_positions(const ParticleOptions& particles, const Box& box) {
  for (std::size_t axis = 0; axis < particles.low.size(); ++axis) {
    const double begin = box.origin[axis], end = begin + box.lengths[axis];
    if (particles.low[axis] >= begin && particles.high[axis] <= end) continue;
    throw OptionConflict({"particles.low", "particles.high", "box.lengths"},
                         "particles are drawn from " + to_text(particles.low[axis]) + " to " +
                             to_text(particles.high[axis]) + " along " + (axis == 0 ? "x" : "y") +
                             ", but the box reaches from " + to_text(begin) + " to " + to_text(end) +
                             "; set particles.low and particles.high within it, or particles.source random");
  }
}

/// Refuses a box so far from the origin that coordinates would tell places in it badly.
Box with_exact_coordinates(Box box) {
  constexpr double most_lengths = 0x1p20;
  const double longest = *std::max_element(box.lengths.begin(), box.lengths.end());
  for (const double origin : box.origin) {
    if (std::abs(origin) <= most_lengths * longest) continue;
    throw OptionConflict({"box.origin", "box.lengths"},
                         "box.origin " + to_text(origin) + " is more than 2^20 lengths of the box, " +
                             to_text(longest) +
                             ", away from 0, where coordinates have too few digits left; "
                             "move the box nearer to 0");
  }
  return box;
}

Box box_of_options(const ParticleOptions& particles, const BoxOptions& options) {
  if (particles.source == SourceKind::lattice) return box_of_lattice(particles, options);
  if (options.lengths[0] == 0.0) {
    throw OptionConflict({"box.lengths", "particles.source"},
                         "box.lengths is auto, but particles.source is no lattice that could say how large "
                         "the box is; set box.lengths to one number for a cube, two in the plane, or three");
  }
  Box box;
  box.axes = options.lengths.given == 2 ? 2 : 3;
  set_lengths(box, options.lengths);
  box = with_ends(box, options, "box.lengths");
  if (particles.source == SourceKind::uniform) {
    if (box.axes != 2) {
      throw OptionConflict(
          {"box.lengths", "particles.source"},
          "particles.source uniform draws in the plane, but box.lengths has three axes; give "
          "two lengths, or set particles.source to random");
    }
    check_drawn_positions(particles, box);
  }
  return box;
}

}  // namespace

Box box_of(const ParticleOptions& particles, const BoxOptions& options, const StoredBox* stored) {
  if (particles.source == SourceKind::file)
    return with_exact_coordinates(box_of_file(options, particles.file, stored));
  return with_exact_coordinates(box_of_options(particles, options));
}

}  // namespace orrery
