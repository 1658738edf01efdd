/// The loop that measures particles. Once per instruction set.

#if defined(ORRERY_INTEGRATORS_MEASURED_LOOP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ORRERY_INTEGRATORS_MEASURED_LOOP_INL_HPP
#undef ORRERY_INTEGRATORS_MEASURED_LOOP_INL_HPP
#else
#define ORRERY_INTEGRATORS_MEASURED_LOOP_INL_HPP
#endif

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/vector_lanes-inl.hpp"
#include "integrators/independent_kernels.hpp"
#include "integrators/staged_loop-inl.hpp"
#include "laws/columns.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

/// The least or greatest of a register's lanes. Which order they are compared in cannot show in a minimum.
template <class Compare>
double reduce_lanes(Real value, Compare precedes) {
  HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
  hn::Store(value, Lanes(), lanes);
  double best = lanes[0];
  for (std::size_t lane = 1; lane < lane_count(); ++lane)
    best = precedes(lanes[lane], best) ? lanes[lane] : best;
  return best;
}

/// Takes in what was measured of one register of particles after the other.
template <std::size_t quantity_count>
class MeasureTotals {
public:
  MeasureTotals(std::size_t first, std::size_t count, double* values)
      : first_(first), count_(count), values_(values) {
    for (std::size_t q = 0; q < quantity_count; ++q) {
      least_[q] = constant(std::numeric_limits<double>::infinity());
      most_[q] = hn::Neg(least_[q]);
    }
    off_ = hn::Zero(Lanes());
  }

  HWY_INLINE void take(std::size_t at, const Real (&quantity)[quantity_count]) {
    const Real infinity = constant(std::numeric_limits<double>::infinity());
    const std::size_t row = at - first_;
    const Mask is_particle = hn::FirstN(Lanes(), count_ - row);  // not padding
    for (std::size_t q = 0; q < quantity_count; ++q) {
      // Adding zero makes either zero the plain one, so that which came first cannot show.
      const Real value = hn::Add(quantity[q], hn::Zero(Lanes()));
      hn::Store(value, Lanes(), values_ + q * block_size + row);
      const Real low = hn::IfThenElse(is_particle, value, infinity);
      const Real high = hn::IfThenElse(is_particle, value, hn::Neg(infinity));
      least_[q] = hn::IfThenElse(hn::Lt(low, least_[q]), low, least_[q]);
      most_[q] = hn::IfThenElse(hn::Gt(high, most_[q]), high, most_[q]);
      off_ = hn::Add(off_, hn::IfThenElse(is_particle, hn::Sub(value, value), hn::Zero(Lanes())));
    }
  }

  void store(BlockMeasures& measures) const {
    for (std::size_t q = 0; q < quantity_count; ++q) {
      measures.least[q] = reduce_lanes(least_[q], [](double a, double b) { return a < b; });
      measures.most[q] = reduce_lanes(most_[q], [](double a, double b) { return a > b; });
    }
    measures.finite = hn::AllTrue(Lanes(), hn::Eq(off_, hn::Zero(Lanes())));
  }

private:
  std::size_t first_, count_;
  double* values_;
  Real least_[quantity_count];
  Real most_[quantity_count];
  Real off_;  ///< 0 while all numbers are finite, else not a number
};

/// The measurer of a law that measures at once, by `Law::measure`.
template <class Law>
class MeasuredAtOnce {
public:
  static constexpr int stages = 0;
  static constexpr std::size_t in_flight = 1;

  HWY_INLINE void load(std::size_t at, const Columns& columns, const LawConstants& constants, int method,
                       std::int64_t steps) {
    Law::measure(columns, constants, method, steps, at, quantity_);
  }
  template <class Target>
  HWY_INLINE void store(std::size_t at, Target& target) const {
    target.take(at, quantity_);
  }

private:
  Real quantity_[Law::quantity_count];
};

template <class Law>
struct MeasurerOf {
  using Type = MeasuredAtOnce<Law>;
};
template <class Law>
requires requires {
  typename Law::Measurer;
}
struct MeasurerOf<Law> {
  using Type = typename Law::Measurer;
};

template <class Law>
void measure_block(const Columns& columns, const LawConstants& constants, int method, std::size_t first,
                   std::size_t count, std::int64_t step, BlockMeasures& measures) {
  MeasureTotals<static_cast<std::size_t>(Law::quantity_count)> totals(first, count, measures.values);
  run_all_staged<typename MeasurerOf<Law>::Type>(first, count, totals, columns, constants, method, step);
  totals.store(measures);
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
