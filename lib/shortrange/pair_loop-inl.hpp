/// The loop over pairs, for any law. Once per instruction set.

#if defined(ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#undef ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#else
#define ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>

#include "shortrange/pair_kernels.hpp"
#include "shortrange/row_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// What one register of pairs comes to.
struct PairTerms {
  Axes<PairInteger> force;  ///< on the first particle, biased
  PairReal r2;
  PairReal over;  ///< force over distance in units of the fixed point; 0 from the cut-off on
  hn::Mask<PairLanes> within;
};

template <class Form>
class PairLoop {
public:
  explicit PairLoop(const PairJob& job)
      : job_(job),
        form_(job.constants),
        cutoff2_(hn::Set(d_, job.constants.cutoff * job.constants.cutoff)),
        scale_(hn::Set(d_, job.force_unit.scale())),
        magic_(hn::Set(d_, rounding_magic)),
        magic_bits_(hn::BitCast(i_, magic_)),
        one_(hn::Set(i_, 1)),
        out_of_range_(hn::Zero(i_)) {}

  template <bool with_totals>
  HWY_INLINE void add(const NeighbourSlice& slice, PairTotals& totals) {
    const std::size_t lanes = hn::Lanes(d_);
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const std::int64_t entry = particle - slice.particles.begin;
      const double* const own = job_.position + row_width * static_cast<std::size_t>(particle);
      const Axes<PairReal> here{hn::Set(d_, own[0]), hn::Set(d_, own[1]), hn::Set(d_, own[2])};
      Axes<PairInteger> sum{hn::Zero(i_), hn::Zero(i_), hn::Zero(i_)};
      const std::int32_t* at = slice.neighbours + slice.begin[entry];
      const std::int32_t* const one_sided = at + slice.two_sided[entry];
      const std::int32_t* const end = slice.neighbours + slice.begin[entry + 1];
      const auto registers = static_cast<std::uint64_t>(end - at) / lanes;
      if constexpr (with_totals) energy_ = virial_ = hn::Zero(i_);
      for (; at < one_sided; at += lanes) {
        const PairTerms terms = terms_of(here, at);
        add_to(sum, terms);
        subtract_from_rows(i_, job_.force, at, terms.force, one_);
        if constexpr (with_totals) add_totals(terms);
      }
      if constexpr (with_totals) {
        // Those seen from one side only count once here, and once where the other side is.
        energy_ = hn::Add(energy_, energy_);
        virial_ = hn::Add(virial_, virial_);
      }
      const auto two_sided_registers = registers - static_cast<std::uint64_t>(end - at) / lanes;
      for (; at < end; at += lanes) {
        const PairTerms terms = terms_of(here, at);
        add_to(sum, terms);
        if constexpr (with_totals) add_totals(terms);
      }
      std::int64_t* const row = job_.force + row_width * static_cast<std::size_t>(particle);
      const std::uint64_t bias = registers * lanes * rounding_magic_bits;
      row[0] = total(row[0], sum.x, bias);
      row[1] = total(row[1], sum.y, bias);
      row[2] = total(row[2], sum.z, bias);
      if constexpr (with_totals) {
        const std::uint64_t twice = (registers + two_sided_registers) * lanes * rounding_magic_bits;
        totals.energy += total(0, energy_, twice);
        totals.virial += total(0, virial_, twice);
      }
    }
    totals.in_range = in_range();
  }

private:
  HWY_INLINE PairTerms terms_of(const Axes<PairReal>& here, const std::int32_t* neighbours) const {
    const Axes<PairReal> there = load_rows(d_, job_.position, neighbours);
    const PairReal dx = hn::Sub(here.x, there.x), dy = hn::Sub(here.y, there.y),
                   dz = hn::Sub(here.z, there.z);
    PairTerms terms;
    terms.r2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
    terms.within = hn::Lt(terms.r2, cutoff2_);
    terms.over = hn::IfThenElseZero(terms.within, hn::Mul(scale_, form_.force_over_distance(terms.r2)));
    terms.force = {biased(terms.over, dx), biased(terms.over, dy), biased(terms.over, dz)};
    return terms;
  }

  HWY_INLINE void add_to(Axes<PairInteger>& sum, const PairTerms& terms) {
    sum = {hn::Add(sum.x, terms.force.x), hn::Add(sum.y, terms.force.y), hn::Add(sum.z, terms.force.z)};
    note_range(terms.force.x);
    note_range(terms.force.y);
    note_range(terms.force.z);
  }

  HWY_INLINE void add_totals(const PairTerms& terms) {
    const PairReal unit = hn::Set(d_, job_.energy_unit.scale());
    const PairReal energy = hn::IfThenElseZero(terms.within, form_.energy(terms.r2));
    const PairReal virial =
        hn::IfThenElseZero(terms.within, hn::Mul(form_.force_over_distance(terms.r2), terms.r2));
    const PairInteger e = biased(energy, unit), v = biased(virial, unit);
    note_range(e);
    note_range(v);
    energy_ = hn::Add(energy_, e);
    virial_ = hn::Add(virial_, v);
  }

  /// The bits of the product, rounded to a whole number, plus those of the magic. (Not fused: that would be
  /// another number on processors that cannot.)
  HWY_INLINE PairInteger biased(PairReal a, PairReal b) const {
    return hn::BitCast(i_, hn::Add(hn::Mul(a, b), magic_));
  }

  /// A number that was rounded has the exponent of the magic, and one that was out of range another.
  HWY_INLINE void note_range(PairInteger biased) {
    out_of_range_ = hn::Or(out_of_range_, hn::Xor(biased, magic_bits_));
  }

  bool in_range() const {
    constexpr int mantissa_bits = 52;
    const auto exponents =
        hn::ShiftRight<mantissa_bits>(hn::BitCast(hn::RebindToUnsigned<PairLanes>(), out_of_range_));
    return hn::AllTrue(hn::RebindToUnsigned<PairLanes>(),
                       hn::Eq(exponents, hn::Zero(hn::RebindToUnsigned<PairLanes>())));
  }

  HWY_INLINE std::int64_t total(std::int64_t before, PairInteger lanes, std::uint64_t bias) const {
    const auto sum = static_cast<std::uint64_t>(hn::GetLane(hn::SumOfLanes(i_, lanes)));
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(before) + sum - bias);
  }

  const PairLanes d_;
  const PairIntegers i_;
  const PairJob& job_;
  Form form_;
  PairReal cutoff2_, scale_, magic_;
  PairInteger magic_bits_, one_;
  PairInteger out_of_range_;
  PairInteger energy_ = hn::Zero(i_), virial_ = hn::Zero(i_);
};

template <template <class> class Form>
bool add_forces(const PairJob& job, const NeighbourSlice& slice) {
  PairTotals totals;
  PairLoop<Form<PairLanes>>(job).template add<false>(slice, totals);
  return totals.in_range;
}

template <template <class> class Form>
PairTotals add_forces_and_totals(const PairJob& job, const NeighbourSlice& slice) {
  PairTotals totals;
  PairLoop<Form<PairLanes>>(job).template add<true>(slice, totals);
  return totals;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
