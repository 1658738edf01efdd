/// The forms of the stepped rotation against its recurrence in 60 digits
/// (scripts/make_recurrence_reference.py).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "reference_cases.hpp"

namespace orrery {
namespace {

const std::vector<ReferenceCase>& reference_cases() {
  static const auto cases = read_reference_cases("recurrence_reference.csv");
  return cases;
}

/// |a| / r at the start, a = speed dt being the length of a step: it decides which arithmetic a form can use.
double step_over_radius(const ReferenceCase& reference) {
  return std::abs(reference.speed * reference.step) / std::hypot(reference.x, reference.y);
}

/// The cases whose |a| / r is at most `up_to`, and above that of the class before.
struct StepClass {
  double up_to;
  const char* description;
};
constexpr StepClass step_classes[] = {
    {0.0, "0"},           {1e-4, "up to 1e-4"}, {1e-3, "up to 1e-3"},
    {3e-3, "up to 3e-3"}, {0.125, "up to 1/8"}, {std::numeric_limits<double>::infinity(), "above 1/8"},
};
constexpr std::size_t step_class_count = std::size(step_classes);

std::size_t step_class(const ReferenceCase& reference) {
  const double ratio = step_over_radius(reference);
  std::size_t index = 0;
  while (ratio > step_classes[index].up_to) ++index;
  return index;
}

/// A form of the motion that claims to be the recurrence.
struct Form {
  const char* name;
  RotationMethod method;
  double (*bound)(const ReferenceCase&);  ///< of the distance from the reference, relative to the radius
};

std::ostream& operator<<(std::ostream& out, const Form& form) {
  return out << form.name;
}

/// Each step rounds by up to 2^-53 in x, in y, and in the turn. Where steps drown in the position's last bits
/// the errors all have one sign, elsewhere they add up like a random walk: the bound is the former.
double roundings_of_every_step(const ReferenceCase& reference) {
  return 1e-15 + 2.3e-16 * static_cast<double>(reference.steps);
}

/// Two-double arithmetic throughout, with one rounding between explicit steps and the closed form.
double roundings_of_a_jump(const ReferenceCase& reference) {
  return step_over_radius(reference) > 0.125 ? 2e-15 : 4e-16;
}

constexpr Form forms[] = {
    {"direct", RotationMethod::direct, roundings_of_every_step},
    {"newton", RotationMethod::newton, roundings_of_every_step},
    {"jump", RotationMethod::jump, roundings_of_a_jump},
};

class RecurrenceReference : public testing::TestWithParam<Form> {};

INSTANTIATE_TEST_SUITE_P(Forms, RecurrenceReference, testing::ValuesIn(forms),
                         [](const auto& form) { return std::string(form.param.name); });

TEST_P(RecurrenceReference, IsMetToWithinRounding) {
  const Form& form = GetParam();
  const auto& cases = reference_cases();
  const auto distances = distances_from_reference(form.method, cases);

  struct Summary {
    int cases = 0;
    double worst_error = 0;
    double worst_of_bound = 0;
  };
  std::array<Summary, step_class_count> summaries;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const ReferenceCase& reference = cases[i];
    const auto error = static_cast<double>(distances[i] / reference.end_radius());
    const double bound = form.bound(reference);
    EXPECT_LE(error, bound) << reference.x << " " << reference.y << " " << reference.speed << " "
                            << reference.step << " " << reference.steps;
    Summary& summary = summaries[step_class(reference)];
    ++summary.cases;
    summary.worst_error = std::max(summary.worst_error, error);
    summary.worst_of_bound = std::max(summary.worst_of_bound, error / bound);
  }
  for (std::size_t i = 0; i < step_class_count; ++i) {
    std::printf("worst error of %s, |a|/r %-10s: %7.1e of the radius, %6.2g of its bound, in %4d cases\n",
                form.name, step_classes[i].description, summaries[i].worst_error, summaries[i].worst_of_bound,
                summaries[i].cases);
  }
}

TEST(RecurrenceReferenceTable, HasCasesOfEveryKind) {
  std::array<int, step_class_count> cases{};
  int single_steps = 0;
  int million_steps = 0;
  int clockwise = 0;
  for (const auto& reference : reference_cases()) {
    ++cases[step_class(reference)];
    single_steps += reference.steps == 1 ? 1 : 0;
    million_steps += reference.steps == 1'000'000 ? 1 : 0;
    clockwise += reference.speed < 0 ? 1 : 0;
  }
  EXPECT_THAT(cases, testing::Each(testing::Ge(20)));
  EXPECT_GE(single_steps, 100);
  EXPECT_GE(million_steps, 100);
  EXPECT_GE(clockwise, 1000);
}

}  // namespace
}  // namespace orrery
