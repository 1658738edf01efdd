/// Which vector instructions the kernels use: the best that processor and build have, or one asked for.
#pragma once

#include <string>
#include <vector>

namespace orrery {

/// Names of the instruction sets that this processor has and this build supports, best first, such as "AVX2",
/// "SSE4".
std::vector<std::string> available_instruction_sets();

/// Makes the kernels use one set from now on; call it before the first kernel, on every rank.
/// @param name  one of `available_instruction_sets()`, or "auto" for the best
/// @return the name of the set in use
/// @param option  that asks for it, for messages
/// @throws Error (usage) naming those available
std::string choose_instruction_set(const std::string& name,
                                   const std::string& option = "run.instruction-set");

}  // namespace orrery
