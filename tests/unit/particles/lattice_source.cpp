#include "particles/lattice_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "particles/starting_box.hpp"

namespace orrery {
namespace {

ParticleOptions lattice_options(Lattice lattice, PerAxis<std::uint64_t> cells, double density) {
  ParticleOptions options;
  options.source = SourceKind::lattice;
  options.lattice = lattice;
  options.cells = cells;
  options.density = density;
  return options;
}

ParticleRows read(const ParticleOptions& options, const Box& box, Range range) {
  ParticleRows rows(box.axes, 0, 0);
  LatticeSource(options, box).read(range, rows);
  return rows;
}

ParticleRows read_all(const ParticleOptions& options, const Box& box) {
  return read(options, box, {0, LatticeSource(options, box).count()});
}

std::vector<Vec3> points_of(const ParticleRows& rows) {
  std::vector<Vec3> points(rows.size(), Vec3{});
  for (std::size_t axis = 0; axis < rows.position.size(); ++axis)
    for (std::size_t row = 0; row < rows.size(); ++row) points[row][axis] = rows.position[axis][row];
  return points;
}

/// Distances from one particle to all others, each to the nearest image, in ascending order.
std::vector<double> distances_from(std::size_t row, const std::vector<Vec3>& points, const Box& box) {
  std::vector<double> distances;
  for (std::size_t other = 0; other < points.size(); ++other) {
    if (other == row) continue;
    double square = 0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis) {
      double d = std::abs(points[other][axis] - points[row][axis]);
      d = std::min(d, box.lengths[axis] - d);
      square += d * d;
    }
    distances.push_back(std::sqrt(square));
  }
  std::sort(distances.begin(), distances.end());
  return distances;
}

TEST(LatticeSource, PutsFccOnTheEvenPointsOfAGridOfHalves) {
  // Four particles to a unit of volume: the cell's edge is 1.
  const auto options = lattice_options(Lattice::fcc, {{2, 3, 4}, 3}, 4.0);
  const Box box = box_of(options, {});
  EXPECT_EQ(box.lengths, (Vec3{2, 3, 4}));
  std::vector<Vec3> expected;
  for (int x = 0; x < 4; ++x)
    for (int y = 0; y < 6; ++y)
      for (int z = 0; z < 8; ++z)
        if ((x + y + z) % 2 == 0) expected.push_back({0.25 + 0.5 * x, 0.25 + 0.5 * y, 0.25 + 0.5 * z});
  auto points = points_of(read_all(options, box));
  EXPECT_EQ(points.size(), 4U * 24U);
  std::sort(points.begin(), points.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(points, expected);
}

TEST(LatticeSource, GivesEveryParticleOfFccTwelveNearestNeighbours) {
  const auto options = lattice_options(Lattice::fcc, PerAxis<std::uint64_t>::all(4), 0.8442);
  const Box box = box_of(options, {});
  const auto rows = read_all(options, box);
  EXPECT_EQ(rows.size(), 256U);
  const double edge = std::cbrt(4 / 0.8442);
  const auto points = points_of(rows);
  for (std::size_t row = 0; row < points.size(); ++row) {
    const auto distances = distances_from(row, points, box);
    for (std::size_t near = 0; near < 12; ++near)
      EXPECT_NEAR(distances[near], edge / std::sqrt(2.0), 1e-13 * edge);
    EXPECT_NEAR(distances[12], edge, 1e-13 * edge);
  }
}

TEST(LatticeSource, SpacesSquareAndSimpleCubicEvenly) {
  const auto square = lattice_options(Lattice::square, {{5, 4, 0}, 2}, 0.25);
  const Box plane = box_of(square, {});
  EXPECT_EQ(plane.axes, 2);
  EXPECT_EQ(plane.lengths, (Vec3{10, 8, 0}));
  const auto in_plane = read_all(square, plane);
  EXPECT_EQ(in_plane.size(), 20U);
  EXPECT_EQ(in_plane.position.size(), 2U);
  EXPECT_EQ(distances_from(7, points_of(in_plane), plane)[3], 2.0);
  EXPECT_GT(distances_from(7, points_of(in_plane), plane)[4], 2.8);
  EXPECT_EQ(in_plane.position[0][6], 1.25 * 2);  // id 6 is the second cell of the second row
  EXPECT_EQ(in_plane.position[1][6], 1.25 * 2);

  const auto cubic = lattice_options(Lattice::simple_cubic, PerAxis<std::uint64_t>::all(4), 0.125);
  const Box space = box_of(cubic, {});
  const auto in_space = read_all(cubic, space);
  EXPECT_EQ(in_space.size(), 64U);
  EXPECT_EQ(distances_from(21, points_of(in_space), space)[5], 2.0);
  EXPECT_GT(distances_from(21, points_of(in_space), space)[6], 2.8);
}

TEST(LatticeSource, StaysInsideItsBoxAtAnyDensity) {
  for (const double density : {0.8442, 1e-30, 3.0e20, 0.1}) {
    const auto options = lattice_options(Lattice::fcc, {{7, 1, 3}, 3}, density);
    const Box box = box_of(options, {});
    const auto rows = read_all(options, box);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const double x : rows.position[axis]) {
        EXPECT_GT(x, 0.0);
        EXPECT_LT(x, box.lengths[axis]);
      }
    }
    EXPECT_NEAR(static_cast<double>(rows.size()) / box.volume() / density, 1.0, 1e-14);
  }
}

TEST(LatticeSource, MakesTheSameParticleForTheSameIdWhateverTheRange) {
  const auto options = lattice_options(Lattice::fcc, {{3, 2, 4}, 3}, 0.8442);
  const Box box = box_of(options, {});
  const auto all = read_all(options, box);
  for (const std::int64_t parts : {2, 3, 7, 96}) {
    for (std::int64_t part = 0; part < parts; ++part) {
      const Range range{96 * part / parts, 96 * (part + 1) / parts};
      const auto rows = read(options, box, range);
      ASSERT_EQ(rows.size(), static_cast<std::size_t>(range.size()));
      for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto id = static_cast<std::size_t>(range.begin) + row;
        EXPECT_EQ(rows.id[row], ParticleId{id});
        for (std::size_t axis = 0; axis < 3; ++axis)
          EXPECT_EQ(rows.position[axis][row], all.position[axis][id]);
      }
    }
  }
}

TEST(LatticeSource, CountsTheMeltOfThirtyTwoThousand) {
  const auto options = lattice_options(Lattice::fcc, PerAxis<std::uint64_t>::all(20), 0.8442);
  EXPECT_EQ(LatticeSource(options, box_of(options, {})).count(), 32'000);
}

}  // namespace
}  // namespace orrery
