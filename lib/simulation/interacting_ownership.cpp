// Which rank has which particles, and how they come to it and from it.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
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

std::vector<Migrant> InteractingMotion::migrants_of(const RowsById& rows) const {
  const Range mine = EvenSplit(count_, ranks_.size()).part(ranks_.rank());
  std::vector<Migrant> migrants(static_cast<std::size_t>(mine.size()));
  for (std::size_t row = 0; row < migrants.size(); ++row) {
    migrants[row].id = mine.begin + static_cast<std::int64_t>(row);
    migrants[row].name =
        rows.names.empty() ? static_cast<std::uint64_t>(migrants[row].id) : number(rows.names[row]);
    migrants[row].half_kick =
        masses_.half_kick(rows.species.empty() ? 0 : static_cast<std::size_t>(rows.species[row]));
    if (!std::isnormal(migrants[row].half_kick)) throw mass_out_of_range(migrants[row].id);
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis) {
      const double x = rows.position[axis][row], u = rows.velocity[axis][row] * settings_.step;
      const StartingAxis limits = starting_axis(axis);
      const auto place = starting_place(x, limits);
      if (!place) {
        throw Error(ExitCode::input_data, "particle #" + std::to_string(migrants[row].id) + " begins at " +
                                              to_text(x) + no_starting_place(x, limits, 0.0));
      }
      if (!(std::abs(u) < verlet_.most_displacement)) {
        throw Error(ExitCode::simulation_failed,
                    "particle #" + std::to_string(migrants[row].id) + " begins with a velocity of " +
                        to_text(rows.velocity[axis][row]) +
                        ", which takes it farther than the cut-off in one step; use a smaller time.step");
      }
      migrants[row].position[axis] = *place;
      migrants[row].displacement[axis] = round_to_grid(u, verlet_.displacement_magic);
    }
  }
  return migrants;
}

Migrant InteractingMotion::migrant_of(std::size_t row) const {
  Migrant particle{.id = ids_[row], .half_kick = displacement_[width * row + 3]};
  if (langevin_) particle.name = number(names_[row]);
  std::copy_n(rows_.position(row), 3, particle.position);
  std::copy_n(displacement_.data() + width * row, 3, particle.displacement);
  return particle;
}

void InteractingMotion::put(const Migrant& particle, std::size_t row) {
  ids_[row] = particle.id;
  if (langevin_) names_[row] = ParticleId{particle.name};
  double* const position = rows_.position(row);
  double* const displacement = displacement_.data() + width * row;
  std::copy_n(particle.position, 3, position);
  std::copy_n(particle.displacement, 3, displacement);
  position[3] = 0.0;
  displacement[3] = particle.half_kick;
}

void InteractingMotion::resize_owned(std::size_t count) {
  rows_.resize_owned(count, static_cast<std::size_t>(settings_.threads));
  displacement_.resize(width * count);
  ids_.resize(count);
  if (langevin_) names_.resize(count);
}

std::vector<Migrant> InteractingMotion::give() const {
  std::vector<Migrant> particles(rows_.owned());
  for (std::size_t row = 0; row < particles.size(); ++row) particles[row] = migrant_of(row);
  return particles;
}

void InteractingMotion::take(const std::vector<Migrant>& particles) {
  resize_owned(particles.size());
  for (std::size_t row = 0; row < particles.size(); ++row) put(particles[row], row);
}

/// Gives every particle to the rank in whose region it is. Collective.
void InteractingMotion::redistribute(std::vector<Migrant> particles) {
  if (regions_ && ranks_.size() > 1) {
    const auto to = ranks_.apply([&] {
      std::vector<int> owners(particles.size());
      for (std::size_t index = 0; index < particles.size(); ++index)
        owners[index] = regions_->owner(particles[index].position);
      return owners;
    });
    particles = migrate(ranks_, std::move(particles), to);
  }
  ranks_.apply([&] { take(particles); });
}

/// Ends the run where a particle is lost, or there twice. Collective.
void InteractingMotion::check_all_there() const {
  if (census_.is_complete(ids_)) return;
  const auto found = census_.find_miscount(give());
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
  redistribute(ranks_.apply([&] { return give(); }));
  work_since_cut_ = 0.0;
}

/// Whether some ranks have computed forces for longer than others. Collective.
bool InteractingMotion::has_uneven_work() const {
  const auto work = ranks_.pull_everywhere(work_since_cut_);
  const double most = *std::max_element(work.begin(), work.end());
  const double mean = std::accumulate(work.begin(), work.end(), 0.0) / static_cast<double>(work.size());
  return most > (1.0 + most_imbalance) * mean;
}

/// Sends particles that have left this rank's region to where they are now. Collective.
void InteractingMotion::move_leavers() {
  std::vector<Migrant> leavers;
  std::vector<int> to;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const int owner = regions_->owner(rows_.position(row));
    if (owner == ranks_.rank()) {
      move_row(row, kept++);
    } else {
      leavers.push_back(migrant_of(row));
      to.push_back(owner);
    }
  }
  const std::vector<Migrant> arrived = migrate(ranks_, std::move(leavers), to);
  resize_owned(kept + arrived.size());
  for (const Migrant& particle : arrived) put(particle, kept++);
}

void InteractingMotion::move_row(std::size_t from, std::size_t to) {
  if (from == to) return;
  ids_[to] = ids_[from];
  if (langevin_) names_[to] = names_[from];
  std::copy_n(rows_.position(from), width, rows_.position(to));
  std::copy_n(displacement_.data() + width * from, width, displacement_.data() + width * to);
}

RowsById InteractingMotion::rows_by_id() const {
  ranks_.apply([&] { check_walls(); });
  const EvenSplit split(count_, ranks_.size());
  std::vector<Migrant> particles = give();
  std::vector<int> to(particles.size());
  for (std::size_t index = 0; index < particles.size(); ++index) to[index] = split.owner(particles[index].id);
  particles = migrate(ranks_, std::move(particles), to);
  const Range mine = split.part(ranks_.rank());
  RowsById rows;
  const auto count = static_cast<std::size_t>(mine.size());
  rows.position.resize(3);
  rows.velocity.resize(3);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    rows.position[axis].resize(count);
    rows.velocity[axis].resize(count);
  }
  ranks_.apply([&] {
    std::vector<bool> seen(count, false);
    for (const Migrant& particle : particles) {
      const auto row = static_cast<std::size_t>(particle.id - mine.begin);
      seen[row] = true;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        rows.position[axis][row] = wrapped(particle.position[axis], axis);
        rows.velocity[axis][row] = particle.displacement[axis] / settings_.step;
      }
    }
    const auto unseen = std::find(seen.begin(), seen.end(), false) - seen.begin();
    if (unseen < mine.size()) throw miscounted({.id = mine.begin + unseen});
  });
  return rows;
}

}  // namespace orrery
