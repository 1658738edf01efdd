#include "particles/random_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "core/cube_root.hpp"
#include "core/error.hpp"
#include "core/number_text.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

/// Particles that were placed, found again through a grid of cells at least as wide as the smallest allowed
/// distance.
class PlacedParticles {
public:
  PlacedParticles(const Box& box, double min_distance, std::uint64_t count)
      : box_(box), least_square_(min_distance * min_distance) {
    choose_cells(min_distance, static_cast<double>(std::max<std::uint64_t>(count, 1)));
    first_.assign(static_cast<std::size_t>(cells_[0] * cells_[1] * cells_[2]), none);
    next_.reserve(count);
    place_.reserve(count);
    find_offsets();
  }

  std::uint64_t count() const { return next_.size(); }

  /// Whether no particle is nearer to a place than the smallest allowed distance.
  bool has_room(const Vec3& place) const {
    const Cell home = cell_of(place);
    return std::none_of(offsets_.begin(), offsets_.end(), [&](const Cell& offset) {
      Cell cell{};
      for (std::size_t axis = 0; axis < axes(); ++axis)
        if (!take(axis, home[axis] + offset[axis], cell)) return false;
      return is_near_any_in(cell, place);
    });
  }

  void add(const Vec3& place) {
    const std::size_t cell = index_of(cell_of(place));
    next_.push_back(first_[cell]);
    first_[cell] = static_cast<std::uint32_t>(next_.size() - 1);
    place_.push_back(place);
  }

  std::vector<Vec3> take_places() { return std::move(place_); }

private:
  using Cell = std::array<std::int64_t, 3>;
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  std::size_t axes() const { return static_cast<std::size_t>(box_.axes); }

  /// Cells a little wider than the smallest allowed distance, so that rounding cannot part two neighbours by
  /// a whole cell; and no more of them than particles, as a finer grid would be memory for nothing.
  void choose_cells(double min_distance, double count) {
    const double share = box_.volume() / count;
    const double edge = std::max(min_distance, box_.axes == 2 ? std::sqrt(share) : cube_root(share));
    Vec3 fitting{1.0, 1.0, 1.0};
    for (std::size_t axis = 0; axis < axes(); ++axis)
      fitting[axis] = std::max(1.0, std::floor(box_.lengths[axis] / edge * (1.0 - 1e-9)));
    while (fitting[0] * fitting[1] * fitting[2] > count) {
      double& most = *std::max_element(fitting.begin(), fitting.end());
      most = std::floor(most / 2.0);
    }
    for (std::size_t axis = 0; axis < axes(); ++axis) cells_[axis] = static_cast<std::int64_t>(fitting[axis]);
  }

  /// The nearest cells come first, as most places that are passed over are so for a particle in them.
  void find_offsets() {
    const std::int64_t most_z = box_.axes == 3 ? 1 : 0;
    for (std::int64_t z = -most_z; z <= most_z; ++z)
      for (std::int64_t y = -1; y <= 1; ++y)
        for (std::int64_t x = -1; x <= 1; ++x) offsets_.push_back({x, y, z});
    const auto square = [](const Cell& o) { return o[0] * o[0] + o[1] * o[1] + o[2] * o[2]; };
    std::stable_sort(offsets_.begin(), offsets_.end(),
                     [&](const Cell& a, const Cell& b) { return square(a) < square(b); });
  }

  Cell cell_of(const Vec3& place) const {
    Cell cell{};
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      const double share = place[axis] / box_.lengths[axis] * static_cast<double>(cells_[axis]);
      cell[axis] = std::min(static_cast<std::int64_t>(share), cells_[axis] - 1);
    }
    return cell;
  }

  std::size_t index_of(const Cell& cell) const {
    return static_cast<std::size_t>((cell[2] * cells_[1] + cell[1]) * cells_[0] + cell[0]);
  }

  /// Sets one of a cell's indices, which may be one off either end; false where there is no cell.
  bool take(std::size_t axis, std::int64_t index, Cell& cell) const {
    const bool is_outside = index < 0 || index >= cells_[axis];
    if (is_outside && box_.boundary[axis] != Boundary::periodic) return false;
    cell[axis] = index < 0 ? cells_[axis] - 1 : index == cells_[axis] ? 0 : index;
    return true;
  }

  bool is_near_any_in(const Cell& cell, const Vec3& place) const {
    for (std::uint32_t other = first_[index_of(cell)]; other != none; other = next_[other]) {
      double square = 0.0;
      for (std::size_t axis = 0; axis < axes(); ++axis) {
        double d = std::abs(place[axis] - place_[other][axis]);
        if (box_.boundary[axis] == Boundary::periodic) d = std::min(d, box_.lengths[axis] - d);
        square += d * d;
      }
      if (square < least_square_) return true;
    }
    return false;
  }

  Box box_;
  double least_square_;
  Cell cells_{1, 1, 1};
  std::vector<std::uint32_t> first_;  // particle in each cell, the one placed last
  std::vector<std::uint32_t> next_;   // particle in the same cell, placed before
  std::vector<Vec3> place_;
  std::vector<Cell> offsets_;  // of the cells around one, itself first
};

/// Places to try, a block of them at a time.
class Attempts {
public:
  Attempts(std::uint64_t seed, const Box& box) : seed_(seed), box_(box) {
    for (auto& column : drawn_) column.resize(block);
  }

  /// Attempts made so far.
  std::uint64_t count() const { return count_; }

  Vec3 next() {
    const std::size_t at = count_ % block;
    if (at == 0) draw();
    ++count_;
    return {drawn_[0][at], drawn_[1][at], box_.axes == 3 ? drawn_[2][at] : 0.0};
  }

private:
  static constexpr std::size_t block = 1024;

  void draw() {
    const auto purpose = static_cast<std::uint32_t>(Purpose::random_position);
    const auto column = [this](std::size_t axis) {
      return UniformColumn{0.0, box_.lengths[axis], drawn_[axis].data()};
    };
    draw_uniform({seed_, purpose, 0}, count_, block, column(0), column(1));
    if (box_.axes == 3) draw_uniform({seed_, purpose, 1}, count_, block, column(2), {});
  }

  std::uint64_t seed_;
  Box box_;
  std::uint64_t count_ = 0;
  std::array<std::vector<double>, 3> drawn_;
};

/// Attempts after which no more are made for the next particle.
std::uint64_t most_attempts(std::uint64_t placed) {
  return RandomSource::attempts_per_particle * placed + RandomSource::attempts_more;
}

/// Refuses a distance at which a particle would be too near to its own image.
void check_images(const ParticleOptions& options, const Box& box) {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
    if (box.boundary[axis] != Boundary::periodic || options.min_distance <= box.lengths[axis]) continue;
    throw OptionConflict(
        {"particles.min-distance", "box.lengths"},
        "particles.min-distance " + to_text(options.min_distance) + " is more than the periodic box, " +
            to_text(box.lengths[axis]) +
            " (a particle would be too near to its own image); reduce it or enlarge the box");
  }
}

/// A number with three digits, rounded down.
double rounded_down(double value) {
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 2.0);
  const double digits = std::floor(value / unit);
  return unit < 1.0 ? digits / std::round(1.0 / unit) : digits * unit;
}

/// @param fits  how many particles were placed
[[noreturn]] void refuse(const ParticleOptions& options, const Box& box, std::uint64_t fits) {
  // Four fifths of what is covered by those that fit.
  const double share = 0.8 * static_cast<double>(fits) / static_cast<double>(options.count);
  const double distance = options.min_distance * (box.axes == 2 ? std::sqrt(share) : cube_root(share));
  const double wider = box.axes == 2 ? 1.0 / std::sqrt(share) : 1.0 / cube_root(share);
  throw OptionConflict(
      {"particles.min-distance", "particles.count", "box.lengths"},
      "particles.count " + std::to_string(options.count) +
          " do not fit into the box with particles.min-distance " + to_text(options.min_distance) +
          " between them (" + std::to_string(fits) + " were placed in " +
          std::to_string(most_attempts(fits)) + " attempts); set particles.count to " + std::to_string(fits) +
          ", particles.min-distance to " + to_text(rounded_down(distance)) + ", or make box.lengths " +
          to_text(std::ceil(wider * 100.0) / 100.0) + " times as large");
}

}  // namespace

RandomSource::RandomSource(const ParticleOptions& options, const Box& box) : axes_(box.axes) {
  check_images(options, box);
  PlacedParticles placed(box, options.min_distance, options.count);
  Attempts attempts(options.seed, box);
  while (placed.count() < options.count) {
    if (attempts.count() >= most_attempts(placed.count())) refuse(options, box, placed.count());
    const Vec3 place = attempts.next();
    if (options.min_distance > 0.0 && !placed.has_room(place)) continue;
    placed.add(place);
  }
  place_ = placed.take_places();
}

std::int64_t RandomSource::count() const {
  return static_cast<std::int64_t>(place_.size());
}

void RandomSource::read(Range range, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(range.size()));
  ensure(rows.position.size() == static_cast<std::size_t>(axes_) && rows.parameter.empty(),
         "particles placed in the box have positions and nothing else");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t id = static_cast<std::size_t>(range.begin) + row;
    rows.id[row] = ParticleId{id};
    for (std::size_t axis = 0; axis < rows.position.size(); ++axis)
      rows.position[axis][row] = place_[id][axis];
  }
}

}  // namespace orrery
