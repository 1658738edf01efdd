/// Laws that are not in the table, right ones and wrong ones, for tests of what checks laws.
#pragma once

#include "shortrange/pair_kernels.hpp"

namespace orrery {

/// Springs that push from a distance of 1 on; see `springs.cpp` for their numbers and their mistakes.
enum class SpringForm { plain, broken, cored, lopsided, pointless, damped, driven, rubbing, uneven, dazed };

/// The loops of a form, for the instruction set in use.
PairKernels spring_kernels(SpringForm form);

}  // namespace orrery
