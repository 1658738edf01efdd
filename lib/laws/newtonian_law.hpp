/// What laws have in common under which particles with masses move in a box as forces make them.
#pragma once

#include <cstddef>
#include <span>

#include "laws/law.hpp"

namespace orrery {

/// Diagnostics of every such law, in the order of `NewtonianLaw::diagnostics`.
enum class NewtonianDiagnostic {
  kinetic_energy,
  potential_energy,
  total_energy,
  temperature,
  pressure,
  momentum,
  angular_momentum,
};
inline constexpr std::size_t newtonian_diagnostic_count = 7;

/// Of runs with fields, after these.
inline constexpr const char* field_energy_name = "field_energy";

class PairLaw;

class NewtonianLaw : public Law {
public:
  /// Velocities.
  std::span<const ParameterColumn> parameters() const override;
  /// The same for all: see `NewtonianDiagnostic`.
  std::span<const Diagnostic> diagnostics() const override;

  /// The law by which particles act on each other in pairs; null where they do not.
  virtual const PairLaw* pairs() const { return nullptr; }
};

/// Particles do not act on each other: only fields, walls and a bath act on them.
class NoPairs final : public NewtonianLaw {
public:
  std::string_view name() const override { return "none"; }
  void describe(OptionSet&) override {}
  std::string_view method() const override { return "no pairs"; }
  int method_index() const override { return 0; }
};

}  // namespace orrery
