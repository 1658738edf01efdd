#include "integrators/independent_kernels.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "integrators/independent_kernels.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "integrators/measured_loop-inl.hpp"
#include "integrators/sorted_loop-inl.hpp"
#include "integrators/staged_loop-inl.hpp"
#include "integrators/stepped_loop-inl.hpp"
#include "law_tables/independent_laws-inl.hpp"
#include "law_tables/independent_laws.hpp"
#include "laws/table.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

template <class Law>
void begin_block(const Columns& columns, const LawConstants& constants, std::size_t first,
                 std::size_t count) {
  for (std::size_t at = first; at < first + count; at += lane_count()) Law::begin(columns, constants, at);
}

template <class Motion>
void jump_block(const Columns& columns, const LawConstants& constants, std::size_t first, std::size_t count,
                std::int64_t, std::int64_t to) {
  for (std::size_t at = first; at < first + count; at += lane_count())
    Motion::jump(columns, constants, to, at);
}

template <class Law>
void count_block(const Columns& columns, const LawConstants& constants, int method, std::size_t first,
                 std::size_t count, std::int64_t* forms) {
  for (std::size_t row = 0; row < count; row += lane_count()) {
    HWY_ALIGN double lanes[HWY_MAX_BYTES / sizeof(double)];
    hn::Store(Law::form(columns, constants, method, first + row), Lanes(), lanes);
    for (std::size_t lane = 0; lane < std::min(lane_count(), count - row); ++lane)
      ++forms[static_cast<std::size_t>(lanes[lane])];
  }
}

template <class Law>
void sample_block(const Columns& columns, const LawConstants& constants, std::size_t first, std::size_t count,
                  std::int64_t step, const Sample& out) {
  for (std::size_t row = 0; row < count; row += lane_count()) {
    Law::sample(columns, constants, step, first + row, out, row);
  }
}

template <class Stepper>
KernelMethod kernel_of(Stepped<Stepper>) {
  return {.evolve = &step_block<Stepper>, .is_closed_form = false};
}

template <class Fast, class Slow>
KernelMethod kernel_of(Sorted<Fast, Slow>) {
  return {.evolve = &step_sorted_block<Fast, Slow>, .is_closed_form = false};
}

template <class Motion>
KernelMethod kernel_of(ClosedForm<Motion>) {
  return {.evolve = &jump_block<Motion>, .is_closed_form = true};
}

template <class Jumper>
KernelMethod kernel_of(StagedForm<Jumper>) {
  return {.evolve = &jump_staged_block<Jumper>, .is_closed_form = true};
}

template <class... Forms>
std::array<KernelMethod, most_methods> kernels_of_methods(Methods<Forms...>) {
  static_assert(sizeof...(Forms) <= most_methods);
  return {kernel_of(Forms())...};
}

template <class Law>
IndependentKernels kernels_of() {
  static_assert(Law::quantity_count <= most_quantities);
  return {.methods = kernels_of_methods(typename Law::MethodList()),
          .begin = &begin_block<Law>,
          .count_forms = &count_block<Law>,
          .sample = &sample_block<Law>,
          .measure = &measure_block<Law>};
}

const IndependentKernels* kernel_table() {
#define ORRERY_KERNEL_ROW(Name) kernels_of<Name##Vectors>(),
  static const IndependentKernels table[] = {ORRERY_INDEPENDENT_LAWS(ORRERY_KERNEL_ROW)};
#undef ORRERY_KERNEL_ROW
  return table;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace orrery {

HWY_EXPORT(kernel_table);

const IndependentKernels& independent_kernels(std::string_view law) {
  const IndependentKernels* table = HWY_DYNAMIC_DISPATCH(kernel_table)();
  return table[law_index(law)];
}

}  // namespace orrery

#endif  // HWY_ONCE
