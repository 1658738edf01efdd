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
/// How much longer the slowest rank may take than ranks do on average.
constexpr double most_imbalance = 0.05;

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
                      to_text(rows.velocity[axis][row]) +
                      ", which takes it farther than the cut-off in one step; use a smaller time.step");
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

/// Gives every particle to the rank in whose region it is. Collective.
void InteractingMotion::move_to_owners() {
  if (ranks_.size() == 1) return;
  std::vector<int> owner(rows_.owned());
  ranks_.apply([&] {
    in_parts(std::ssize(owner), settings_.threads, [&](int, Range range) {
      for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row)
        owner[row] = regions_->owner(rows_.position(row));
    });
  });
  const auto arrived = migrate(ranks_, rows_.particles(), owner, settings_.threads);
  resize_owned(rows_.owned());
  for (const std::size_t row : arrived) {
    rows_.position(row)[3] = 0.0;
    set_half_kick(row);
  }
}

/// Ends the run where a particle is lost, or there twice. Collective.
void InteractingMotion::check_all_there() const {
  if (census_.is_complete(indices())) return;
  const auto found = census_.find_miscount(indices(), rows_.position(0));
  ranks_.apply([&] { throw miscounted(found.value_or(Miscount{})); });
}

/// Cuts the regions anew, so that all ranks have as much to do, and gives each its particles. Collective.
void InteractingMotion::cut_regions() {
  constexpr double units = 1000.0;
  const double mean = work_since_cut_ / std::max(1.0, static_cast<double>(rows_.owned()));
  double most = mean;
  ranks_.maximum(std::span(&most, 1));
  const auto weight = most > 0.0 ? static_cast<std::int64_t>(std::max(1.0, units * mean / most)) : 1;
  regions_.emplace(ranks_, rows_.position(0), rows_.owned(), weight);
  move_to_owners();
  work_since_cut_ = 0.0;
}

/// Whether some ranks have computed forces for longer than others. Collective.
bool InteractingMotion::has_uneven_work() const {
  const auto work = ranks_.pull_everywhere(work_since_cut_);
  const double most = *std::max_element(work.begin(), work.end());
  const double mean = std::accumulate(work.begin(), work.end(), 0.0) / static_cast<double>(work.size());
  return most > (1.0 + most_imbalance) * mean;
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
