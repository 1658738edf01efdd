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

/// Sums that are still one for each lane, of some particles. They are added up later, many at a time: at
/// once, the few operations at the end of each particle would wait for all that came before, and fill the
/// processor.
class LaneSums {
public:
  HWY_INLINE bool full() const { return count_ == most; }

  HWY_INLINE void keep(std::int64_t particle, const Axes<MixedInteger>& sum) {
    row_[count_] = row_width * static_cast<std::size_t>(particle);
    hn::Store(sum.x, i_, lanes_[count_][0]);
    hn::Store(sum.y, i_, lanes_[count_][1]);
    hn::Store(sum.z, i_, lanes_[count_][2]);
    ++count_;
  }

  /// Adds them to the rows of their particles.
  HWY_INLINE void add_to(std::int64_t* force) {
    for (std::size_t entry = 0; entry < count_; ++entry) {
      const auto& lanes = lanes_[entry];
      add_to_row(PairIntegers(), force + row_[entry],
                 {widened(lanes[0]), widened(lanes[1]), widened(lanes[2])}, 0);
    }
    count_ = 0;
  }

private:
  static constexpr std::size_t most = 16;

  const MixedIntegers i_;
  std::size_t count_ = 0;
  std::size_t row_[most];
  HWY_ALIGN std::int32_t lanes_[most][3][hn::MaxLanes(MixedLanes())];
};

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
  /// so that nothing is written while pairs are computed, and none waits for another. @pre no list is empty
  HWY_INLINE void add_forces(const NeighbourSlice& slice) {
    if (slice.particles.empty()) return;
    // Distances are a register ahead of forces, from one particle to the next too: the chain of operations of
    // a pair is long, and a processor looks ahead only so far.
    const std::int32_t* at = slice.neighbours + slice.begin[0];
    Axes<MixedInteger> here = place_of(slice.particles.begin);
    Distances ahead = distances(here, at);
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int32_t* const end = slice.neighbours + slice.begin[particle - slice.particles.begin + 1];
      Axes<MixedInteger> part{hn::Zero(i_), hn::Zero(i_), hn::Zero(i_)};
      const std::int32_t* flush = at + mixed_terms * lanes_;
      for (at += lanes_; at < end; at += lanes_) {
        const Distances now = ahead;
        ahead = distances(here, at);
        add_forces_of(now, part);
        if (at < flush) continue;
        keep(particle, part);
        part = {hn::Zero(i_), hn::Zero(i_), hn::Zero(i_)};
        flush = at + mixed_terms * lanes_;
      }
      const Distances now = ahead;
      if (particle + 1 < slice.particles.end) {
        here = place_of(particle + 1);
        ahead = distances(here, at);
      }
      add_forces_of(now, part);
      keep(particle, part);
    }
    sums_.add_to(force_);
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

  HWY_INLINE void keep(std::int64_t particle, const Axes<MixedInteger>& sum) {
    if (sums_.full()) sums_.add_to(force_);
    sums_.keep(particle, sum);
  }

  /// Of a register of pairs, in units of the grid.
  struct Distances {
    Axes<MixedReal> d;
    MixedReal r2;
  };

  HWY_INLINE Distances distances(const Axes<MixedInteger>& here, const std::int32_t* neighbours) const {
    const Axes<MixedInteger> there = load_whole_rows(position_, neighbours);
    Distances found;
    found.d = {hn::ConvertTo(f_, hn::Sub(here.x, there.x)), hn::ConvertTo(f_, hn::Sub(here.y, there.y)),
               hn::ConvertTo(f_, hn::Sub(here.z, there.z))};
    found.r2 = hn::Add(hn::Add(hn::Mul(found.d.x, found.d.x), hn::Mul(found.d.y, found.d.y)),
                       hn::Mul(found.d.z, found.d.z));
    return found;
  }

  HWY_INLINE void add_forces_of(const Distances& pairs, Axes<MixedInteger>& sum) {
    const MixedReal over = hn::IfThenElseZero(
        hn::Lt(pairs.r2, cutoff2_), hn::Mul(scale_, form_.force_over_distance(hn::Mul(pairs.r2, unit2_))));
    // The greatest square of a force; bits of what is not a number are greater than any.
    largest_ = hn::Max(largest_, hn::BitCast(u_, hn::Mul(hn::Mul(over, over), pairs.r2)));
    sum = {hn::Add(sum.x, nearest(hn::Mul(over, pairs.d.x))),
           hn::Add(sum.y, nearest(hn::Mul(over, pairs.d.y))),
           hn::Add(sum.z, nearest(hn::Mul(over, pairs.d.z)))};
  }

  const MixedLanes f_;
  const MixedIntegers i_;
  const hn::RebindToUnsigned<MixedLanes> u_;
  const std::size_t lanes_ = hn::Lanes(f_);
  const std::int32_t* const position_;
  std::int64_t* const force_;
  Form form_;
  MixedReal unit2_, cutoff2_, scale_;
  hn::Vec<hn::RebindToUnsigned<MixedLanes>> largest_ = hn::Zero(u_);
  LaneSums sums_;
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
  return {{MixedPairKernels{.lanes = hn::Lanes(MixedLanes()), .forces = &add_mixed_forces<Forms>}...}};
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
