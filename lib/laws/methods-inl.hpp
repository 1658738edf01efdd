/// How a law names the forms of its motion. Included once per instruction set.

#if defined(ORRERY_LAWS_METHODS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_LAWS_METHODS_INL_HPP
#undef ORRERY_LAWS_METHODS_INL_HPP
#else
#define ORRERY_LAWS_METHODS_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Step by step: `Stepper` loads, steps and stores one register of particles.
template <class Stepper>
struct Stepped {};

/// Step by step, in two ways: `Fast` for the particles that it `takes`, `Slow` for the others. Which is which
/// depends on a particle's own numbers at the start of the run, so it is decided once and not in every step.
template <class Fast, class Slow>
struct Sorted {};

/// At once: `Motion::jump` sets the state after any number of steps.
template <class Motion>
struct ClosedForm {};

/// At once, for a closed form that is long: `Jumper` goes through it in stages, several registers side by
/// side.
template <class Jumper>
struct StagedForm {};

/// The methods of a law, in the order of its `method_index()`.
template <class... Forms>
struct Methods {};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
