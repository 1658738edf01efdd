#include "particles/particle_options.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/number_text.hpp"

namespace orrery {
namespace {

constexpr std::uint64_t most_particles = std::uint64_t{1} << 48;

/// Particles that are placed one after the other have to be held, and found in a grid of 32-bit numbers.
constexpr std::uint64_t most_placed_particles = (std::uint64_t{1} << 32) - 2;

std::string count_text(double count) {
  return count < 0x1p53 ? std::to_string(static_cast<std::uint64_t>(count)) : to_text(count);
}

}  // namespace

void ParticleOptions::describe(OptionSet& options) {
  options.add_choice(
      "particles.source", source,
      {{"uniform", SourceKind::uniform},
       {"file", SourceKind::file},
       {"lattice", SourceKind::lattice},
       {"random", SourceKind::random}},
      {"where the particles come from: drawn at random, read from particles.file, on a lattice, "
       "or at random in the box with particles.min-distance between them"});
  options.add_file(
      "particles.file", file, FileUse::read,
      {"H5MD or extended XYZ, whose last frame is read, or a table (*.csv, *.txt) with columns x, y, those "
       "of "
       "the law (speed for rotation; vx, vy, ... for pairs, else 0) and perhaps id; text may be compressed "
       "(*.gz)"});
  options.add("particles.group", group,
              {"which group below /particles of an H5MD file to read; without it the only one"});
  options.add("particles.count", count, 0, most_particles, {"how many particles to draw"});
  options.add_seed("particles.seed", seed, {"seed of the random numbers"});
  options.add("particles.low", low, true, {"least position drawn, per axis", "length"});
  options.add("particles.high", high, true, {"greatest position drawn, per axis", "length"});
  options.add_choice(
      "particles.lattice", lattice,
      {{"square", Lattice::square}, {"simple-cubic", Lattice::simple_cubic}, {"fcc", Lattice::fcc}},
      {"the lattice: square in the plane, the others in space, with one particle in a cell, or four in fcc"});
  options.add("particles.cells", cells, 1, most_particles, {"unit cells of the lattice"});
  options.add("particles.density", density, {.least = 0.0, .most = 1e100},
              {"particles of the lattice in a unit of area or volume, which sets the box; 0 takes the box's",
               "1/length^axes"});
  options.add("particles.min-distance", min_distance, {.least = 0.0, .most = 1e100},
              {"smallest distance between any two particles drawn at random in the box", "length"});
  options.renamed("particles.least-distance", "particles.min-distance");
  options.add("particles.temperature", temperature, {.least = 0.0, .most = 1e100},
              {"temperature, in units of energy, of particles on a lattice or at random in the box, or of a "
               "file without "
               "velocities; 0 is at rest",
               "energy"});
  options.add_choice(
      "particles.momentum", momentum, {{"keep", StartMomentum::keep}, {"zero", StartMomentum::zero}},
      {"total momentum of particles from a file: as it is there (keep), or none, by taking the "
       "velocity of the centre of mass off (zero); drawn velocities have none"});
  for (auto& range : ranges) {
    options.add(range.low_key(), range.low, {}, {"least drawn " + range.description});
    options.add(range.high_key(), range.high, {}, {"greatest drawn " + range.description});
  }
}

std::vector<std::string> ParticleOptions::idle_keys() const {
  constexpr auto uniform = SourceKind::uniform;
  constexpr auto on_lattice = SourceKind::lattice;
  constexpr auto random = SourceKind::random;
  std::vector<std::string> idle;
  const auto for_sources = [&](const std::string& key, std::initializer_list<SourceKind> sources) {
    if (std::find(sources.begin(), sources.end(), source) == sources.end()) idle.push_back(key);
  };
  for_sources("particles.file", {SourceKind::file});
  for_sources("particles.group", {SourceKind::file});
  for_sources("particles.momentum", {SourceKind::file});
  for_sources("particles.count", {uniform, random});
  for_sources("particles.low", {uniform});
  for_sources("particles.high", {uniform});
  for_sources("particles.lattice", {on_lattice});
  for_sources("particles.cells", {on_lattice});
  for_sources("particles.density", {on_lattice});
  for_sources("particles.min-distance", {random});
  // Velocities that a file does not have are drawn.
  const bool is_drawn = source == SourceKind::file && temperature > 0.0;
  if (!is_drawn) for_sources("particles.seed", {uniform, on_lattice, random});
  if (!is_drawn) for_sources("particles.temperature", {on_lattice, random});
  for (const auto& range : ranges) {
    for_sources(range.low_key(), {uniform});
    for_sources(range.high_key(), {uniform});
  }
  return idle;
}

void ParticleOptions::validate() const {
  for (std::size_t axis = 0; axis < low.size(); ++axis) {
    if (low[axis] > high[axis]) {
      throw OptionConflict({"particles.low", "particles.high"},
                           "particles.low " + to_text(low[axis]) + " is above particles.high " +
                               to_text(high[axis]) + " (no position lies between them); exchange the two");
    }
  }
  for (const auto& range : ranges) {
    if (range.low > range.high) {
      throw OptionConflict({range.low_key(), range.high_key()},
                           range.low_key() + " " + to_text(range.low) + " is above " + range.high_key() +
                               " " + to_text(range.high) + " (no value lies between them); exchange the two");
    }
  }
  if (source == SourceKind::file && file.empty()) {
    throw OptionConflict(
        {"particles.source", "particles.file"},
        "particles.source is file but particles.file is not set; name a file such as *.h5md, *.csv or *.xyz");
  }
  if (source == SourceKind::lattice) check_cells();
  if (source == SourceKind::random && count > most_placed_particles) {
    throw OptionConflict({"particles.count", "particles.source"},
                         "particles.count " + std::to_string(count) +
                             " is more than particles.source random can place one by one, " +
                             std::to_string(most_placed_particles) + "; take fewer, or a lattice");
  }
}

void ParticleOptions::check_cells() const {
  const UnitCell cell = unit_cell(lattice);
  auto particles = static_cast<double>(cell.sites.size());
  for (int axis = 0; axis < cell.axes; ++axis) particles *= static_cast<double>(cells[axis]);
  if (particles <= static_cast<double>(most_particles)) return;
  throw OptionConflict({"particles.cells"}, "particles.cells makes a lattice of " + count_text(particles) +
                                                " particles (at most " + std::to_string(most_particles) +
                                                " can be told apart); take fewer cells");
}

}  // namespace orrery
