/// Rotation about a centre: the arithmetic, for one register of particles. Once per instruction set.
///
/// The state is the position relative to the centre, so that a distant centre costs no accuracy while
/// stepping.

#if defined(ORRERY_LAWS_ROTATION_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_ROTATION_INL_HPP
#undef ORRERY_LAWS_ROTATION_INL_HPP
#else
#define ORRERY_LAWS_ROTATION_INL_HPP
#endif

#include <cstdint>

#include "core/vector_lanes-inl.hpp"
#include "laws/columns.hpp"
#include "laws/methods-inl.hpp"
#include "laws/rotation_circle-inl.hpp"
#include "laws/rotation_direct-inl.hpp"
#include "laws/rotation_measurer-inl.hpp"
#include "laws/rotation_newton-inl.hpp"
#include "laws/rotation_point-inl.hpp"
#include "laws/rotation_spiral-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Positions and velocities for the outside, for one register of particles.
struct RotationVectors {
  /// In the order of `RotationMethod`.
  using MethodList = Methods<Stepped<RotationEuler>, Sorted<RotationNewton, RotationEuler>,
                             StagedForm<RotationSpiral>, StagedForm<RotationCircle>>;
  using Point = rotation::Point;
  using Measurer = RotationMeasurer;
  static constexpr int quantity_count = RotationMeasurer::quantity_count;
  static constexpr int newton_method = 1;
  static constexpr int jump_method = 2;

  static HWY_INLINE void begin(const Columns& columns, const LawConstants& constants, std::size_t at) {
    const Lanes lanes;
    const Point p = rotation::start(columns, constants, at);
    hn::Store(p.x, lanes, columns.state[0] + at);
    hn::Store(p.y, lanes, columns.state[1] + at);
  }

  /// Which of the method's forms a particle moves by: 0 the one it is named after, 1 the other, 2 none.
  static HWY_INLINE Real form(const Columns& columns, const LawConstants& constants, int method,
                              std::size_t at) {
    const Real speed = hn::Load(Lanes(), columns.parameter[0] + at);
    const Mask moves = rotation::moving(rotation::start(columns, constants, at), speed);
    Mask is_other = hn::Not(hn::Eq(speed, speed));  // none
    if (method == newton_method) is_other = hn::Not(RotationNewton::takes(columns, constants, at));
    if (method == jump_method) is_other = RotationSpiral::starts_near(columns, constants, at);
    return hn::IfThenElse(moves, hn::IfThenElseZero(is_other, constant(1.0)), constant(2.0));
  }

  /// Position [length] and velocity [length / time] for the outside. Where nothing has moved the initial
  /// position comes out bit for bit, not as centre + (initial - centre).
  static HWY_INLINE void sample(const Columns& columns, const LawConstants& constants, std::int64_t steps,
                                std::size_t at, const Sample& out, std::size_t out_at) {
    const Lanes lanes;
    const Point c = rotation::centre(constants);
    const Point p0 = rotation::start(columns, constants, at);
    const bool at_start = steps == 0;  // the first frame may be sampled while the state is already moving on
    const Point p =
        at_start ? p0 : Point{hn::Load(lanes, columns.state[0] + at), hn::Load(lanes, columns.state[1] + at)};
    const Real speed = hn::Load(lanes, columns.parameter[0] + at);
    const Mask moves = rotation::moving(p0, speed);
    const Mask has_moved = at_start ? hn::Lt(speed, speed) : moves;
    const Real initial_x = hn::Load(lanes, columns.initial[0] + at);
    const Real initial_y = hn::Load(lanes, columns.initial[1] + at);
    hn::Store(hn::IfThenElse(has_moved, hn::Add(c.x, p.x), initial_x), lanes, out.position[0] + out_at);
    hn::Store(hn::IfThenElse(has_moved, hn::Add(c.y, p.y), initial_y), lanes, out.position[1] + out_at);

    const Scale scale = safe_scale(larger(hn::Abs(p.x), hn::Abs(p.y)));
    const Real x = hn::Mul(p.x, scale.up);
    const Real y = hn::Mul(p.y, scale.up);
    const Real r = hn::Sqrt(sum_of_squares(x, y));
    const Real zero = hn::Zero(lanes);
    hn::Store(hn::IfThenElse(moves, hn::Mul(speed, hn::Div(hn::Neg(y), r)), zero), lanes,
              out.velocity[0] + out_at);
    hn::Store(hn::IfThenElse(moves, hn::Mul(speed, hn::Div(x, r)), zero), lanes, out.velocity[1] + out_at);
  }
};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
