#include "integrators/independent_motion.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "core/first_failure.hpp"
#include "core/number_text.hpp"
#include "core/stopwatch.hpp"

namespace orrery {
namespace {

/// Particle-steps between two looks at the clock: about a millisecond of the slowest form.
constexpr std::int64_t steps_per_slice = 1'000'000;

/// Seconds between two calls of `meanwhile`: long against its cost, short against anything a person or
/// another rank notices.
constexpr double meanwhile_interval = 1e-3;

/// Calls `meanwhile` on the main thread, not too often. What it throws ends the loop, and is thrown after it.
class MainThreadCalls {
public:
  MainThreadCalls(const IndependentMotion::Meanwhile& meanwhile, FirstFailure& failure)
      : meanwhile_(meanwhile && omp_get_thread_num() == 0 ? &meanwhile : nullptr), failure_(failure) {}

  void call_if_due(double fraction_done) {
    if (meanwhile_ == nullptr || since_last_.seconds() < meanwhile_interval) return;
    failure_.carry([&] { (*meanwhile_)(fraction_done); });
    since_last_.restart();
  }

private:
  const IndependentMotion::Meanwhile* meanwhile_;
  FirstFailure& failure_;
  Stopwatch since_last_;
};

/// The first row of a block with a number that is not finite.
std::size_t first_not_finite(const AlignedVector<double>& values, std::size_t quantities, std::size_t count) {
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t quantity = 0; quantity < quantities; ++quantity) {
      if (!std::isfinite(values[quantity * block_size + row])) return row;
    }
  }
  return count;
}

}  // namespace

void QuantityTotals::merge(const QuantityTotals& other) {
  least = std::min(least, other.least);
  most = std::max(most, other.most);
  sum.add(other.sum);
}

IndependentMotion::IndependentMotion(const IndependentLaw& law, double step, ParticleStore& particles)
    : law_(law),
      kernels_(independent_kernels(law.name())),
      constants_(law.constants(step)),
      particles_(particles) {
  ensure(static_cast<std::size_t>(particles.parameters()) <= Columns().parameter.size(),
         "a law has at most four parameter columns");
  ensure(kernels_.methods.at(static_cast<std::size_t>(law.method_index())).evolve != nullptr,
         "the law has the method that it names");
}

Columns IndependentMotion::columns() const {
  Columns columns;
  for (int axis = 0; axis < particles_.axes(); ++axis) {
    columns.initial[static_cast<std::size_t>(axis)] = particles_.initial(axis).data();
    columns.state[static_cast<std::size_t>(axis)] = particles_.state(axis).data();
  }
  for (int column = 0; column < particles_.parameters(); ++column) {
    columns.parameter[static_cast<std::size_t>(column)] = particles_.parameter(column).data();
  }
  return columns;
}

/// Blocks small enough that every thread gets several, so that a thread which is held up does not hold up the
/// rest.
std::size_t IndependentMotion::rows_per_block() const {
  const auto threads = static_cast<std::size_t>(omp_get_max_threads());
  const std::size_t fair = particles_.size() / (8 * threads) + 1;
  const std::size_t unit = 6 * row_alignment;  // whole groups of registers for every width
  return std::clamp((fair + unit - 1) / unit * unit, unit, block_size);
}

double IndependentMotion::reach() const {
  double reach = 0.0;
  for (int axis = 0; axis < particles_.axes(); ++axis) {
    const double* const x = std::as_const(particles_).initial(axis).data();
    const auto size = static_cast<std::ptrdiff_t>(particles_.size());
#pragma omp parallel for schedule(static) reduction(max : reach)
    for (std::ptrdiff_t row = 0; row < size; ++row) reach = std::max(reach, std::abs(x[row]));
  }
  return reach;
}

void IndependentMotion::begin() {
  const Columns columns = this->columns();
  const auto size = static_cast<std::ptrdiff_t>(particles_.size());
#pragma omp parallel for schedule(static)
  for (std::ptrdiff_t first = 0; first < size; first += static_cast<std::ptrdiff_t>(block_size)) {
    const auto count = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(block_size), size - first);
    kernels_.begin(columns, constants_, static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  }
}

std::vector<std::int64_t> IndependentMotion::count_forms() const {
  const Columns columns = this->columns();
  const std::size_t size = particles_.size();
  std::vector<std::int64_t> forms(law_.forms().size(), 0);
  FirstFailure failure;
#pragma omp parallel
  {
    std::vector<std::int64_t> mine;
    failure.carry([&] { mine.assign(forms.size(), 0); });
#pragma omp for schedule(static)
    for (std::size_t first = 0; first < size; first += block_size) {
      if (mine.empty()) continue;
      kernels_.count_forms(columns, constants_, law_.method_index(), first,
                           std::min(block_size, size - first), mine.data());
    }
#pragma omp critical(orrery_count_forms)
    for (std::size_t form = 0; form < mine.size(); ++form) forms[form] += mine[form];
  }
  failure.rethrow();
  return forms;
}

bool IndependentMotion::is_closed_form() const {
  return kernels_.methods[static_cast<std::size_t>(law_.method_index())].is_closed_form;
}

void IndependentMotion::evolve(Range steps, const Meanwhile& meanwhile, const ThreadWatch& watch) {
  const Columns columns = this->columns();
  const KernelMethod& method = kernels_.methods[static_cast<std::size_t>(law_.method_index())];
  const std::size_t size = particles_.size();
  const std::size_t block = rows_per_block();
  const auto block_count = static_cast<std::ptrdiff_t>((size + block - 1) / block);
  const std::int64_t slice =
      method.is_closed_form ? std::max<std::int64_t>(1, steps.size())
                            : std::max<std::int64_t>(1, steps_per_slice / static_cast<std::int64_t>(block));
  const double all_particle_steps = static_cast<double>(size) * static_cast<double>(steps.size());
  std::atomic<std::int64_t> particle_steps_done = 0;
  FirstFailure failure;

#pragma omp parallel
  {
    const ShareTimer share(watch, omp_get_thread_num());
    MainThreadCalls meanwhile_calls(meanwhile, failure);
#pragma omp for schedule(dynamic) nowait
    for (std::ptrdiff_t index = 0; index < block_count; ++index) {
      const std::size_t first = static_cast<std::size_t>(index) * block;
      const std::size_t count = std::min(block, size - first);
      for (std::int64_t from = steps.begin; from < steps.end && !failure.happened(); from += slice) {
        const std::int64_t to = std::min(from + slice, steps.end);
        method.evolve(columns, constants_, first, count, from, to);
        particle_steps_done.fetch_add(static_cast<std::int64_t>(count) * (to - from),
                                      std::memory_order_relaxed);
        meanwhile_calls.call_if_due(static_cast<double>(particle_steps_done.load(std::memory_order_relaxed)) /
                                    all_particle_steps);
      }
    }
  }
  failure.rethrow();
}

std::vector<QuantityTotals> IndependentMotion::measure(std::int64_t step, const Meanwhile& meanwhile,
                                                       const ThreadWatch& watch) const {
  const Columns columns = this->columns();
  const auto quantities = static_cast<std::size_t>(law_.quantity_count());
  std::vector<char> wants_mean(quantities, 0);
  for (const auto& diagnostic : law_.diagnostics()) {
    if (diagnostic.reduction == Reduction::mean)
      wants_mean[static_cast<std::size_t>(diagnostic.quantity)] = 1;
  }
  const std::size_t size = particles_.size();
  std::vector<QuantityTotals> totals(quantities);
  std::size_t first_bad_row = size;
  FirstFailure failure;

#pragma omp parallel
  {
    const ShareTimer share(watch, omp_get_thread_num());
    MainThreadCalls meanwhile_calls(meanwhile, failure);
    std::vector<QuantityTotals> mine;
    std::size_t my_bad_row = size;
    AlignedVector<double> values;
    failure.carry([&] {
      mine.resize(quantities);
      values.resize(quantities * block_size);
    });
    BlockMeasures block;
    block.values = values.data();
#pragma omp for schedule(dynamic) nowait
    for (std::size_t first = 0; first < size; first += block_size) {
      if (failure.happened()) continue;
      meanwhile_calls.call_if_due(static_cast<double>(first) / static_cast<double>(size));
      const std::size_t count = std::min(block_size, size - first);
      kernels_.measure(columns, constants_, law_.method_index(), first, count, step, block);
      if (!block.finite) {
        my_bad_row = std::min(my_bad_row, first + first_not_finite(values, quantities, count));
        continue;
      }
      for (std::size_t quantity = 0; quantity < quantities; ++quantity) {
        mine[quantity].least = std::min(mine[quantity].least, block.least[quantity]);
        mine[quantity].most = std::max(mine[quantity].most, block.most[quantity]);
        if (wants_mean[quantity] == 0) continue;
        for (std::size_t row = 0; row < count; ++row)
          mine[quantity].sum.add(values[quantity * block_size + row]);
      }
    }
#pragma omp critical(orrery_measure)
    if (!failure.happened()) {
      for (std::size_t quantity = 0; quantity < quantities; ++quantity)
        totals[quantity].merge(mine[quantity]);
      first_bad_row = std::min(first_bad_row, my_bad_row);
    }
  }
  failure.rethrow();
  if (first_bad_row < size) throw out_of_range(first_bad_row, step);
  return totals;
}

Error IndependentMotion::out_of_range(std::size_t row, std::int64_t step) const {
  std::string state;
  for (int axis = 0; axis < particles_.axes(); ++axis)
    state += (axis == 0 ? "" : ", ") + to_text(particles_.state(axis)[row]);
  return {ExitCode::simulation_failed,
          "particle " + std::to_string(number(particles_.ids()[row])) + " left the range of double at step " +
              std::to_string(step) + " (its state is " + state + "); reduce its speed or the time step"};
}

void IndependentMotion::copy_to(Snapshot& snapshot) const {
  const auto size = static_cast<std::ptrdiff_t>(particles_.padded_size());
  for (int axis = 0; axis < particles_.axes(); ++axis) {
    const double* const from = particles_.state(axis).data();
    double* const to = snapshot.state()[static_cast<std::size_t>(axis)].data();
#pragma omp parallel for schedule(static)
    for (std::ptrdiff_t row = 0; row < size; ++row) to[row] = from[row];
  }
}

void IndependentMotion::sample(std::int64_t step, const Snapshot* snapshot, std::size_t first,
                               std::size_t count, const Sample& out) const {
  Columns columns = this->columns();
  if (snapshot != nullptr) {
    for (std::size_t axis = 0; axis < snapshot->state().size(); ++axis) {
      // The arithmetic takes one set of columns for reading and writing; sampling only reads.
      columns.state[axis] = const_cast<double*>(snapshot->state()[axis].data());
    }
  }
  kernels_.sample(columns, constants_, first, count, step, out);
}

}  // namespace orrery
