#include "laws/rotation.hpp"

namespace orrery {
namespace {

using Forms = std::array<std::string_view, 3>;

struct MethodEntry {
  std::string_view name;
  Forms forms;
};

/// In the order of `RotationMethod`.
constexpr std::array<MethodEntry, 4> methods{{
    {"direct", {"direct", "", "at rest"}},
    {"newton", {"newton", "direct", "at rest"}},
    {"jump", {"jump", "jump after explicit steps", "at rest"}},
    {"circle", {"circle", "", "at rest"}},
}};

}  // namespace

void RotationOptions::describe(OptionSet& options) {
  options.add_choice(
      "rotation.method", method,
      {{"auto", RotationMethod::automatic},
       {"direct", RotationMethod::direct},
       {"newton", RotationMethod::newton},
       {"jump", RotationMethod::jump},
       {"circle", RotationMethod::circle}},
      {"form of the motion: explicit Euler step by step (direct), the same without square root and "
       "division (newton) or any number of steps at once (jump); circle is the exact motion; auto is "
       "jump"});
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

RotationMethod RotationLaw::chosen() const {
  return options_.method == RotationMethod::automatic ? RotationMethod::jump : options_.method;
}

std::string_view RotationLaw::method() const {
  return methods.at(static_cast<std::size_t>(chosen())).name;
}

int RotationLaw::method_index() const {
  return static_cast<int>(chosen());
}

std::span<const std::string_view> RotationLaw::forms() const {
  return methods.at(static_cast<std::size_t>(chosen())).forms;
}

LawConstants RotationLaw::constants(double step) const {
  return {.step = step, .value = {options_.centre[0], options_.centre[1]}};
}

}  // namespace orrery
