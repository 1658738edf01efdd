// Which rank has which particles, and how they come to it and from it.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/in_parts.hpp"
#include "core/number_text.hpp"
#include "simulation/interacting_motion.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

}  // namespace

StartingAxis InteractingMotion::starting_axis(std::size_t axis) const {
  return {.boundary = box_.boundary[axis],
          .length = box_.lengths[axis],
          .period = given_lengths_[axis],
          .farthest = farthest_coordinate(box_, settings_.precision),
          .grid = position_grid(box_)};
}

void InteractingMotion::resize_owned(std::size_t count) {
  rows_.resize_owned(count, static_cast<std::size_t>(settings_.threads));
}

/// How strongly forces move the particle. Local.
void InteractingMotion::set_half_kick(std::size_t row) {
  displacement_of(row)[3] = masses_.half_kick(species_of(row));
}

/// Puts one particle where it begins. Local.
void InteractingMotion::place(const RowsById& rows, std::size_t row) {
  Particles& particles = rows_.particles();
  const std::int64_t index = index_of(row);
  if (species_) particles.data(*species_)[row] = rows.species.empty() ? 0 : rows.species[row];
  if (id_)
    particles.data(*id_)[row] =
        rows.names.empty() ? ParticleId{static_cast<std::uint64_t>(index)} : rows.names[row];
  set_half_kick(row);
  double* const displacement = displacement_of(row);
  double* const position = rows_.position(row);
  if (!std::isnormal(displacement[3])) throw mass_out_of_range(index);
  std::fill_n(position, width, 0.0);
  std::fill_n(displacement, 3, 0.0);
  if (rest_) std::fill_n(rests_of(row), rests_of_row, 0.0);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis) {
    const double x = rows.position[axis][row], u = rows.velocity[axis][row] * settings_.step;
    const StartingAxis limits = starting_axis(axis);
    const auto start = starting_place(x, limits);
    if (!start) {
      throw Error(ExitCode::input_data, "particle #" + std::to_string(index) + " begins at " +
                                            to_text(x + box_.origin[axis]) +
                                            no_starting_place(x, limits, box_.origin[axis]));
    }
    if (!(std::abs(u) < verlet_.most_displacement)) {
      throw Error(ExitCode::simulation_failed,
                  "particle #" + std::to_string(index) + " begins with a velocity of " +
                      to_text(rows.velocity[axis][row]) + ", which takes it farther than " +
                      (forces_.has_pairs() ? "the cut-off" : "the shortest edge of the box") +
                      " in one step; use a smaller time.step");
    }
    position[axis] = start->coordinate;
    displacement[axis] = round_to_grid(u, verlet_.displacement_magic);
    if (!rest_) continue;
    rests_of(row)[axis] = round_to_grid(start->rest, verlet_.rest_magic);
    rests_of(row)[displacement_rests + axis] = round_to_grid(u - displacement[axis], verlet_.rest_magic);
  }
}

/// Makes this rank's even part its own. Local.
void InteractingMotion::place(const RowsById& rows) {
  const Range mine = EvenSplit(count_, ranks_.size()).part(ranks_.rank());
  resize_owned(static_cast<std::size_t>(mine.size()));
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    rows_.particles().data(index_)[row] = mine.begin + static_cast<std::int64_t>(row);
    place(rows, row);
  }
}

/// What is not state of particles that have come from other ranks. Local.
void InteractingMotion::welcome(std::span<const std::size_t> arrived) {
  for (const std::size_t row : arrived) {
    rows_.position(row)[3] = 0.0;
    set_half_kick(row);
  }
}

/// Ends the run where a particle is lost, or there twice. Collective.
void InteractingMotion::check_all_there() const {
  const auto found = ownership_.miscount(rows_, index_);
  if (found) ranks_.apply([&] { throw miscounted(*found); });
}

RowsById InteractingMotion::rows_by_id() const {
  ranks_.apply([&] { check_walls(); });
  const EvenSplit split(count_, ranks_.size());
  const auto count = static_cast<std::size_t>(split.part(ranks_.rank()).size());
  RowsById rows;
  rows.position.resize(3);
  rows.velocity.resize(3);
  for (auto* const columns : {&rows.position, &rows.velocity})
    for (auto& column : *columns) column.resize(count);
  std::vector<std::size_t> columns{index_.index, rows_.position_column().index, displacement_.index};
  if (rest_) columns.push_back(rest_->index);
  const auto take = [&](std::size_t row, const GatheredParticle& particle) {
    const auto position = particle.numbers<3>(rows_.position_column());
    const auto displacement = particle.numbers<3>(displacement_);
    std::array<double, rests_of_row> rests{};
    if (rest_) rests = particle.numbers<rests_of_row>(*rest_);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double x = wrapped(position[axis], axis), u = displacement[axis];
      if (rest_) {
        x += rests[axis];
        if (periods_[axis] > 0.0 && x < 0.0) x = 0.0;  // by less than a unit: the image stays the same
        u += rests[displacement_rests + axis];
      }
      rows.position[axis][row] = x;
      rows.velocity[axis][row] = u / settings_.step;
    }
  };
  const std::int64_t missing =
      gather_by_index(ranks_, rows_.particles(), columns, index_, split, settings_.threads, take);
  ranks_.apply([&] {
    if (missing >= 0) throw miscounted({.id = missing});
  });
  return rows;
}

}  // namespace orrery
