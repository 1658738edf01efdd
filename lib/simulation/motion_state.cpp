#include "simulation/motion_state.hpp"

#include <algorithm>
#include <cmath>

#include "core/fixed_point.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

Periods periods_of(const Box& box) {
  Periods periods{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    periods[axis] = box.boundary[axis] == Boundary::periodic ? box.lengths[axis] : 0.0;
  return periods;
}

double magic_of(FixedPoint grid) {
  return rounding_magic * grid.unit();
}

VerletConstants verlet_constants(const PairForces& forces, const Box& box, double bound, double step) {
  VerletConstants constants;
  constants.displacement_magic = magic_of(displacement_grid(bound));
  constants.position_magic = magic_of(position_grid(box));
  constants.force_bias = forces.force_unit().bias();
  constants.most_displacement = bound;
  const MotionGrids grids{
      .position = position_grid(box), .displacement = displacement_grid(bound), .scale = bound};
  constants.position_unit = grids.position.unit();
  constants.rest_magic = magic_of(grids.rest());
  constants.half_step2 = 0.5 * step * step;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    constants.walls[axis] = box.boundary[axis] == Boundary::reflect ? box.lengths[axis] : 0.0;
  return constants;
}

}  // namespace

MotionState::MotionState(const Box& given, const MotionSettings& settings, const PairForces& forces,
                         double limit, std::int64_t particles)
    : box(box_in_use(given, settings.precision)),
      given_lengths(given.lengths),
      periods(periods_of(box)),
      time_step(settings.step),
      threads(settings.threads),
      precision(settings.precision),
      count(particles),
      masses(settings.mass, settings.step, forces.force_unit().unit()),
      has_pairs(forces.has_pairs()),
      bound(limit),
      verlet(verlet_constants(forces, box, bound, settings.step)) {
  Particles& columns = rows.particles();
  const int wide = static_cast<int>(width);
  displacement = columns.declare<double>({.name = "displacement",
                                          .components = 3,
                                          .width = wide,
                                          .unit = "length",
                                          .has_ghosts = forces.needs_velocities()});
  reference = columns.declare<double>(
      {.name = "reference", .components = 3, .width = wide, .unit = "length", .is_state = false});
  if (!settings.fields.empty())
    acceleration = columns.declare<double>(
        {.name = "acceleration", .components = 3, .unit = "length / time^2", .is_state = false});
  index = columns.declare<std::int64_t>({.name = "global index"});
  if (settings.bath) id = columns.declare<ParticleId>({.name = "id"});
  if (masses.species() > 1) species = columns.declare<std::int32_t>({.name = "species"});
}

double MotionState::wrapped(double coordinate, std::size_t axis) const {
  const double period = periods[axis];
  if (period > 0.0) {
    while (coordinate < 0.0) coordinate += period;
    while (coordinate >= period) coordinate -= period;
  }
  return coordinate;
}

Vec3 MotionState::place_in_box(std::size_t row) const {
  Vec3 place{};
  for (std::size_t axis = 0; axis < 3; ++axis) place[axis] = wrapped(rows.position(row)[axis], axis);
  return place;
}

Vec3 MotionState::place_in_field(std::size_t row) const {
  Vec3 place{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    place[axis] = wrapped(rows.position(row)[axis], axis) + box.origin[axis];
    if (rest) place[axis] += rests_of(row)[axis];
  }
  return place;
}

double MotionState::exact_position(std::size_t row, std::size_t axis) const {
  const double x = rows.position(row)[axis];
  return rest ? x + rests_of(row)[axis] : x;
}

double MotionState::exact_displacement(std::size_t row, std::size_t axis) const {
  const double u = displacement_of(row)[axis];
  return rest ? u + rests_of(row)[displacement_rests + axis] : u;
}

MotionGrids MotionState::grids() const {
  return {.position = position_grid(box), .displacement = displacement_grid(bound), .scale = bound};
}

StartingAxis MotionState::starting_axis(std::size_t axis) const {
  return {.boundary = box.boundary[axis],
          .length = box.lengths[axis],
          .period = given_lengths[axis],
          .farthest = farthest_coordinate(box, precision),
          .grid = position_grid(box)};
}

VerletRows MotionState::verlet_rows() {
  return {.position = rows.position(0),
          .displacement = displacement_of(0),
          .force = rows.force(0),
          .reference = rows.particles().data(reference),
          .species = species ? rows.particles().data(*species) : nullptr,
          .rest = rest ? rests_of(0) : nullptr,
          .acceleration = acceleration ? rows.particles().data(*acceleration) : nullptr};
}

PairVelocities MotionState::velocities() const {
  return {.displacement = displacement_of(0), .steps_per_time = 1.0 / time_step};
}

void MotionState::resize_owned(std::size_t particles) {
  rows.resize_owned(particles, static_cast<std::size_t>(threads));
}

void MotionState::set_half_kick(std::size_t row) {
  displacement_of(row)[3] = masses.half_kick(species_of(row));
}

void MotionState::welcome(std::span<const std::size_t> arrived) {
  for (const std::size_t row : arrived) {
    rows.position(row)[3] = 0.0;
    set_half_kick(row);
  }
}

void MotionState::wrap_all() {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::size_t row = 0; row < rows.owned(); ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      rows.position(row)[axis] = wrapped(rows.position(row)[axis], axis);
}

void MotionState::reverse() {
  for (std::size_t row = 0; row < rows.owned(); ++row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double& u = displacement_of(row)[axis];
      u = 0.0 - u;  // which has no negative zero
      if (!rest) continue;
      double& s = rests_of(row)[displacement_rests + axis];
      s = 0.0 - s;
    }
  }
}

void MotionState::carry_rests() {
  rest = rows.particles().declare<double>(
      {.name = "rest", .components = static_cast<int>(rests_of_row), .unit = "length"});
}

}  // namespace orrery
