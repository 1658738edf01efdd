#include "shortrange/pair_kernels.hpp"

#include "core/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "shortrange/pair_kernels.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
// After foreach_target.h:
#include "law_tables/pair_laws-inl.hpp"
#include "law_tables/pair_laws.hpp"
#include "shortrange/pair_loop-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace orrery::HWY_NAMESPACE {

const FormKernels* pair_kernel_table() {
#define ORRERY_KERNEL_ROW(Name) kernels_of(Name##Vectors()),
  static const FormKernels table[] = {ORRERY_PAIR_LAWS(ORRERY_KERNEL_ROW)};
#undef ORRERY_KERNEL_ROW
  return table;
}

}  // namespace orrery::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include "laws/table.hpp"

namespace orrery {

HWY_EXPORT(pair_kernel_table);

PairKernels pair_kernels(std::string_view law, int method) {
  return kernels_of_method(HWY_DYNAMIC_DISPATCH(pair_kernel_table)(), law, method);
}

}  // namespace orrery

#endif  // HWY_ONCE
