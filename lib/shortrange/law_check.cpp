#include "shortrange/law_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "core/error.hpp"
#include "core/fixed_point.hpp"
#include "core/number_text.hpp"
#include "shortrange/pair_probe.hpp"

namespace orrery {
namespace {

// No fraction that a law is likely to change its formula at.
constexpr double first_share = 1.0 - 1.0 / 300.0;
constexpr double next_share = 0.93;
constexpr double last_share = 0x1p-30;
constexpr double last_single_share = 0x1p-20;

/// Down to here, as a share of the cut-off, every pair must be below the bound.
constexpr double ordinary_share = 0.75;
/// Where drag is looked at, as shares of the cut-off, and at which speeds, as shares of that which makes it
/// as strong as the force at rest.
constexpr std::array<double, 6> drag_shares{first_share, 0.9, 0.76, 0.5, 0.1, 0.01};
constexpr std::array<double, 6> drag_speeds{1.0, -1.0, 0x1p-10, -0x1p-10, 0x1p-20, -0x1p-20};
/// Speeds between these powers of two are tried, in cut-offs per unit of time.
constexpr int slowest = -300, fastest = 300;
/// The largest force must be this many units of the fixed point, about 7 digits.
constexpr double min_units = 0x1p24;

constexpr double tolerance = 1e-5;
/// Of forces in single precision, as a share and in units of the fixed point.
constexpr double single_tolerance = 1e-3;
constexpr double single_units = 4.0;

/// Positions with as many bits as they have in a small box.
FixedPoint fine_grid(double cutoff) {
  constexpr int cutoff_bits = 28;
  int exponent = 0;
  std::frexp(cutoff, &exponent);  // which is below 2^exponent
  return {cutoff_bits - exponent};
}

class LawCheck {
public:
  LawCheck(const PairLaw& law, const PairKernels& kernels)
      : law_(law), cutoff_(law.constants().cutoff), bound_(law.force_bound()), probe_(law, kernels) {}

  void check_numbers() const {
    if (!(std::isfinite(cutoff_) && cutoff_ > 0.0))
      fail("has a cut-off of " + to_text(cutoff_) + " (it must be a finite number above 0)", options());
    if (!(std::isfinite(bound_ * cutoff_) && bound_ >= 0.0))
      fail("bounds its force by " + to_text(bound_) + " (that must be a finite number, not below 0)",
           options());
  }

  void check_distances() {
    for (double share = first_share; share > last_share; share *= next_share) {
      const double distance = share * cutoff_;
      check_finite(distance);
      if (!probe_.sums({distance, 0.0, 0.0}, 0).in_range) {
        if (share > ordinary_share)
          fail("has a force of " + to_text(probe_.force(distance)) + at(distance) + ", beyond its bound of " +
                   to_text(bound_) + " (the cut-off is " + to_text(cutoff_) +
                   ", so that ordinary pairs would end the run)",
               options("a larger cut-off") + ", or raise force_bound()");
        return;
      }
      if (!probe_.totals_in_range(distance))
        fail("has an energy of " + to_text(probe_.energy(distance)) + " or a virial of " +
                 to_text(probe_.force(distance) * distance) + at(distance) +
                 ", beyond its bound times the cut-off, " + to_text(bound_ * cutoff_) +
                 " (energies are summed as integers of that range)",
             options() + ", or raise force_bound()");
      check_symmetry(distance);
      check_derivative(distance);
      largest_ = std::max(largest_, std::abs(probe_.force(distance)));
    }
    if (!probe_.sums({0.0, 0.0, 0.0}, 0).in_range || !probe_.totals_in_range(0.0))
      fail(
          "gives no finite numbers for two particles at one place, though its force stays within its bound "
          "as they meet",
          "let force_over_distance and energy be finite for r2 = 0" + in_file());
  }

  /// What forces that depend on velocities add to those at rest.
  void check_drag() {
    if (!probe_.needs_velocities()) return;
    for (const double share : drag_shares) {
      const double distance = share * cutoff_;
      if (!probe_.sums({distance, 0.0, 0.0}, 0).in_range) return;
      const double speed = speed_of_strong_drag(distance);
      for (const double part : drag_speeds) {
        check_opposition(distance, part * speed);
        if (probe_.sums({distance, 0.0, 0.0}, 0, {part * speed, 0.0, 0.0}).in_range)
          check_symmetry(distance, part * speed);
        else if (share > ordinary_share)
          fail("has a force of " + to_text(probe_.force(distance, part * speed)) +
                   at(distance, part * speed) + ", beyond its bound of " + to_text(bound_) +
                   ", where half of it is drag (so that ordinary pairs would end the run)",
               options() + ", or raise force_bound()");
      }
    }
  }

  /// Forces in single precision are what they are in double.
  void check_single() {
    const FixedPoint grid = fine_grid(cutoff_);
    const std::string remedy =
        "use run.precision double, or other values in the section " + std::string(law_.name());
    MixedProbe single(law_, grid);
    for (double share = first_share; share > last_single_share; share *= next_share) {
      const double distance = share * cutoff_;
      const auto found = single.force(static_cast<std::int32_t>(std::lrint(distance * grid.scale())));
      if (!found) {
        if (share > ordinary_share)
          fail("has a force" + at(distance) + " that is too large for single precision", remedy);
        return;
      }
      const double expected = probe_.force(distance);
      // Where the force goes through 0, it is as exact as it is nearby.
      const double scale = std::max({std::abs(expected), std::abs(probe_.force(0.95 * distance)),
                                     std::abs(probe_.force(std::min(1.05, 1.0 / share) * distance))});
      const double error = std::abs(*found - expected);
      if (error <= single_tolerance * scale || error <= single_units * single.force_unit()) continue;
      fail("has a force of " + to_text(expected) + at(distance) + ", of which single precision makes " +
               to_text(*found),
           remedy);
    }
  }

  void check_resolution() const {
    const double unit = FixedPoint::for_terms_up_to(bound_).unit();
    if (largest_ > 0.0 && largest_ < min_units * unit)
      fail("has forces up to " + to_text(largest_) + ", which are rounded to multiples of " + to_text(unit) +
               " (because force_bound() is " + to_text(bound_) + ")",
           "lower force_bound()");
  }

private:
  [[noreturn]] void fail(const std::string& problem, const std::string& remedy,
                         ExitCode code = ExitCode::configuration) const {
    throw Error(code, "law " + std::string(law_.name()) + " " + problem + "; " + remedy);
  }

  static std::string at(double distance, double speed = 0.0) {
    std::string text = " at distance " + to_text(distance);
    if (speed != 0.0) text += ", which grows by " + to_text(speed) + " per unit of time";
    return text;
  }

  std::string options(const std::string& what = "other values") const {
    return "use " + what + " in the section " + std::string(law_.name());
  }

  std::string in_file() const {
    std::string file(law_.name());
    std::replace(file.begin(), file.end(), '-', '_');
    return " in lib/laws/" + file + "-inl.hpp";
  }

  void check_finite(double distance) {
    const bool has_force = std::isfinite(probe_.force(distance));
    if (has_force && std::isfinite(probe_.energy(distance))) return;
    fail(std::string("has ") + (has_force ? "an energy" : "a force") + at(distance) +
             " that is not a finite number (the cut-off is " + to_text(cutoff_) + ")",
         options() + ", or correct the law" + in_file());
  }

  /// What one feels is the opposite of what the other feels, along any axis, either way round, in any lane.
  void check_symmetry(double distance, double speed = 0.0) {
    const std::size_t last = probe_.lanes() - 1;
    const std::int64_t expected = probe_.sums({distance, 0.0, 0.0}, 0, {speed, 0.0, 0.0}).first[0];
    for (std::size_t axis = 0; axis < 3; ++axis) {
      std::array<double, 3> separation{}, velocity{};
      separation[axis] = -distance;
      velocity[axis] = -speed;
      const PairProbe::Sums found = probe_.sums(separation, last, velocity);
      std::array<std::int64_t, 3> opposite{};
      opposite[axis] = expected;
      if (found.second == opposite && found.first[axis] == -expected) continue;
      const double unit = FixedPoint::for_terms_up_to(bound_).unit();
      fail("contradicts itself: two particles" + at(distance, speed) + " push each other by " +
               to_text(static_cast<double>(expected) * unit) + ", but in lane " + std::to_string(last) +
               ", the other way round, by " + to_text(static_cast<double>(found.second[axis]) * unit) +
               " and " + to_text(static_cast<double>(-found.first[axis]) * unit) +
               " (force must be a function of r2" + (probe_.needs_velocities() ? " and parting" : "") +
               " alone)",
           "correct force_over_distance" + in_file(), ExitCode::internal);
    }
  }

  /// A speed at which drag is as strong as the force at rest, but not at half of it; or the fastest.
  double speed_of_strong_drag(double distance) {
    const double at_rest = probe_.force(distance);
    int weak = slowest, strong = fastest;
    while (strong - weak > 1) {
      const int middle = weak + (strong - weak) / 2;
      const double drag = probe_.force(distance, std::ldexp(cutoff_, middle)) - at_rest;
      (std::abs(drag) < std::abs(at_rest) ? weak : strong) = middle;
    }
    return std::ldexp(cutoff_, strong);
  }

  /// Drag takes energy from pairs that meet as from pairs that part.
  void check_opposition(double distance, double speed) {
    const double at_rest = probe_.force(distance), force = probe_.force(distance, speed);
    if (!std::isfinite(force))
      fail("has a force" + at(distance, speed) + " that is not a finite number", "correct it" + in_file());
    constexpr double roundings = 64.0 * std::numeric_limits<double>::epsilon();
    const double drive = (force - at_rest) * (speed > 0.0 ? 1.0 : -1.0);
    if (drive > roundings * std::max(std::abs(force), std::abs(at_rest)))
      fail("contradicts itself: at rest, two particles" + at(distance) + " push each other by " +
               to_text(at_rest) + ", but by " + to_text(force) + at(distance, speed) +
               ", so that they gain energy",
           "correct force_over_distance" + in_file(), ExitCode::internal);
  }

  /// A narrower difference helps where the law changes its formula nearby, a wider one where energies that
  /// are nearly equal are subtracted.
  void check_derivative(double distance) {
    double derivative = 0.0;
    for (const double width : {0x1p-10, 0x1p-13, 0x1p-16}) {
      const Difference found = difference(distance, width * distance);
      if (std::abs(found.force - found.expected) <= found.allowed) return;
      if (width == 0x1p-10) derivative = found.expected;
    }
    fail("contradicts itself: its force" + at(distance) + " is " + to_text(probe_.force(distance)) +
             ", but minus the derivative of its energy is " + to_text(derivative) + " there",
         "correct force_over_distance or energy" + in_file(), ExitCode::internal);
  }

  struct Difference {
    double force;
    double expected;
    double allowed;
  };

  /// The central difference of four points, whose error is h^4 / 30 times the fifth derivative.
  Difference difference(double r, double h) {
    const std::array<double, 4> energy{probe_.energy(r - 2.0 * h), probe_.energy(r - h), probe_.energy(r + h),
                                       probe_.energy(r + 2.0 * h)};
    const double force = probe_.force(r);
    const double scale =
        std::max({std::abs(force), std::abs(probe_.force(r - 2.0 * h)), std::abs(probe_.force(r + 2.0 * h))});
    double largest = scale * r;
    for (const double each : energy) largest = std::max(largest, std::abs(each));
    constexpr double roundings = 64.0 * std::numeric_limits<double>::epsilon();
    return {.force = force,
            .expected = (8.0 * (energy[1] - energy[2]) - (energy[0] - energy[3])) / (12.0 * h),
            .allowed = tolerance * scale + roundings * largest / h};
  }

  const PairLaw& law_;
  double cutoff_;
  double bound_;
  PairProbe probe_;
  double largest_ = 0.0;  ///< force that was found
};

}  // namespace

void check_law(const PairLaw& law) {
  check_law(law, pair_kernels(law.name(), law.method_index()));
}

void check_law(const PairLaw& law, const PairKernels& kernels) {
  LawCheck check(law, kernels);
  check.check_numbers();
  check.check_distances();
  check.check_drag();
  check.check_resolution();
}

void check_mixed_law(const PairLaw& law) {
  LawCheck(law, pair_kernels(law.name(), law.method_index())).check_single();
}

}  // namespace orrery
