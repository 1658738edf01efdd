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

InteractingMotion::Travellers InteractingMotion::travellers_of(const RowsById& rows) const {
  const Range mine = EvenSplit(count_, ranks_.size()).part(ranks_.rank());
  std::vector<Migrant> migrants(static_cast<std::size_t>(mine.size()));
  std::vector<Rests> rests(carries_rests_ ? migrants.size() : 0);
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
                                              to_text(x + box_.origin[axis]) +
                                              no_starting_place(x, limits, box_.origin[axis]));
      }
      if (!(std::abs(u) < verlet_.most_displacement)) {
        throw Error(ExitCode::simulation_failed,
                    "particle #" + std::to_string(migrants[row].id) + " begins with a velocity of " +
                        to_text(rows.velocity[axis][row]) +
                        ", which takes it farther than the cut-off in one step; use a smaller time.step");
      }
      migrants[row].position[axis] = place->coordinate;
      migrants[row].displacement[axis] = round_to_grid(u, verlet_.displacement_magic);
      if (!carries_rests_) continue;
      rests[row].of[axis] = round_to_grid(place->rest, verlet_.rest_magic);
      rests[row].of[displacement_rests + axis] =
          round_to_grid(u - migrants[row].displacement[axis], verlet_.rest_magic);
    }
  }
  return {std::move(migrants), std::move(rests)};
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
  if (carries_rests_) rest_.resize(rests_of_row * count);
}

Rests InteractingMotion::rests_of(std::size_t row) const {
  Rests rests;
  std::copy_n(rest_.data() + rests_of_row * row, rests_of_row, rests.of);
  return rests;
}

InteractingMotion::Travellers InteractingMotion::give() const {
  Travellers travellers;
  travellers.particles.resize(rows_.owned());
  if (carries_rests_) travellers.rests.resize(rows_.owned());
  for (std::size_t row = 0; row < travellers.particles.size(); ++row)
    travellers.particles[row] = migrant_of(row);
  for (std::size_t row = 0; row < travellers.rests.size(); ++row) travellers.rests[row] = rests_of(row);
  return travellers;
}

void InteractingMotion::take(const Travellers& travellers) {
  resize_owned(travellers.particles.size());
  for (std::size_t row = 0; row < travellers.particles.size(); ++row) put(travellers.particles[row], row);
  for (std::size_t row = 0; row < travellers.rests.size(); ++row)
    std::copy_n(travellers.rests[row].of, rests_of_row, rest_.data() + rests_of_row * row);
}

/// Sends particles to ranks, and their rests after them. Collective.
InteractingMotion::Travellers InteractingMotion::send(Travellers travellers, std::span<const int> to) const {
  travellers.particles = migrate(ranks_, std::move(travellers.particles), to);
  if (carries_rests_) travellers.rests = migrate(ranks_, std::move(travellers.rests), to);
  return travellers;
}

/// Gives every particle to the rank in whose region it is. Collective.
void InteractingMotion::redistribute(Travellers travellers) {
  if (regions_ && ranks_.size() > 1) {
    const auto to = ranks_.apply([&] {
      std::vector<int> owners(travellers.particles.size());
      for (std::size_t index = 0; index < owners.size(); ++index)
        owners[index] = regions_->owner(travellers.particles[index].position);
      return owners;
    });
    travellers = send(std::move(travellers), to);
  }
  ranks_.apply([&] { take(travellers); });
}

/// Ends the run where a particle is lost, or there twice. Collective.
void InteractingMotion::check_all_there() const {
  if (census_.is_complete(ids_)) return;
  const auto found = census_.find_miscount(give().particles);
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
  Travellers leavers;
  std::vector<int> to;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < rows_.owned(); ++row) {
    const int owner = regions_->owner(rows_.position(row));
    if (owner == ranks_.rank()) {
      move_row(row, kept++);
    } else {
      leavers.particles.push_back(migrant_of(row));
      if (carries_rests_) leavers.rests.push_back(rests_of(row));
      to.push_back(owner);
    }
  }
  const Travellers arrived = send(std::move(leavers), to);
  resize_owned(kept + arrived.particles.size());
  for (std::size_t index = 0; index < arrived.rests.size(); ++index)
    std::copy_n(arrived.rests[index].of, rests_of_row, rest_.data() + rests_of_row * (kept + index));
  for (const Migrant& particle : arrived.particles) put(particle, kept++);
}

void InteractingMotion::move_row(std::size_t from, std::size_t to) {
  if (from == to) return;
  ids_[to] = ids_[from];
  if (langevin_) names_[to] = names_[from];
  std::copy_n(rows_.position(from), width, rows_.position(to));
  std::copy_n(displacement_.data() + width * from, width, displacement_.data() + width * to);
  if (carries_rests_)
    std::copy_n(rest_.data() + rests_of_row * from, rests_of_row, rest_.data() + rests_of_row * to);
}

RowsById InteractingMotion::rows_by_id() const {
  ranks_.apply([&] { check_walls(); });
  const EvenSplit split(count_, ranks_.size());
  Travellers travellers = give();
  std::vector<int> to(travellers.particles.size());
  for (std::size_t index = 0; index < to.size(); ++index)
    to[index] = split.owner(travellers.particles[index].id);
  travellers = send(std::move(travellers), to);
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
    for (std::size_t index = 0; index < travellers.particles.size(); ++index) {
      const Migrant& particle = travellers.particles[index];
      const auto row = static_cast<std::size_t>(particle.id - mine.begin);
      seen[row] = true;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        double x = wrapped(particle.position[axis], axis), u = particle.displacement[axis];
        if (carries_rests_) {
          x += travellers.rests[index].of[axis];
          if (periods_[axis] > 0.0 && x < 0.0) x = 0.0;  // by less than a unit: the image stays the same
          u += travellers.rests[index].of[displacement_rests + axis];
        }
        rows.position[axis][row] = x;
        rows.velocity[axis][row] = u / settings_.step;
      }
    }
    const auto unseen = std::find(seen.begin(), seen.end(), false) - seen.begin();
    if (unseen < mine.size()) throw miscounted({.id = mine.begin + unseen});
  });
  return rows;
}

}  // namespace orrery
