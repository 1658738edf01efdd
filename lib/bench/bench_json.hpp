/// The figures of a benchmark for programs.
#pragma once

#include <string>

#include "bench/bench_result.hpp"

namespace orrery {

/// One JSON object: what measured, `limits`, `rows` (one for each figure) and `book`. The keys are those that
/// docs/usage.md lists; others may be added, none taken away.
std::string json_of(const BenchResult& result);

}  // namespace orrery
