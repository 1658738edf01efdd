#include "shortrange/law_check.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/instruction_set.hpp"
#include "core/option_set.hpp"
#include "laws/attraction.hpp"
#include "laws/lennard_jones.hpp"
#include "laws/soft_disc.hpp"
#include "laws/table.hpp"
#include "shortrange/pair_probe.hpp"
#include "shortrange/springs.hpp"

namespace orrery {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A law that is whatever its numbers say.
class TriedLaw final : public PairLaw {
public:
  TriedLaw(PairConstants constants, double bound) : constants_(constants), bound_(bound) {}
  std::string_view name() const override { return "tried-law"; }
  void describe(OptionSet&) override {}
  std::string_view method() const override { return "pairs"; }
  int method_index() const override { return 0; }
  PairConstants constants_in(const PairUnits& units) const override {
    EXPECT_EQ(units.length_unit, 1.0);
    EXPECT_EQ(units.force_unit, 1.0);
    return constants_;
  }
  double force_bound() const override { return bound_; }

private:
  PairConstants constants_;
  double bound_;
};

PairConstants spring(double factor = 1.0, double limit = 0.0, double in_energy = 0.0) {
  return {.cutoff = 1.0, .value = {3.0, factor, limit, in_energy}};
}

void check_tried(const PairConstants& constants, SpringForm form = SpringForm::plain, double bound = 1024.0) {
  check_law(TriedLaw(constants, bound), spring_kernels(form));
}

/// What the check finds wrong: nothing, or exit code and message.
std::string finding(const std::function<void()>& check) {
  try {
    check();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.what();
  }
  return "";
}

std::vector<std::unique_ptr<const PairLaw>> laws_with_several_options() {
  std::vector<std::unique_ptr<const PairLaw>> laws;
  for (const double size : {1e-9, 0.7, 1.0, 42.0, 1e40}) {
    for (const double strength : {-2.0, 0.0, 1e-12, 5e9})
      laws.push_back(
          std::make_unique<AttractionLaw>(AttractionOptions{.strength = strength, .cutoff = size}));
    for (const double stiffness : {1e-12, 80.0, 5e9})
      for (const double damping : {0.0, 1e-9, 3.0, 1e12})
        laws.push_back(std::make_unique<SoftDiscLaw>(
            SoftDiscOptions{.stiffness = stiffness, .diameter = size, .damping = damping}));
    for (const double epsilon : {1e-21, 1.25, 1e6}) {
      for (const double reach : {0.9, 1.122462048309373, 2.5, 12.0, 2000.0}) {
        for (const auto truncation : {LennardJonesTruncation::cut, LennardJonesTruncation::shifted,
                                      LennardJonesTruncation::force_shifted})
          laws.push_back(std::make_unique<LennardJonesLaw>(LennardJonesOptions{
              .epsilon = epsilon, .sigma = size, .cutoff = reach * size, .truncation = truncation}));
      }
    }
  }
  return laws;
}

TEST(LawCheck, FindsNothingWrongWithAnyLawOfTheTable) {
  const auto laws = laws_with_several_options();
  const auto table = make_all_laws();
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    for (const auto& entry : table)
      if (entry.pair != nullptr) {
        EXPECT_EQ(finding([&] { check_law(*entry.pair); }), "") << set << ", " << entry.law->name();
      }
    for (const auto& law : laws)
      EXPECT_EQ(finding([&] { check_law(*law); }), "")
          << set << ", " << law->method() << ", cut-off " << law->constants().cutoff;
  }
  choose_instruction_set("auto");
}

TEST(MixedLawCheck, FindsNothingWrongWithAnyLawOfTheTable) {
  for (const auto& entry : make_all_laws())
    if (entry.pair != nullptr) {
      EXPECT_NO_THROW(check_mixed_law(*entry.pair)) << entry.law->name();
    }
  EXPECT_NO_THROW(check_mixed_law(SoftDiscLaw({.stiffness = 300.0, .diameter = 0.7, .damping = 4.0})));
  LennardJonesOptions options;
  options.truncation = LennardJonesTruncation::force_shifted;
  EXPECT_NO_THROW(check_mixed_law(LennardJonesLaw(options)));
}

TEST(MixedLawCheck, TakesAnyUnits) {
  EXPECT_EQ(finding([] { check_mixed_law(LennardJonesLaw({.epsilon = 1e38})); }), "");
  EXPECT_EQ(finding([] { check_mixed_law(LennardJonesLaw({.epsilon = 1e-42})); }), "");
  // Argon in joules and metres.
  EXPECT_EQ(finding([] {
              check_mixed_law(LennardJonesLaw({.epsilon = 1.65e-21, .sigma = 3.4e-10, .cutoff = 8.5e-10}));
            }),
            "");
}

TEST(MixedLawCheck, RefusesWhatSinglePrecisionCannotHold) {
  // Positions are multiples of 2^-28 of the cut-off.
  EXPECT_THAT(finding([] { check_mixed_law(LennardJonesLaw({.cutoff = 1e6})); }),
              AllOf(HasSubstr("78 law lennard-jones has a force of"), HasSubstr("use run.precision double")));
}

TEST(LawCheck, FindsNothingWrongWithARightLawOutsideOfTheTable) {
  EXPECT_EQ(finding([] { check_tried(spring()); }), "");
  for (const double core : {0.2, 0.5, 0.75}) {
    EXPECT_EQ(finding([&] { check_tried(spring(1.0, core), SpringForm::cored); }), "") << core;
  }
}

TEST(LawCheck, RefusesAForceThatIsNotTheDerivativeOfTheEnergy) {
  for (const double factor : {-1.0, 0.0, 0.5, 2.0, 1.0 - 3e-5, 1.0 + 3e-5}) {
    EXPECT_THAT(finding([&] { check_tried(spring(factor)); }),
                AllOf(HasSubstr("70 law tried-law contradicts itself: its force at distance 0.99"),
                      HasSubstr(", but minus the derivative of its energy is 0.0"),
                      HasSubstr("lib/laws/tried_law-inl.hpp")))
        << factor;
  }
}

TEST(LawCheck, SaysBothNumbers) {
  // Half the force of a spring of 3 that is compressed by 1/300.
  const std::string found = finding([] { check_tried(spring(0.5)); });
  const auto number_after = [&found](const std::string& words) {
    return std::stod(found.substr(found.find(words) + words.size()));
  };
  EXPECT_NEAR(number_after("at distance "), 1.0 - 1.0 / 300.0, 1e-12);
  EXPECT_NEAR(number_after(" is "), 0.005, 1e-12);
  EXPECT_NEAR(number_after("energy is "), 0.01, 1e-9);
}

TEST(LawCheck, RefusesConstantsThatDisagree) {
  const LennardJonesLaw shifted({.truncation = LennardJonesTruncation::force_shifted});
  const PairKernels kernels = pair_kernels("lennard-jones", shifted.method_index());
  const auto with = [&](const PairConstants& constants) {
    return finding([&] { check_law(TriedLaw(constants, shifted.force_bound()), kernels); });
  };
  PairConstants constants = shifted.constants();
  EXPECT_EQ(with(constants), "");
  constants.value[3] = 7.0;  // an energy that is added to all contradicts nothing
  EXPECT_EQ(with(constants), "");
  constants.value[1] *= 1.001;  // of the force alone
  EXPECT_THAT(with(constants), HasSubstr("70 law tried-law contradicts itself"));
}

TEST(LawCheck, RefusesNumbersThatAreNone) {
  EXPECT_THAT(finding([] { check_tried(spring(1.0, 0.5), SpringForm::broken); }),
              AllOf(HasSubstr("78 law tried-law has a force at distance 0.4"),
                    HasSubstr("not a finite number (the cut-off is 1); use other values in the section "
                              "tried-law, or correct the law in lib/laws/tried_law-inl.hpp")));
  EXPECT_THAT(finding([] { check_tried(spring(1.0, 0.9, 1.0), SpringForm::broken); }),
              HasSubstr("78 law tried-law has an energy at distance 0.09"));
  EXPECT_THAT(finding([] {
                check_tried({.cutoff = 1.0, .value = {1e308, 1e10}});
              }),
              HasSubstr("78 law tried-law has a force at distance 0.99"));
  EXPECT_THAT(finding([] { check_law(TriedLaw(spring(), 1024.0), spring_kernels(SpringForm::pointless)); }),
              HasSubstr("78 law tried-law gives no finite numbers for two particles at one place"));
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (const double cutoff : {0.0, -1.0, nan, inf}) {
    EXPECT_THAT(finding([&] {
                  check_tried({.cutoff = cutoff, .value = {3.0, 1.0}});
                }),
                HasSubstr("78 law tried-law has a cut-off of "))
        << cutoff;
  }
  for (const double bound : {-1.0, nan, inf}) {
    EXPECT_THAT(finding([&] { check_tried(spring(), SpringForm::plain, bound); }),
                HasSubstr("78 law tried-law bounds its force by "))
        << bound;
  }
}

TEST(LawCheck, RefusesABoundThatOrdinaryPairsPass) {
  // A spring of 3 reaches 0.75 at three quarters of the cut-off, and powers of two are the bounds.
  EXPECT_EQ(finding([] { check_tried(spring(), SpringForm::plain, 1.5); }), "");
  EXPECT_THAT(
      finding([] { check_tried(spring(), SpringForm::plain, 0.4); }),
      AllOf(HasSubstr("78 law tried-law has a force of 0."), HasSubstr(", beyond its bound of 0.4 (the"),
            HasSubstr("use a larger cut-off in the section tried-law, or raise force_bound()")));
  EXPECT_THAT(
      finding([] { check_law(LennardJonesLaw({.cutoff = 0.5})); }),
      AllOf(HasSubstr("78 law lennard-jones has a force of "), HasSubstr("beyond its bound of 32768")));
}

TEST(LawCheck, RefusesABoundTooHighToResolveForces) {
  EXPECT_EQ(finding([] { check_tried(spring(), SpringForm::plain, 1e8); }), "");
  EXPECT_THAT(finding([] { check_tried(spring(), SpringForm::plain, 1e9); }),
              AllOf(HasSubstr("78 law tried-law has forces up to 2.99"), HasSubstr("lower force_bound()")));
}

TEST(LawCheck, RefusesLanesThatDiffer) {
  int tried = 0;
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    if (spring_kernels(SpringForm::lopsided).lanes == 1) continue;
    ++tried;
    EXPECT_THAT(finding([] { check_tried(spring(), SpringForm::lopsided); }),
                AllOf(HasSubstr("70 law tried-law contradicts itself: two particles at distance 0.99"),
                      HasSubstr("force must be a function of r2 alone")))
        << set;
  }
  choose_instruction_set("auto");
  EXPECT_GT(tried, 0);
}

PairConstants damped_spring(double damping, bool is_square = false) {
  PairConstants constants = spring();
  constants.value[4] = damping;
  constants.value[5] = is_square ? 1.0 : 0.0;
  return constants;
}

TEST(LawCheck, FindsNothingWrongWithDragThatOpposes) {
  for (const double damping : {0.0, 1e-12, 3.0, 1e9}) {
    for (const bool is_square : {false, true})
      EXPECT_EQ(finding([&] { check_tried(damped_spring(damping, is_square), SpringForm::damped); }), "")
          << damping << is_square;
  }
}

TEST(LawCheck, RefusesDragThatDrives) {
  const std::string gain =
      "70 law tried-law contradicts itself: at rest, two particles at distance 0.9966666666666667 push";
  for (const double damping : {1e-12, 3.0, 1e9}) {
    EXPECT_THAT(finding([&] { check_tried(damped_spring(-damping), SpringForm::damped); }), HasSubstr(gain));
    EXPECT_THAT(finding([&] { check_tried(damped_spring(damping), SpringForm::driven); }),
                AllOf(HasSubstr(gain), HasSubstr(" per unit of time, so that they gain energy; correct "
                                                 "force_over_distance in lib/laws/tried_law-inl.hpp")));
  }
}

TEST(LawCheck, RefusesDragOnPairsAtRest) {
  EXPECT_THAT(finding([] { check_tried(damped_spring(3.0), SpringForm::rubbing); }),
              AllOf(HasSubstr("70 law tried-law contradicts itself: its force at distance 0.99"),
                    HasSubstr(", but minus the derivative of its energy is")));
}

TEST(LawCheck, RefusesDragThatIsNoNumberOrPassesTheBound) {
  EXPECT_THAT(finding([] { check_tried(damped_spring(3.0), SpringForm::dazed); }),
              AllOf(HasSubstr("78 law tried-law has a force at distance 0.99"),
                    HasSubstr(" per unit of time that is not a finite number; correct it in")));
  // Below the bound as far as three quarters of the cut-off at rest, but not at speeds that double it.
  EXPECT_EQ(finding([] { check_tried(spring(), SpringForm::plain, 0.9); }), "");
  EXPECT_THAT(finding([] { check_tried(damped_spring(3.0), SpringForm::damped, 0.9); }),
              AllOf(HasSubstr("78 law tried-law has a force of "),
                    HasSubstr(", beyond its bound of 0.9, where"), HasSubstr("or raise force_bound()")));
}

TEST(LawCheck, RefusesLanesWhoseDragDiffers) {
  int tried = 0;
  for (const std::string& set : available_instruction_sets()) {
    choose_instruction_set(set);
    if (spring_kernels(SpringForm::uneven).lanes == 1) continue;
    ++tried;
    EXPECT_THAT(finding([] { check_tried(damped_spring(3.0), SpringForm::uneven); }),
                AllOf(HasSubstr("70 law tried-law contradicts itself: two particles at distance 0.99"),
                      HasSubstr("force must be a function of r2 and parting alone")))
        << set;
  }
  choose_instruction_set("auto");
  EXPECT_GT(tried, 0);
}

TEST(PairProbe, GivesDragByTheSpeedAlongTheLineOfCentres) {
  const double stiffness = 80.0, diameter = 1.3, damping = 7.0;
  PairProbe pair(SoftDiscLaw({.stiffness = stiffness, .diameter = diameter, .damping = damping}));
  for (const double r : {0.01, 0.4, 1.1, 1.29}) {
    for (const double speed : {-30.0, -1e-3, 0.0, 2.5}) {
      const double expected = stiffness * (diameter - r) - damping * speed;
      EXPECT_NEAR(pair.force(r, speed), expected, 1e-12 * (stiffness + damping * std::abs(speed)));
    }
    const PairProbe::Sums rest = pair.sums({0.0, r, 0.0}, 0);
    EXPECT_EQ(pair.sums({0.0, r, 0.0}, 0, {40.0, 0.0, -9.0}).first, rest.first);
    EXPECT_NE(pair.sums({0.0, r, 0.0}, 0, {0.0, 40.0, 0.0}).first, rest.first);
  }
  EXPECT_EQ(pair.force(diameter, -5.0), 0.0);
}

TEST(LawCheck, TakesLittleTime) {
  const auto start = std::chrono::steady_clock::now();
  check_law(SoftDiscLaw({.damping = 5.0}));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  RecordProperty("microseconds", static_cast<int>(1e6 * taken.count()));
  EXPECT_LT(taken.count(), 1.0);  // far above what it is, for sanitizers and busy machines
}

TEST(PairProbe, GivesManyDigitsOfSmallAndLargeNumbers) {
  PairProbe pair(LennardJonesLaw({.cutoff = 400.0}));
  for (const double r : {0.7, 1.0, 3.0, 50.0, 390.0}) {
    const double q = std::pow(r, -6);
    EXPECT_NEAR(pair.force(r) / (24.0 * q * (2.0 * q - 1.0) / r), 1.0, 1e-13) << r;
    EXPECT_NEAR(pair.energy(r), 4.0 * q * (q - 1.0), 1e-14 * std::abs(24.0 * q * (2.0 * q - 1.0))) << r;
  }
  EXPECT_EQ(pair.force(400.0), 0.0);
  EXPECT_EQ(pair.energy(400.0), 0.0);
  EXPECT_TRUE(std::isnan(pair.force(0.0)));
}

}  // namespace
}  // namespace orrery
