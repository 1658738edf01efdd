/// What is measured of rotating particles, for one register of them. Once per instruction set.

#if defined(ORRERY_LAWS_ROTATION_MEASURER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_MEASURER_INL_HPP
#undef ORRERY_LAWS_ROTATION_MEASURER_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_MEASURER_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"
#include "laws/rotation_circle-inl.hpp"
#include "laws/rotation_point-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Three quantities: the radius [length]; how far r^2 is from the law's value, relative to it; the distance
/// from the exact motion [length]. Most of the work is the exact motion, so its stages are the stages here.
class RotationMeasurer {
public:
  using Point = rotation::Point;
  static constexpr int quantity_count = 3;
  static constexpr int circle_method = 3;
  static constexpr int stages = RotationCircle::stages;
  static constexpr std::size_t in_flight = RotationCircle::in_flight;

  HWY_INLINE void load(std::size_t at, const Columns& columns, const LawConstants& constants, int method,
                       std::int64_t steps) {
    const Lanes lanes;
    at_start_ = steps == 0;
    p_ = {hn::Load(lanes, columns.state[0] + at), hn::Load(lanes, columns.state[1] + at)};
    const Point p0 = rotation::start(columns, constants, at);
    const Real speed = hn::Load(lanes, columns.parameter[0] + at);
    moves_ = rotation::moving(p0, speed);
    scale_ = safe_scale(larger(hn::Abs(p_.x), hn::Abs(p_.y)));
    r2_ = sum_of_squares(hn::Mul(p_.x, scale_.up), hn::Mul(p_.y, scale_.up));

    law_r2_ = sum_of_squares(hn::Mul(p0.x, scale_.up), hn::Mul(p0.y, scale_.up));
    if (method != circle_method && !at_start_) {
      const Real displacement = hn::Mul(hn::Mul(speed, constant(constants.step)), scale_.up);
      law_r2_ = hn::Add(law_r2_,
                        hn::Mul(constant(static_cast<double>(steps)), hn::Mul(displacement, displacement)));
    }
    circle_.load(at, columns, constants, steps);
  }

  template <int stage>
  HWY_INLINE void run() {
    if (!at_start_) circle_.template run<stage>();
  }

  template <class Target>
  HWY_INLINE void store(std::size_t at, Target& target) const {
    const Real zero = hn::Zero(Lanes());
    const Real radius = hn::Mul(hn::Sqrt(r2_), scale_.down);
    const Real growth = hn::IfThenElse(moves_, hn::Div(hn::Abs(hn::Sub(r2_, law_r2_)), law_r2_), zero);
    target.take(at, {radius, growth, at_start_ ? zero : deviation()});
  }

private:
  HWY_INLINE Real deviation() const {
    const Point circle = circle_.position();
    const Real off_x = hn::Mul(hn::Sub(p_.x, circle.x), scale_.up);
    const Real off_y = hn::Mul(hn::Sub(p_.y, circle.y), scale_.up);
    return hn::IfThenElse(moves_, hn::Mul(hn::Sqrt(sum_of_squares(off_x, off_y)), scale_.down),
                          hn::Zero(Lanes()));
  }

  bool at_start_;  ///< where it is, is where it should be
  Point p_;
  Mask moves_;
  Scale scale_;
  Real r2_;      ///< scaled
  Real law_r2_;  ///< scaled likewise
  RotationCircle circle_;
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
