#include "simulation/start_momentum.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/fixed_point.hpp"
#include "integrators/mass_table.hpp"
#include "integrators/momentum_sums.hpp"

namespace orrery {
namespace {

std::size_t species_of(const RowsById& rows, std::size_t row) {
  return rows.species.empty() ? 0 : static_cast<std::size_t>(rows.species[row]);
}

/// Of all ranks. Collective.
MomentumSums sums_of(const Communicator& ranks, const RowsById& rows, int axes, std::size_t species,
                     double scale) {
  MomentumSums sums(species);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
    for (std::size_t row = 0; row < rows.velocity[axis].size(); ++row)
      sums.add(species_of(rows, row), axis, static_cast<std::int64_t>(rows.velocity[axis][row] * scale));
  ranks.sum(sums.halves());
  return sums;
}

/// The species of the least mass that any particle has.
std::size_t lightest(std::span<const double> masses, const std::vector<std::int64_t>& counts) {
  std::size_t found = 0;
  for (std::size_t species = 1; species < masses.size(); ++species)
    if (counts[species] > 0 && (counts[found] == 0 || masses[species] < masses[found])) found = species;
  return found;
}

}  // namespace

void remove_momentum(const Communicator& ranks, RowsById& rows, int axes, std::span<const double> masses,
                     double step, int grid_bits) {
  const MassTable table({masses.begin(), masses.end()}, step, 1.0);
  const FixedPoint grid{grid_bits};
  const double magic = rounding_magic * grid.unit();
  // As displacements for now. What is too fast for the grid is refused later, as it stands.
  std::int64_t too_fast = 0;
  for (const auto& column : rows.velocity)
    for (const double v : column) too_fast += std::abs(v * step * grid.scale()) < 0x1p51 ? 0 : 1;
  ranks.sum(std::span(&too_fast, 1));
  if (too_fast > 0) return;
  for (auto& column : rows.velocity)
    for (double& v : column) v = round_to_grid(v * step, magic);

  std::vector<std::int64_t> counts(masses.size());
  for (std::size_t row = 0; row < rows.velocity[0].size(); ++row) ++counts[species_of(rows, row)];
  ranks.sum(counts);
  const std::size_t light = lightest(masses, counts);
  double mass = 0.0;
  for (std::size_t species = 0; species < masses.size(); ++species)
    mass += masses[species] * static_cast<double>(counts[species]);
  if (mass == 0.0) return;

  const MomentumSums all = sums_of(ranks, rows, axes, masses.size(), grid.scale());
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
    const double mean = std::nearbyint(all.momentum(table, axis) / mass) * grid.unit();
    for (double& u : rows.velocity[axis]) u -= mean;
  }
  const MomentumSums rest = sums_of(ranks, rows, axes, masses.size(), grid.scale());

  std::int64_t before = 0, mine = 0;  // of the lightest species
  for (std::size_t row = 0; row < rows.velocity[0].size(); ++row)
    mine += species_of(rows, row) == light ? 1 : 0;
  const auto of_ranks = ranks.pull_everywhere(mine);
  for (int rank = 0; rank < ranks.rank(); ++rank) before += of_ranks[static_cast<std::size_t>(rank)];
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis) {
    const std::int64_t units = std::llround(rest.momentum(table, axis) / masses[light]);
    const std::int64_t from_all = units / counts[light], more = units % counts[light];
    std::int64_t place = before;
    for (std::size_t row = 0; row < rows.velocity[axis].size(); ++row) {
      if (species_of(rows, row) != light) continue;
      const std::int64_t one = place++ < std::abs(more) ? (more < 0 ? -1 : 1) : 0;
      rows.velocity[axis][row] -= static_cast<double>(from_all + one) * grid.unit();
    }
  }
  for (auto& column : rows.velocity)
    for (double& u : column) u /= step;
}

}  // namespace orrery
