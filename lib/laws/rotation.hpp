/// Rotation about a centre at constant tangential speed.
///
///   v = s (-y, x) / r,   r = sqrt(x^2 + y^2),   (x, y) relative to the centre, s > 0 counter-clockwise
///
/// Two motions belong to it. The *stepped* one is explicit Euler with step dt: every step is perpendicular to
/// the radius, so that r_n^2 = r_0^2 + n (s dt)^2, a slow spiral. The *exact* one is the circle: r is
/// constant, the angle grows by s t / r. Three methods compute the first, each in its own way; one the
/// second.
///
/// A particle with s = 0 stays where it is; so does one exactly at the centre, where the law gives no
/// direction.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "laws/law.hpp"

namespace orrery {

/// `automatic` is `jump`, which is as right as any and takes any numbers. The others stand in the order in
/// which the vector code lists them.
enum class RotationMethod {
  direct,  ///< explicit Euler, step by step, with square root and division in every step
  newton,  ///< the same, with neither
  jump,    ///< any number of the same steps at once
  circle,  ///< the exact motion
  automatic,
};

struct RotationOptions {
  RotationMethod method = RotationMethod::automatic;
  Vec2 centre{0.0, 0.0};  ///< [length]

  void describe(OptionSet& options);
};

class RotationLaw final : public IndependentLaw {
public:
  RotationLaw() = default;
  explicit RotationLaw(const RotationOptions& options) : options_(options) {}

  std::string_view name() const override { return "rotation"; }
  int dimensions() const override { return 2; }
  std::span<const ParameterColumn> parameters() const override;
  int quantity_count() const override { return 3; }
  std::span<const Diagnostic> diagnostics() const override;
  void describe(OptionSet& options) override { options_.describe(options); }
  std::string_view method() const override;
  int method_index() const override;
  std::span<const std::string_view> forms() const override;
  LawConstants constants(double step) const override;

private:
  /// The method that will run.
  RotationMethod chosen() const;

  RotationOptions options_;
};

}  // namespace orrery
