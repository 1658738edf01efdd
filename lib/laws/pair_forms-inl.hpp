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
/// They use + - * / and sqrt, and fused multiply-adds by name, so that their bits are the same everywhere.
/// What they give from the cut-off on is not used; within it they are finite for r > 0, and what they give
/// for r = 0 is finite where two particles may be at one place.
template <template <class> class... Forms>
struct PairForms {};

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
