/// Three loops that do nothing but what limits a kernel: divide, multiply and add, move memory. Compiled once
/// per instruction set, and chosen at run time together with the kernels.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orrery {

/// One particle takes one lane of a register. Each arithmetic loop brings its numbers to a limit that does
/// not depend on where they start, so that a caller can see that the work was done.
struct MachineLoops {
  /// x = 2.744 / sqrt(x), round after round, in as many independent registers as keep the divider busy.
  /// @param start  about 1; anything that the compiler does not know
  /// @return the mean of all lanes, near `divided`
  double (*divide)(std::int64_t rounds, double start) = nullptr;
  /// Square roots, each with a division, in one round.
  std::size_t divisions_per_round = 0;
  static constexpr double divided = 1.96;

  /// x = 0.75 x + 0.35, round after round, in as many independent registers as keep the multipliers busy.
  /// @return the mean of all lanes, near `multiplied`
  double (*multiply_add)(std::int64_t rounds, double start) = nullptr;
  /// Multiply-adds in one round: fused ones where the instruction set has them.
  std::size_t multiply_adds_per_round = 0;
  static constexpr double multiplied = 1.4;

  /// to = a + factor b: two numbers read and one written for each of `count`.
  /// @pre  the arrays start on a cache line, and count is a multiple of 8
  void (*triad)(double* to, const double* a, const double* b, double factor, std::size_t count) = nullptr;
};

/// The loops for the instruction set in use (`choose_instruction_set`).
const MachineLoops& machine_loops();

}  // namespace orrery
