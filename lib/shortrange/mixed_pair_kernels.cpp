#include "shortrange/mixed_pair_kernels.hpp"

#include <algorithm>

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/mixed_pair_kernels.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "law_tables/pair_laws-inl.hpp"
#include "law_tables/pair_laws.hpp"
#include "shortrange/mixed_pair_loop-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

using MixedForms = std::array<MixedPairKernels, most_forms>;

const MixedForms* mixed_kernel_table() {
#define ORRERY_KERNEL_ROW(Name) mixed_kernels_of(Name##Vectors()),
  static const MixedForms table[] = {ORRERY_PAIR_LAWS(ORRERY_KERNEL_ROW)};
#undef ORRERY_KERNEL_ROW
  return table;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include "laws/table.hpp"

namespace orrery {

HWY_EXPORT(mixed_kernel_table);

MixedPairKernels mixed_pair_kernels(std::string_view law, int method) {
  return kernels_of_method(HWY_DYNAMIC_DISPATCH(mixed_kernel_table)(), law, method);
}

}  // namespace orrery

#endif  // HWY_ONCE
