/// The figures of a benchmark for people.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <span>

#include "bench/bench_result.hpp"

namespace orrery {

/// What is measured, and on what.
void print_setup(std::ostream& out, const BenchSetup& setup);

/// @param limits  with one thread and, where there are more, with all
void print_limits(std::ostream& out, std::span<const MachineLimits> limits);

/// Heads the table of rows.
void print_heading(std::ostream& out);

/// The rows of one number of particles, and the book's figures for as many.
void print_rows(std::ostream& out, std::int64_t particles, std::span<const RotationTiming> rows);

/// What the columns mean, and whether something seems to have disturbed the measurement.
void print_notes(std::ostream& out, const BenchResult& result);

}  // namespace orrery
