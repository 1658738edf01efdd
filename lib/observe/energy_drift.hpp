/// By how much the total energy of a run drifted that was to keep it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace orrery {

/// Of the last frame against the first.
struct EnergyDrift {
  double per_particle = 0.0;  ///< [energy]
  double relative = 0.0;      ///< to the scale of `EnergyWatch`

  /// Whether a shorter step is called for. The error of the energy that a good step makes falls as dt^2,
  /// comes and goes with collisions, and is below a thousandth; a step that is too long makes it grow all the
  /// time.
  bool is_too_much() const { return std::abs(relative) > most_relative; }

  static constexpr double most_relative = 0.01;
};

/// Told the energies of every frame.
class EnergyWatch {
public:
  void note(double kinetic, double potential, double total) {
    if (frames_++ == 0) first_ = total;
    last_ = total;
    scale_ = std::max({scale_, kinetic, least_share * std::abs(potential)});
  }

  /// Relative to the greatest kinetic energy of any frame; where particles hardly move at any, to a hundredth
  /// of their potential energy, which its zero decides on. Nothing where there is nothing to compare.
  std::optional<EnergyDrift> drift(std::int64_t particles) const {
    if (frames_ < 2 || particles == 0) return std::nullopt;
    const double change = last_ - first_;
    return EnergyDrift{.per_particle = change / static_cast<double>(particles),
                       .relative = scale_ > 0.0 ? change / scale_ : 0.0};
  }

private:
  static constexpr double least_share = 0.01;

  std::int64_t frames_ = 0;
  double first_ = 0.0, last_ = 0.0, scale_ = 0.0;
};

}  // namespace orrery
