/// The forms of a pair law's arithmetic, as a list for the pair kernels. Once per instruction set.

#if defined(ORRERY_LAWS_PAIR_FORMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_PAIR_FORMS_INL_HPP
#undef ORRERY_LAWS_PAIR_FORMS_INL_HPP
#else
#define ORRERY_LAWS_PAIR_FORMS_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A form is a template over the vector type's tag, made from `PairConstants`, with two functions of r^2:
///   force_over_distance  the force on the first particle is this times (its position - the other's)
///   energy               of the pair
/// Where the force depends on velocities too, the form says `static constexpr bool needs_velocities = true`,
/// and force_over_distance has a second argument, the relative velocity times the separation: r dr/dt, above
/// 0 as the two part. For 0 it gives what belongs to the energy.
/// Lengths and forces are in the units of the constants: of single precision, r^2 may come to 2^60. They use
/// + - * / and sqrt alone, so that their bits are the same everywhere.
/// What they give from the cut-off on is not used; within it they are finite for r > 0, and what they give
/// for r = 0 is finite where two particles may be at one place.
template <template <class> class... Forms>
struct PairForms {};

/// Whether a form says that it needs velocities.
template <class Form>
constexpr bool needs_velocities() {
  if constexpr (requires { Form::needs_velocities; }) {
    return Form::needs_velocities;
  } else {
    return false;
  }
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
