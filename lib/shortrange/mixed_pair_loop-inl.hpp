/// The loop over pairs in single precision, for any law. Once per instruction set.

#if defined(ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#undef ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#else
#define ORRERY_SHORTRANGE_MIXED_PAIR_LOOP_INL_HPP
#endif

#include <hwy/highway.h>

#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "laws/pair_forms-inl.hpp"
#include "shortrange/mixed_pair_kernels.hpp"
#include "shortrange/mixed_rows-inl.hpp"
#include "shortrange/row_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Separations of a register of pairs, in units of the grid.
struct MixedSeparations {
  Axes<MixedReal> d;
  MixedReal r2;
};

/// The same where forces depend on velocities.
struct MixedSeparationsInMotion : MixedSeparations {
  MixedReal parting;  ///< relative velocity times separation [grid length / time]
};

/// Where the first particle of some pairs is, in units of the grid.
struct MixedPlace : Axes<MixedInteger> {};

struct MixedPlaceInMotion : MixedPlace {
  Axes<MixedReal> velocity;
};

/// Sums that are still one for each lane, of some particles. They are added up later, many at a time: at
/// once, the few operations at the end of each particle would wait for all that came before, and fill the
/// processor.
class LaneSums {
public:
  explicit LaneSums(std::int64_t* force) : force_(force) {}

  HWY_INLINE void keep(std::int64_t particle, const Axes<MixedInteger>& sum) {
    if (count_ == most) add_up();
    row_[count_] = row_width * static_cast<std::size_t>(particle);
    hn::Store(sum.x, i_, lanes_[count_][0]);
    hn::Store(sum.y, i_, lanes_[count_][1]);
    hn::Store(sum.z, i_, lanes_[count_][2]);
    ++count_;
  }

  /// Adds them to the rows of their particles.
  HWY_INLINE void add_up() {
    for (std::size_t entry = 0; entry < count_; ++entry) {
      const auto& lanes = lanes_[entry];
      add_to_row(PairIntegers(), force_ + row_[entry],
                 {widened(lanes[0]), widened(lanes[1]), widened(lanes[2])}, 0);
    }
    count_ = 0;
  }

private:
  static constexpr std::size_t most = 16;

  const MixedIntegers i_;
  std::int64_t* const force_;
  std::size_t count_ = 0;
  std::size_t row_[most];
  HWY_ALIGN std::int32_t lanes_[most][3][hn::MaxLanes(MixedLanes())];
};

template <class Form>
class MixedPairLoop {
  static constexpr bool in_motion = needs_velocities<Form>();
  using Separations = std::conditional_t<in_motion, MixedSeparationsInMotion, MixedSeparations>;
  using Place = std::conditional_t<in_motion, MixedPlaceInMotion, MixedPlace>;

public:
  explicit MixedPairLoop(const MixedPairJob& job)
      : position_(job.position),
        velocity_(job.velocity),
        form_(job.constants),
        cutoff2_(hn::Set(f_, static_cast<float>(job.constants.cutoff * job.constants.cutoff))),
        safe2_(hn::Set(f_, static_cast<float>(job.safe_distance * job.safe_distance))),
        sums_(job.force) {}

  /// Adds the forces of all their neighbours to the particles of a slice. There are no forces to give back,
  /// so that nothing is written while pairs are computed, and none waits for another. @pre no list is empty
  HWY_INLINE void add_forces(const NeighbourSlice& slice) {
    if (slice.particles.empty()) return;
    // Separations are a register ahead of forces, from one particle to the next too: the chain of operations
    // of a pair is long, and a processor looks ahead only so far.
    const std::int32_t* at = slice.neighbours + slice.begin[0];
    Place here = place_of(slice.particles.begin);
    Separations ahead = separations(here, at);
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int32_t* const end = slice.neighbours + slice.begin[particle - slice.particles.begin + 1];
      Axes<MixedInteger> sum = nothing();
      const std::int32_t* flush = at + mixed_terms * lanes_;
      for (at += lanes_; at < end; at += lanes_) {
        const Separations now = ahead;
        ahead = separations(here, at);
        add_forces_of(now, sum);
        if (at < flush) continue;
        sums_.keep(particle, sum);
        sum = nothing();
        flush = at + mixed_terms * lanes_;
      }
      const Separations now = ahead;
      if (particle + 1 < slice.particles.end) {
        here = place_of(particle + 1);
        ahead = separations(here, at);
      }
      add_forces_of(now, sum);
      sums_.keep(particle, sum);
    }
    sums_.add_up();
  }

  /// Whether all forces were in range. To look at each would take a tenth of the time of a pair; mostly the
  /// distance of the closest two answers for all.
  bool in_range(const NeighbourSlice& slice) {
    if constexpr (!in_motion) {
      if (hn::AllTrue(f_, hn::Ge(closest2_, safe2_))) return true;
      note_forces(slice);
    }
    constexpr double most = 0x1p56;  // the square of 2^28 units
    const auto limit = hn::BitCast(u_, hn::Set(f_, static_cast<float>(most)));
    return hn::AllTrue(u_, hn::Lt(largest_, limit));
  }

private:
  void note_forces(const NeighbourSlice& slice) {
    const std::int32_t* at = slice.neighbours + slice.begin[0];
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int32_t* const end = slice.neighbours + slice.begin[particle - slice.particles.begin + 1];
      const Place here = place_of(particle);
      for (; at < end; at += lanes_) {
        const Separations pairs = separations(here, at);
        note_force(pairs, force_within(pairs));
      }
    }
  }

  /// The greatest square of a force; bits of what is not a number are greater than any.
  HWY_INLINE void note_force(const Separations& pairs, MixedReal over) {
    largest_ = hn::Max(largest_, hn::BitCast(u_, hn::Mul(hn::Mul(over, over), pairs.r2)));
  }

  HWY_INLINE Axes<MixedInteger> nothing() const { return {hn::Zero(i_), hn::Zero(i_), hn::Zero(i_)}; }

  HWY_INLINE Place place_of(std::int64_t particle) const {
    const std::size_t at = row_width * static_cast<std::size_t>(particle);
    Place place;
    place.x = hn::Set(i_, position_[at]);
    place.y = hn::Set(i_, position_[at + 1]);
    place.z = hn::Set(i_, position_[at + 2]);
    if constexpr (in_motion) {
      place.velocity = {hn::Set(f_, velocity_[at]), hn::Set(f_, velocity_[at + 1]),
                        hn::Set(f_, velocity_[at + 2])};
    }
    return place;
  }

  HWY_INLINE Separations separations(const Place& here, const std::int32_t* neighbours) const {
    const Axes<MixedInteger> there = load_mixed_rows(position_, neighbours);
    Separations found;
    found.d = {hn::ConvertTo(f_, hn::Sub(here.x, there.x)), hn::ConvertTo(f_, hn::Sub(here.y, there.y)),
               hn::ConvertTo(f_, hn::Sub(here.z, there.z))};
    found.r2 = product(found.d, found.d);
    if constexpr (in_motion) {
      const Axes<MixedReal> v = load_mixed_rows(velocity_, neighbours);
      const Axes<MixedReal> relative{hn::Sub(here.velocity.x, v.x), hn::Sub(here.velocity.y, v.y),
                                     hn::Sub(here.velocity.z, v.z)};
      found.parting = product(relative, found.d);
    }
    return found;
  }

  static HWY_INLINE MixedReal product(const Axes<MixedReal>& a, const Axes<MixedReal>& b) {
    return hn::Add(hn::Add(hn::Mul(a.x, b.x), hn::Mul(a.y, b.y)), hn::Mul(a.z, b.z));
  }

  HWY_INLINE void add_forces_of(const Separations& pairs, Axes<MixedInteger>& sum) {
    const MixedReal over = force_within(pairs);
    if constexpr (in_motion) {
      note_force(pairs, over);
    } else {
      closest2_ = hn::Min(closest2_, pairs.r2);
    }
    sum = {hn::Add(sum.x, nearest(hn::Mul(over, pairs.d.x))),
           hn::Add(sum.y, nearest(hn::Mul(over, pairs.d.y))),
           hn::Add(sum.z, nearest(hn::Mul(over, pairs.d.z)))};
  }

  /// Force over distance, 0 from the cut-off on.
  HWY_INLINE MixedReal force_within(const Separations& pairs) const {
    return hn::IfThenElseZero(hn::Lt(pairs.r2, cutoff2_), force_over_distance(pairs));
  }

  HWY_INLINE MixedReal force_over_distance(const Separations& pairs) const {
    if constexpr (in_motion) {
      return form_.force_over_distance(pairs.r2, pairs.parting);
    } else {
      return form_.force_over_distance(pairs.r2);
    }
  }

  const MixedLanes f_;
  const MixedIntegers i_;
  const hn::RebindToUnsigned<MixedLanes> u_;
  const std::size_t lanes_ = hn::Lanes(f_);
  const std::int32_t* const position_;
  const float* const velocity_;
  Form form_;
  MixedReal cutoff2_, safe2_;
  MixedReal closest2_ = hn::Set(f_, std::numeric_limits<float>::infinity());
  hn::Vec<hn::RebindToUnsigned<MixedLanes>> largest_ = hn::Zero(u_);
  LaneSums sums_;
};

template <template <class> class Form>
bool add_mixed_forces(const MixedPairJob& job, const NeighbourSlice& slice) {
  MixedPairLoop<Form<MixedLanes>> loop(job);
  loop.add_forces(slice);
  return loop.in_range(slice);
}

template <template <class> class... Forms>
std::array<MixedPairKernels, most_forms> mixed_kernels_of(PairForms<Forms...>) {
  static_assert(sizeof...(Forms) <= most_forms);
  return {{MixedPairKernels{.lanes = hn::Lanes(MixedLanes()), .forces = &add_mixed_forces<Forms>}...}};
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
