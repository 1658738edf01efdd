/// The loop over pairs, for any law. Once per instruction set.

#if defined(ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#undef ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#else
#define ORRERY_SHORTRANGE_PAIR_LOOP_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

#include "laws/pair_forms-inl.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/row_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// Sums of forces as runs have them: of integers, whose bits no order changes. A term is the bits of a
/// rounded number, biased.
///
/// The loop takes its sums as a policy so that a benchmark can put others in their place.
class FixedSums {
public:
  using Lanes = PairIntegers;
  using Number = std::int64_t;
  using Term = PairInteger;

  explicit FixedSums(const PairJob& job)
      : magic_(hn::Set(PairLanes(), job.force_unit.magic())),
        energy_magic_(hn::Set(PairLanes(), job.energy_unit.magic())),
        magic_bits_(hn::BitCast(Lanes(), magic_)),
        energy_magic_bits_(hn::BitCast(Lanes(), energy_magic_)),
        one_(hn::Set(Lanes(), 1)) {}

  /// The bits of the product, rounded to the fixed point, plus those of the magic. (Not fused: that would be
  /// another number on processors that cannot.)
  HWY_INLINE Term term(PairReal a, PairReal b) const {
    return hn::BitCast(Lanes(), hn::Add(hn::Mul(a, b), magic_));
  }
  HWY_INLINE Term energy_term(PairReal energy) const {
    return hn::BitCast(Lanes(), hn::Add(energy, energy_magic_));
  }

  /// What a term adds to the fourth number of a row.
  HWY_INLINE Term count() const { return one_; }

  HWY_INLINE void note_range(const Axes<Term>& terms) {
    note_range(out_of_range_.x, terms.x, magic_bits_);
    note_range(out_of_range_.y, terms.y, magic_bits_);
    note_range(out_of_range_.z, terms.z, magic_bits_);
  }
  HWY_INLINE void note_range_of_totals(Term energy, Term virial) {
    note_range(out_of_range_.x, energy, energy_magic_bits_);
    note_range(out_of_range_.y, virial, energy_magic_bits_);
  }

  bool in_range() const {
    constexpr int mantissa_bits = 52;
    const hn::RebindToUnsigned<PairLanes> u;
    const auto all = hn::Or(hn::Or(out_of_range_.x, out_of_range_.y), out_of_range_.z);
    return hn::AllTrue(u, hn::Eq(hn::ShiftRight<mantissa_bits>(hn::BitCast(u, all)), hn::Zero(u)));
  }

private:
  /// A number that was rounded has the exponent of the magic, and one that was out of range another.
  static HWY_INLINE void note_range(Term& out_of_range, Term biased, Term magic_bits) {
#if HWY_MAX_BYTES >= 64
    // The compiler makes two operations of what is one.
    constexpr int or_of_xor = 0xF6;
    out_of_range = Term{_mm512_ternarylogic_epi64(out_of_range.raw, biased.raw, magic_bits.raw, or_of_xor)};
#else
    out_of_range = hn::Or(out_of_range, hn::Xor(biased, magic_bits));
#endif
  }

  PairReal magic_, energy_magic_;
  Term magic_bits_, energy_magic_bits_, one_;
  Axes<Term> out_of_range_{hn::Zero(Lanes()), hn::Zero(Lanes()), hn::Zero(Lanes())};
};

/// What one register of pairs comes to.
template <class Term>
struct PairTerms {
  Axes<Term> force;  ///< on the first particle, as the sums have it
  PairReal r2;
  PairReal over;  ///< force over distance; 0 from the cut-off on
  hn::Mask<PairLanes> within;
};

/// The same where forces depend on velocities.
template <class Term>
struct PairTermsInMotion : PairTerms<Term> {
  PairReal parting;  ///< relative velocity times separation
};

/// Where the first particle of some pairs is, and how far it goes in a step.
struct PlaceInMotion : Axes<PairReal> {
  Axes<PairReal> displacement;
};

struct Velocities {
  const double* displacement;
  PairReal steps_per_time;

  template <class Job>
  explicit Velocities(const Job& job)
      : displacement(job.velocities.displacement),
        steps_per_time(hn::Set(PairLanes(), job.velocities.steps_per_time)) {}
};

/// Forms that need none run as if there were no others.
struct NoVelocities {
  template <class Job>
  explicit NoVelocities(const Job&) {}
};

template <class Form, class Sums = FixedSums>
class PairLoop {
  static constexpr bool in_motion = needs_velocities<Form>();
  using Term = typename Sums::Term;
  using Number = typename Sums::Number;
  using Terms = std::conditional_t<in_motion, PairTermsInMotion<Term>, PairTerms<Term>>;
  using Place = std::conditional_t<in_motion, PlaceInMotion, Axes<PairReal>>;

public:
  explicit PairLoop(const PairJobOf<Number>& job)
      : position_(job.position),
        force_(job.force),
        velocities_(job),
        form_(job.constants),
        cutoff2_(hn::Set(d_, job.constants.cutoff * job.constants.cutoff)),
        sums_(job),
        energy_bias_(job.energy_unit.bias()) {}

  /// Adds the forces between the particles of a slice and their neighbours.
  HWY_INLINE void add_forces(const NeighbourSlice& slice) {
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const Neighbours list = neighbours_of(slice, particle);
      if (list.begin == list.end) continue;
      const Place here = place_of(particle);
      Axes<Term> sum{hn::Zero(s_), hn::Zero(s_), hn::Zero(s_)};
      // What comes next is begun before what there is is stored: the chain of operations of a pair is long,
      // and a processor looks ahead only so far (one core of a Zen 5: 11 % of the time).
      const std::int32_t* at = list.begin;
      const std::int32_t* const last = list.end - lanes_;
      Terms terms = terms_of(here, at);
      for (; at < list.one_sided && at < last; at += lanes_) {
        const Terms next = terms_of(here, at + lanes_);
        add_to(sum, terms);
        subtract_from_rows(s_, force_, at, terms.force, sums_.count());
        terms = next;
      }
      for (; at < last; at += lanes_) {
        const Terms next = terms_of(here, at + lanes_);
        add_to(sum, terms);
        terms = next;
      }
      add_to(sum, terms);
      if (at < list.one_sided) subtract_from_rows(s_, force_, at, terms.force, sums_.count());
      add_to_row(s_, row_of(particle), sum, list.registers(lanes_));
    }
  }

  /// The same, and energy and virial.
  HWY_INLINE void add_all(const NeighbourSlice& slice, PairTotals& totals) {
    for (std::int64_t particle = slice.particles.begin; particle < slice.particles.end; ++particle) {
      const Neighbours list = neighbours_of(slice, particle);
      const Place here = place_of(particle);
      Axes<Term> sum{hn::Zero(s_), hn::Zero(s_), hn::Zero(s_)};
      energy_ = virial_ = hn::Zero(s_);
      const std::int32_t* at = list.begin;
      for (; at < list.one_sided; at += lanes_) {
        const Terms terms = terms_of(here, at);
        add_to(sum, terms);
        subtract_from_rows(s_, force_, at, terms.force, sums_.count());
        add_totals(terms);
      }
      // Those seen from one side only count once here, and once where the other side is.
      energy_ = hn::Add(energy_, energy_);
      virial_ = hn::Add(virial_, virial_);
      for (; at < list.end; at += lanes_) {
        const Terms terms = terms_of(here, at);
        add_to(sum, terms);
        add_totals(terms);
      }
      add_to_row(s_, row_of(particle), sum, list.registers(lanes_));
      const std::uint64_t seen = list.registers(lanes_) + list.two_sided_registers(lanes_);
      totals.energy += unbiased_total(energy_, seen * lanes_);
      totals.virial += unbiased_total(virial_, seen * lanes_);
    }
  }

  bool in_range() const { return sums_.in_range(); }

private:
  struct Neighbours {
    const std::int32_t* begin;
    const std::int32_t* one_sided;
    const std::int32_t* end;

    std::uint64_t registers(std::size_t lanes) const {
      return static_cast<std::uint64_t>(end - begin) / lanes;
    }
    std::uint64_t two_sided_registers(std::size_t lanes) const {
      return static_cast<std::uint64_t>(one_sided - begin) / lanes;
    }
  };

  static HWY_INLINE Neighbours neighbours_of(const NeighbourSlice& slice, std::int64_t particle) {
    const std::int64_t entry = particle - slice.particles.begin;
    const std::int32_t* const begin = slice.neighbours + slice.begin[entry];
    return {begin, begin + slice.two_sided[entry], slice.neighbours + slice.begin[entry + 1]};
  }

  HWY_INLINE Place place_of(std::int64_t particle) const {
    if constexpr (in_motion) {
      return {in_all_lanes(position_, particle), in_all_lanes(velocities_.displacement, particle)};
    } else {
      return in_all_lanes(position_, particle);
    }
  }

  HWY_INLINE Axes<PairReal> in_all_lanes(const double* rows, std::int64_t particle) const {
    const double* const own = rows + row_width * static_cast<std::size_t>(particle);
    return {hn::Set(d_, own[0]), hn::Set(d_, own[1]), hn::Set(d_, own[2])};
  }

  HWY_INLINE Number* row_of(std::int64_t particle) const {
    return force_ + row_width * static_cast<std::size_t>(particle);
  }

  HWY_INLINE Terms terms_of(const Place& here, const std::int32_t* neighbours) const {
    const Axes<PairReal> there = load_rows(d_, position_, neighbours);
    const PairReal dx = hn::Sub(here.x, there.x), dy = hn::Sub(here.y, there.y),
                   dz = hn::Sub(here.z, there.z);
    Terms terms;
    terms.r2 = hn::Add(hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy)), hn::Mul(dz, dz));
    terms.within = hn::Lt(terms.r2, cutoff2_);
    if constexpr (in_motion) {
      // Displacements are on a grid, on which their differences are exact.
      const Axes<PairReal> u = load_rows(d_, velocities_.displacement, neighbours);
      const PairReal ux = hn::Sub(here.displacement.x, u.x), uy = hn::Sub(here.displacement.y, u.y),
                     uz = hn::Sub(here.displacement.z, u.z);
      terms.parting = hn::Mul(velocities_.steps_per_time,
                              hn::Add(hn::Add(hn::Mul(ux, dx), hn::Mul(uy, dy)), hn::Mul(uz, dz)));
    }
    terms.over = hn::IfThenElseZero(terms.within, force_over_distance(terms));
    terms.force = {sums_.term(terms.over, dx), sums_.term(terms.over, dy), sums_.term(terms.over, dz)};
    return terms;
  }

  HWY_INLINE PairReal force_over_distance(const Terms& terms) const {
    if constexpr (in_motion) {
      return form_.force_over_distance(terms.r2, terms.parting);
    } else {
      return form_.force_over_distance(terms.r2);
    }
  }

  HWY_INLINE void add_to(Axes<Term>& sum, const Terms& terms) {
    sum = {hn::Add(sum.x, terms.force.x), hn::Add(sum.y, terms.force.y), hn::Add(sum.z, terms.force.z)};
    sums_.note_range(terms.force);
  }

  HWY_INLINE void add_totals(const Terms& terms) {
    const PairReal energy = hn::IfThenElseZero(terms.within, form_.energy(terms.r2));
    const PairReal virial = hn::IfThenElseZero(terms.within, hn::Mul(force_over_distance(terms), terms.r2));
    const Term e = sums_.energy_term(energy), v = sums_.energy_term(virial);
    sums_.note_range_of_totals(e, v);
    energy_ = hn::Add(energy_, e);
    virial_ = hn::Add(virial_, v);
  }

  HWY_INLINE std::int64_t unbiased_total(Term lanes, std::uint64_t times) const {
    const hn::RebindToUnsigned<PairLanes> u;  // wraps around, as biased sums do
    const std::uint64_t sum = hn::GetLane(hn::SumOfLanes(u, hn::BitCast(u, lanes)));
    return static_cast<std::int64_t>(sum - times * energy_bias_);
  }

  const PairLanes d_;
  const typename Sums::Lanes s_;
  const std::size_t lanes_ = hn::Lanes(d_);
  const double* const position_;
  Number* const force_;
  [[no_unique_address]] const std::conditional_t<in_motion, Velocities, NoVelocities> velocities_;
  Form form_;
  PairReal cutoff2_;
  Sums sums_;
  std::uint64_t energy_bias_;
  Term energy_ = hn::Zero(s_), virial_ = hn::Zero(s_);
};

template <template <class> class Form>
bool add_forces(const PairJob& job, const NeighbourSlice& slice) {
  PairLoop<Form<PairLanes>> loop(job);
  loop.add_forces(slice);
  return loop.in_range();
}

template <template <class> class Form>
PairTotals add_forces_and_totals(const PairJob& job, const NeighbourSlice& slice) {
  PairTotals totals;
  PairLoop<Form<PairLanes>> loop(job);
  loop.add_all(slice, totals);
  totals.in_range = loop.in_range();
  return totals;
}

template <template <class> class... Forms>
FormKernels kernels_of(PairForms<Forms...>) {
  static_assert(sizeof...(Forms) <= most_forms);
  return {{PairKernels{.lanes = hn::Lanes(PairLanes()),
                       .needs_velocities = needs_velocities<Forms<PairLanes>>(),
                       .forces = &add_forces<Forms>,
                       .forces_and_totals = &add_forces_and_totals<Forms>}...}};
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
