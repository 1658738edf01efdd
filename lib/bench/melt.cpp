#include "bench/melt.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "comm/exact_total.hpp"
#include "core/error.hpp"
#include "core/even_split.hpp"
#include "particles/initial_velocities.hpp"
#include "particles/lattice_source.hpp"
#include "particles/starting_box.hpp"

namespace orrery {
namespace {

constexpr std::uint64_t sites = 4;  // of a cell
constexpr int axes = 3;

std::uint64_t particles_of(std::uint64_t cells) {
  return sites * cells * cells * cells;
}

}  // namespace

std::uint64_t Melt::cells(std::uint64_t particles) {
  const auto nearest = static_cast<std::uint64_t>(
      std::max(1LL, std::llround(std::cbrt(static_cast<double>(particles) / sites))));
  if (particles_of(nearest) != particles) {
    throw Error(ExitCode::usage, "option --particles: " + std::to_string(particles) +
                                     " particles fill no cube of fcc cells (4 n^3); the nearest number is " +
                                     std::to_string(particles_of(nearest)));
  }
  return nearest;
}

MeltStart draw_melt(std::uint64_t particles, const Communicator& ranks) {
  ParticleOptions options;
  options.source = SourceKind::lattice;
  options.lattice = Lattice::fcc;
  options.cells = PerAxis<std::uint64_t>::all(Melt::cells(particles));
  options.density = Melt::density;
  MeltStart start{.box = box_of(options, {}), .rows = {}};
  LatticeSource source(options, start.box);
  const Range mine = EvenSplit(source.count(), ranks.size()).part(ranks.rank());
  const auto count = static_cast<std::size_t>(mine.size());
  std::vector<ParticleId> ids;
  std::vector<std::span<double>> velocities;
  ranks.apply([&] {
    ParticleRows rows(axes, 0, count);
    source.read(mine, rows);
    ids = rows.id;
    for (const auto& column : rows.position) start.rows.position.emplace_back(column.begin(), column.end());
    start.rows.velocity.assign(axes, AlignedVector<double>(count));
    velocities.assign(start.rows.velocity.begin(), start.rows.velocity.end());
  });
  constexpr int grid_bits = 40;
  InitialVelocities drawn(options.seed, source.count(), ids, velocities, grid_bits);
  drawn.draw();
  drawn.remove_mean(sum_over(ranks, drawn.momentum()));
  drawn.scale(sum_over(ranks, drawn.kinetic()), Melt::temperature, 1.0);
  drawn.remove_remainder(sum_over(ranks, drawn.momentum()));
  return start;
}

}  // namespace orrery
