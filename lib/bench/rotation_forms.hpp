/// The table of the forms of the rotation that are timed, and what limits each.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "bench/machine_limits.hpp"
#include "laws/rotation.hpp"

namespace orrery {

struct RotationForm {
  RotationMethod method;
  Limit limit;   ///< of the machine: no program with this form's operations can be faster
  double items;  ///< of that limit per particle and step; of a closed form, per particle and jump

  RotationLaw law() const { return RotationLaw({.method = method}); }
  std::string name() const { return std::string(law().method()); }
  /// Whether the cost does not grow with the number of steps.
  bool is_closed() const;
};

/// A new form of the law is one more line.
inline constexpr std::array rotation_forms{
    // One square root and one division.
    RotationForm{RotationMethod::direct, Limit::divider, 1.0},
    // Two fused multiply-adds; the additions beside them have ports of their own.
    RotationForm{RotationMethod::newton, Limit::multiply_add, 2.0},
    // x, y and speed read, x and y written: 24 and 16 bytes.
    RotationForm{RotationMethod::jump, Limit::memory, 40.0},
    RotationForm{RotationMethod::circle, Limit::memory, 40.0},
};

/// In the order of the table.
std::vector<std::string> rotation_form_names();

/// @throws Error (internal) when there is none of that name
const RotationForm& rotation_form(const std::string& name);

}  // namespace orrery
