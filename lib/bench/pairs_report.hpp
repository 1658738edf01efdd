/// The figures of `orrery bench pairs`, for people and for programs.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "bench/bench_result.hpp"
#include "bench/pairs_options.hpp"
#include "bench/pairs_timing.hpp"

namespace orrery {

struct PairsResult {
  BenchSetup setup;
  PairsOptions options;
  std::vector<PairsTiming> rows;
};

void print_pairs_heading(std::ostream& out, const PairsResult& result);
void print_row(std::ostream& out, const PairsTiming& row);

/// What exact sums cost, a line for each row that tells.
void print_sums(std::ostream& out, const PairsResult& result);

/// What larger runs would take, worked out from the largest that was timed on one thread.
void print_growth(std::ostream& out, const PairsResult& result);

/// One JSON object, with one of `rows` for each figure, and one of `sums` for each number of particles. Keys
/// are those that docs/usage.md lists.
std::string json_of(const PairsResult& result);

}  // namespace orrery
