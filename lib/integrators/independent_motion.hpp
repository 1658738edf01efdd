/// Moves the particles of one rank by a law under which they do not act on each other, on all threads of the
/// rank.
#pragma once

#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/exact_sum.hpp"
#include "core/thread_watch.hpp"
#include "core/types.hpp"
#include "integrators/independent_kernels.hpp"
#include "laws/law.hpp"
#include "particles/particle_store.hpp"

namespace orrery {

/// What one quantity of a law came to over a set of particles. `merge` is exact: order and grouping do not
/// matter.
struct QuantityTotals {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
  ExactSum sum;  ///< of quantities that a diagnostic takes the mean of; else 0

  void merge(const QuantityTotals& other);
};

/// Positions of a rank's particles at one step, held still while the particles move on.
class Snapshot {
public:
  Snapshot(int axes, std::size_t padded_size) : state_(static_cast<std::size_t>(axes)) {
    for (auto& column : state_) column.resize(padded_size);
  }
  std::vector<AlignedVector<double>>& state() { return state_; }
  const std::vector<AlignedVector<double>>& state() const { return state_; }
  std::size_t bytes() const { return bytes_of(state_); }
  static std::size_t bytes_per_particle(int axes) { return sizeof(double) * static_cast<std::size_t>(axes); }

private:
  std::vector<AlignedVector<double>> state_;
};

class IndependentMotion {
public:
  /// Called on the main thread every few milliseconds while particles move or are measured, with the fraction
  /// that is done.
  using Meanwhile = std::function<void(double fraction_done)>;

  /// @param step  time step [time]
  /// The law and the particles must outlive this object.
  IndependentMotion(const IndependentLaw& law, double step, ParticleStore& particles);

  /// Greatest magnitude of any coordinate of the initial positions [length], 0 without particles. Local; all
  /// threads.
  double reach() const;

  /// Sets the state from the initial positions. Local; all threads.
  void begin();

  /// How many particles move by each of the law's `forms()`, in their order. Local; all threads.
  std::vector<std::int64_t> count_forms() const;

  /// Brings all particles from step `steps.begin` to step `steps.end`. Local; all threads. What `meanwhile`
  /// throws is thrown here, once all threads have ended their blocks.
  /// @param watch  told of every thread's share
  void evolve(Range steps, const Meanwhile& meanwhile, const ThreadWatch& watch = {});

  /// Totals of every quantity of the law at step `step`, shape (quantities). Local; all threads. What
  /// `meanwhile` throws is thrown here.
  /// @param watch  told of every thread's share
  /// @throws Error (simulation_failed) naming the first particle with a quantity that is not finite
  std::vector<QuantityTotals> measure(std::int64_t step, const Meanwhile& meanwhile,
                                      const ThreadWatch& watch = {}) const;

  /// Whether many steps take no longer than one.
  bool is_closed_form() const;

  /// Copies the state aside. Local; all threads.
  void copy_to(Snapshot& snapshot) const;

  /// Positions and velocities of rows [first, first + count) at step `step`, from a snapshot or, without one,
  /// from the particles as they are. Step 0 is taken from the initial positions, whatever the state is by
  /// now. Local; the calling thread alone.
  /// @param first  a multiple of `row_alignment`
  /// @param count  at most `block_size`
  void sample(std::int64_t step, const Snapshot* snapshot, std::size_t first, std::size_t count,
              const Sample& out) const;

  static constexpr std::size_t row_alignment = 16;

private:
  Columns columns() const;
  Error out_of_range(std::size_t row, std::int64_t step) const;
  std::size_t rows_per_block() const;

  const IndependentLaw& law_;
  const IndependentKernels& kernels_;
  LawConstants constants_;
  ParticleStore& particles_;
};

}  // namespace orrery
