/// The rotation against references in 60 digits (scripts/make_rotation_reference.py) and against the
/// published values.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "reference_cases.hpp"

namespace orrery {
namespace {

std::vector<ReferenceCase> reference_cases() {
  return read_reference_cases("rotation_reference.csv");
}

/// Distance from the reference end point.
long double error_of(const ReferenceCase& reference) {
  const auto method = reference.method == "circle" ? RotationMethod::circle : RotationMethod::direct;
  return distances_from_reference(method, {&reference, 1}).front();
}

TEST(RotationReference, HasCasesOfBothMethods) {
  int direct = 0;
  int circle = 0;
  for (const auto& reference : reference_cases()) ++(reference.method == "circle" ? circle : direct);
  EXPECT_GE(direct, 50);
  EXPECT_GE(circle, 50);
}

TEST(RotationReference, CircleIsExactToRounding) {
  double worst = 0;
  for (const auto& reference : reference_cases()) {
    if (reference.method != "circle") continue;
    const double radius = std::hypot(reference.x, reference.y);
    const double angle =
        std::abs(reference.speed) * reference.step * static_cast<double>(reference.steps) / radius;
    if (angle > 1e13) continue;  // documented: beyond, a double does not say where on the circle
    const auto error = static_cast<double>(error_of(reference) / radius);
    worst = std::max(worst, error);
    EXPECT_LT(error, 4e-16) << reference.x << " " << reference.y << " " << reference.speed << " "
                            << reference.steps;
  }
  RecordProperty("worst_relative_error", std::to_string(worst));
  std::cout << "worst error of circle, relative to the radius: " << worst << "\n";
}

TEST(RotationReference, DirectDiffersFromTheRecurrenceByAccumulatedRoundingOnly) {
  double worst = 0;
  for (const auto& reference : reference_cases()) {
    if (reference.method != "direct") continue;
    const auto error = static_cast<double>(error_of(reference) / reference.end_radius());
    // Each step rounds by up to 2^-53 in x, in y, and in the turn. Where steps drown in the position's last
    // bits the errors all have one sign, elsewhere they add up like a random walk: the bound is the former.
    const double bound = 1e-15 + 2.3e-16 * static_cast<double>(reference.steps);
    EXPECT_LT(error, bound) << reference.x << " " << reference.y << " " << reference.speed << " "
                            << reference.step << " " << reference.steps;
    worst = std::max(worst, error);
  }
  std::cout << "worst error of direct, relative to the radius: " << worst << "\n";
  EXPECT_LT(worst, 1e-12);
}

/// Reference particles of the benchmark, after 10,000 steps of 1e-5; 40 digits, rounded.
struct Published {
  double x, y, speed;
  long double stepped_x, stepped_y;
};
constexpr Published published[] = {
    {0.3, 0.5, 1, 0.21026984503568040L, 0.54386357872969482L},
    {0.0, -0.5, -1, -0.09933476605673608L, -0.49003428885380410L},
    {-0.1, -0.4, 3, 0.19135850382526364L, -0.36522722107443821L},
};

TEST(RotationReference, DirectMeetsThePublishedValues) {
  for (const auto& p : published) {
    EXPECT_LT(error_of({"direct", p.x, p.y, p.speed, 1e-5, 10'000, p.stepped_x, p.stepped_y}), 2e-14L);
  }
}

TEST(RotationReference, TellsTheTwoMotionsApart) {
  // They differ by more than any tolerance above: the tests would see one taken for the other.
  for (const auto& p : published) {
    EXPECT_GT(error_of({"circle", p.x, p.y, p.speed, 1e-5, 10'000, p.stepped_x, p.stepped_y}), 1e-9L);
  }
}

TEST(RotationReference, DirectConvergesToTheCircleWithFirstOrder) {
  const auto error_at = [](double step, std::int64_t steps) {
    // Exact motion of (1, 0) at speed 1 to time 1.
    return static_cast<double>(error_of({"direct", 1, 0, 1, step, steps, std::cos(1.0L), std::sin(1.0L)}));
  };
  const double coarse = error_at(0x1p-7, 1 << 7);
  const double fine = error_at(0x1p-8, 1 << 8);
  EXPECT_NEAR(coarse / fine, 2.0, 0.02);
}

}  // namespace
}  // namespace orrery
