#include "laws/rotation.hpp"

namespace orrery {

void RotationOptions::describe(OptionSet& options) {
  options.add_choice("rotation.method", method,
                     {{"auto", RotationMethod::automatic},
                      {"direct", RotationMethod::direct},
                      {"circle", RotationMethod::circle}},
                     {"form of the motion: direct steps by explicit Euler, circle is exact, auto is direct"});
  options.add("rotation.centre", centre, false, {"point about which the particles turn", "length"});
}

std::span<const ParameterColumn> RotationLaw::parameters() const {
  static const std::array<ParameterColumn, 1> columns{
      {{"speed", "tangential_speed", "tangential speed [length/time]"}}};
  return columns;
}

std::span<const Diagnostic> RotationLaw::diagnostics() const {
  static const std::array<Diagnostic, 5> diagnostics{{
      {"radius_mean", "mean r", 0, Reduction::mean},
      {"radius_min", "least r", 0, Reduction::least},
      {"radius_max", "most r", 0, Reduction::most},
      {"radius_growth_error", "r^2 off law", 1, Reduction::most},
      {"exact_deviation", "off circle", 2, Reduction::most},
  }};
  return diagnostics;
}

std::string_view RotationLaw::method() const {
  return options_.method == RotationMethod::circle ? "circle" : "direct";
}

int RotationLaw::method_index() const {
  return options_.method == RotationMethod::circle ? 1 : 0;
}

LawConstants RotationLaw::constants(double step) const {
  return {.step = step, .value = {options_.centre[0], options_.centre[1]}};
}

}  // namespace orrery
