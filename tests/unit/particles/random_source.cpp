#include "particles/random_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

using testing::HasSubstr;

ParticleOptions random_options(std::uint64_t count, double min_distance) {
  ParticleOptions options;
  options.source = SourceKind::random;
  options.count = count;
  options.min_distance = min_distance;
  return options;
}

Box box_with(Vec3 lengths, Boundary boundary) {
  return {lengths[2] > 0 ? 3 : 2, lengths, {boundary, boundary, boundary}};
}

ParticleRows read(RandomSource& source, int axes, Range range) {
  ParticleRows rows(axes, 0, 0);
  source.read(range, rows);
  return rows;
}

ParticleRows read_all(const ParticleOptions& options, const Box& box) {
  RandomSource source(options, box);
  return read(source, box.axes, {0, source.count()});
}

/// Least distance over all pairs, to the nearest image on periodic axes.
double min_distance_in(const ParticleRows& rows, const Box& box) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t a = 0; a < rows.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      double square = 0;
      for (std::size_t axis = 0; axis < rows.position.size(); ++axis) {
        double d = std::abs(rows.position[axis][a] - rows.position[axis][b]);
        if (box.boundary[axis] == Boundary::periodic) d = std::min(d, box.lengths[axis] - d);
        square += d * d;
      }
      least = std::min(least, square);
    }
  }
  return std::sqrt(least);
}

TEST(RandomSource, KeepsTheLeastDistanceInPlaneAndSpaceWithAnyBoundary) {
  for (const auto boundary : {Boundary::periodic, Boundary::reflect, Boundary::open}) {
    const Box plane = box_with({30, 20, 0}, boundary);
    const auto in_plane = read_all(random_options(300, 1.0), plane);
    EXPECT_EQ(in_plane.size(), 300U);
    EXPECT_GE(min_distance_in(in_plane, plane), 1.0);
    EXPECT_LT(min_distance_in(in_plane, plane), 1.02);  // as near as that they do come

    const Box space = box_with({10, 8, 9}, boundary);
    const auto in_space = read_all(random_options(400, 1.0), space);
    EXPECT_GE(min_distance_in(in_space, space), 1.0);
    EXPECT_LT(min_distance_in(in_space, space), 1.02);
  }
}

TEST(RandomSource, KeepsTheLeastDistanceInThinAndSmallBoxes) {
  for (const Vec3& lengths : {Vec3{1000, 1, 1}, Vec3{1, 2, 300}, Vec3{2.5, 2.5, 2.5}, Vec3{1, 400, 0}}) {
    const Box box = box_with(lengths, Boundary::periodic);
    const std::uint64_t count = lengths == Vec3{2.5, 2.5, 2.5} ? 8 : 100;
    const auto rows = read_all(random_options(count, 1.0), box);
    EXPECT_EQ(rows.size(), count);
    EXPECT_GE(min_distance_in(rows, box), 1.0);
  }
}

TEST(RandomSource, PlacesWhatSearchingAllPairsWouldPlace) {
  const Box box = box_with({9, 7, 8}, Boundary::periodic);
  auto options = random_options(250, 1.0);
  options.seed = 77;
  const auto rows = read_all(options, box);
  ParticleRows expected(3, 0, 0);
  for (std::uint64_t attempt = 0; expected.size() < 250; ++attempt) {
    const auto first = random_bits({77, 2, 0}, attempt);
    const auto second = random_bits({77, 2, 1}, attempt);
    expected.resize(expected.size() + 1);
    expected.position[0].back() = uniform_number(first[0], 0, 9);
    expected.position[1].back() = uniform_number(first[1], 0, 7);
    expected.position[2].back() = uniform_number(second[0], 0, 8);
    if (min_distance_in(expected, box) < 1.0) expected.resize(expected.size() - 1);
  }
  EXPECT_EQ(rows.position, expected.position);
}

TEST(RandomSource, GivesTheSameParticlesWhateverTheSliceAndTheirNumber) {
  const Box box = box_with({20, 20, 20}, Boundary::periodic);
  const auto all = read_all(random_options(1000, 1.0), box);
  RandomSource fewer(random_options(500, 1.0), box);
  for (const Range range : {Range{0, 500}, Range{499, 500}, Range{100, 317}, Range{7, 7}}) {
    const auto rows = read(fewer, 3, range);
    ASSERT_EQ(rows.size(), static_cast<std::size_t>(range.size()));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto id = static_cast<std::size_t>(range.begin) + row;
      EXPECT_EQ(rows.id[row], ParticleId{id});
      for (std::size_t axis = 0; axis < 3; ++axis)
        EXPECT_EQ(rows.position[axis][row], all.position[axis][id]);
    }
  }
}

TEST(RandomSource, FillsTheBoxEvenlyWhereThereIsNoLeastDistance) {
  const Box box = box_with({2, 3, 5}, Boundary::open);
  constexpr int count = 100'000;
  const auto rows = read_all(random_options(count, 0.0), box);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    double mean = 0;
    for (const double x : rows.position[axis]) {
      EXPECT_GE(x, 0.0);
      EXPECT_LT(x, box.lengths[axis]);
      mean += x / count;
    }
    // Five standard errors.
    EXPECT_NEAR(mean, box.lengths[axis] / 2, 5 * box.lengths[axis] / std::sqrt(12.0 * count));
  }
}

TEST(RandomSource, GivesOtherPlacesForOtherSeeds) {
  const Box box = box_with({2, 3, 0}, Boundary::open);
  auto options = random_options(50, 0.0);
  const auto first = read_all(options, box);
  options.seed = 2;
  const auto second = read_all(options, box);
  for (std::size_t row = 0; row < 50; ++row) EXPECT_NE(first.position[0][row], second.position[0][row]);
}

TEST(RandomSource, HoldsNoParticlesOrOne) {
  const Box box = box_with({1, 1, 1}, Boundary::periodic);
  EXPECT_EQ(read_all(random_options(0, 0.5), box).size(), 0U);
  EXPECT_EQ(read_all(random_options(1, 1.0), box).size(), 1U);
}

std::string refusal(const ParticleOptions& options, const Box& box) {
  try {
    RandomSource(options, box);
  } catch (const OptionConflict& conflict) {
    EXPECT_EQ(conflict.code(), ExitCode::configuration);
    EXPECT_EQ(conflict.keys().front(), "particles.min-distance");
    return conflict.what();
  }
  return "accepted";
}

/// The number that follows `words` in a text.
double number_after(const std::string& words, const std::string& text) {
  const auto at = text.find(words);
  EXPECT_NE(at, std::string::npos) << text;
  double number = 0;
  std::istringstream(text.substr(at + words.size())) >> number;
  return number;
}

TEST(RandomSource, SaysWhatWouldFitAndIsRight) {
  for (const Vec3& lengths : {Vec3{20, 20, 0}, Vec3{8, 8, 8}}) {
    const Box box = box_with(lengths, Boundary::periodic);
    const std::uint64_t count = 900;
    const std::string text = refusal(random_options(count, 1.0), box);
    EXPECT_THAT(text, HasSubstr("particles.count 900 do not fit into the box with particles.min-distance 1 "
                                "between them ("));
    const auto fitting = static_cast<std::uint64_t>(number_after("set particles.count to ", text));
    EXPECT_EQ(refusal(random_options(fitting, 1.0), box), "accepted") << text;
    EXPECT_NE(refusal(random_options(fitting + 1, 1.0), box), "accepted") << text;
    EXPECT_EQ(refusal(random_options(count, number_after("particles.min-distance to ", text)), box),
              "accepted");
    const double wider = number_after("make box.lengths ", text);
    const Box wide =
        box_with({lengths[0] * wider, lengths[1] * wider, lengths[2] * wider}, Boundary::periodic);
    EXPECT_EQ(refusal(random_options(count, 1.0), wide), "accepted");
    // Not so few that the box would be half empty: 0.547 and 0.384 of it is the most that can be covered.
    const double pi = 3.14159265358979;
    const double covered = static_cast<double>(fitting) * (box.axes == 2 ? pi / 4 / 400 : pi / 6 / 512);
    EXPECT_GT(covered, box.axes == 2 ? 0.48 : 0.32);
    EXPECT_LT(covered, box.axes == 2 ? 0.56 : 0.40);
  }
}

TEST(RandomSource, RefusesADistanceAboveThePeriodicBox) {
  EXPECT_THAT(refusal(random_options(1, 1.5), box_with({1, 2, 3}, Boundary::periodic)),
              HasSubstr("its own image"));
  EXPECT_EQ(refusal(random_options(1, 1.5), box_with({1, 2, 3}, Boundary::reflect)), "accepted");
}

}  // namespace
}  // namespace orrery
