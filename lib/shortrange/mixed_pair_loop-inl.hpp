/// The loop over pairs in single precision, for any law. Once per instruction set.

#if defined(ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#undef ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#else
#define ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "laws/pair_forms-inl.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/mixed_rows-inl.hpp"
#include "shortrange/row_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class Form>
class MixedPairLoop {
public:
  explicit MixedPairLoop(const MixedPairJob& job)
      : position_(job.position),
        force_(job.force),
        form_(job.constants),
        unit2_(hn::Set(f_, static_cast<float>(job.grid.unit() * job.grid.unit()))),
        cutoff2_(hn::Set(f_, static_cast<float>(job.constants.cutoff * job.grid.scale() *
                                                job.constants.cutoff * job.grid.scale()))),
        scale_(hn::Set(f_, static_cast<float>(job.force_unit.scale() * job.grid.unit()))) {}

  /// Adds the forces of all their neighbours to the particles of a slice. There are no forces to give back,
  /// so that nothing is written while pairs are computed, and none waits for another.
  HWY_INLINE void add_forces(const NeighbourSlice& slice) {
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int64_t entry = particle - slice.particles.begin;
      const std::int32_t* at = slice.neighbours + slice.begin[entry];
      const std::int32_t* const end = slice.neighbours + slice.begin[entry + 1];
      const Axes<MixedInteger> here = place_of(particle);
      Axes<PairInteger> sum{hn::Zero(wide_), hn::Zero(wide_), hn::Zero(wide_)};
      while (at < end) {
        const std::int32_t* const flush = std::min(end, at + mixed_terms * lanes_);
        Axes<MixedInteger> part{hn::Zero(i_), hn::Zero(i_), hn::Zero(i_)};
        for (; at < flush; at += lanes_) add_pairs(here, at, part);
        sum = {hn::Add(sum.x, widened(part.x)), hn::Add(sum.y, widened(part.y)),
               hn::Add(sum.z, widened(part.z))};
      }
      add_to_row(wide_, force_ + row_width * static_cast<std::size_t>(particle), sum, 0);
    }
  }

  bool in_range() const {
    constexpr double most = 0x1p56;  // the square of 2^28 units
    const float limit = static_cast<float>(most);
    return hn::AllTrue(u_, hn::Lt(largest_, hn::BitCast(u_, hn::Set(f_, limit))));
  }

private:
  HWY_INLINE Axes<MixedInteger> place_of(std::int64_t particle) const {
    const std::int32_t* const own = position_ + row_width * static_cast<std::size_t>(particle);
    return {hn::Set(i_, own[0]), hn::Set(i_, own[1]), hn::Set(i_, own[2])};
  }

  HWY_INLINE void add_pairs(const Axes<MixedInteger>& here, const std::int32_t* neighbours,
                            Axes<MixedInteger>& sum) {
    const Axes<MixedInteger> there = load_whole_rows(position_, neighbours);
    const MixedReal dx = hn::ConvertTo(f_, hn::Sub(here.x, there.x)),
                    dy = hn::ConvertTo(f_, hn::Sub(here.y, there.y)),
                    dz = hn::ConvertTo(f_, hn::Sub(here.z, there.z));
    const MixedReal r2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
    const MixedReal over = hn::IfThenElseZero(
        hn::Lt(r2, cutoff2_), hn::Mul(scale_, form_.force_over_distance(hn::Mul(r2, unit2_))));
    // The greatest square of a force; bits of what is not a number are greater than any.
    const MixedReal force2 = hn::Mul(hn::Mul(over, over), r2);
    largest_ = hn::Max(largest_, hn::BitCast(u_, force2));
    sum = {hn::Add(sum.x, nearest(hn::Mul(over, dx))), hn::Add(sum.y, nearest(hn::Mul(over, dy))),
           hn::Add(sum.z, nearest(hn::Mul(over, dz)))};
  }

  const MixedLanes f_;
  const MixedIntegers i_;
  const hn::RebindToUnsigned<MixedLanes> u_;
  const PairIntegers wide_;
  const std::size_t lanes_ = hn::Lanes(f_);
  const std::int32_t* const position_;
  std::int64_t* const force_;
  Form form_;
  MixedReal unit2_, cutoff2_, scale_;
  hn::Vec<hn::RebindToUnsigned<MixedLanes>> largest_ = hn::Zero(u_);
};

template <template <class> class Form>
bool add_mixed_forces(const MixedPairJob& job, const NeighbourSlice& slice) {
  MixedPairLoop<Form<MixedLanes>> loop(job);
  loop.add_forces(slice);
  return loop.in_range();
}

template <template <class> class... Forms>
std::array<MixedPairKernels, most_forms> mixed_kernels_of(PairForms<Forms...>) {
  static_assert(sizeof...(Forms) <= most_forms);
  return {
      {MixedPairKernels{.lanes = hn::Lanes(MixedLanes()), .forces = &add_mixed_forces<Forms>}...}};
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
