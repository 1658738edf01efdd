/// The vector loops of every independent law, compiled once per instruction set and chosen at run time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "laws/columns.hpp"

namespace orrery {

/// Most quantities that a law may measure per particle.
inline constexpr int most_quantities = 8;

/// Particles that one call handles at most; `measure` and `sample` write to buffers of this length. A block
/// of the rotation's three columns is 18 KiB and stays in the first-level cache.
inline constexpr std::size_t block_size = 768;

/// What the particles of a block measure.
struct BlockMeasures {
  /// The numbers themselves, at [quantity * block_size + row - first].
  double* values = nullptr;
  std::array<double, most_quantities> least{};
  std::array<double, most_quantities> most{};
  /// Whether all of them are finite; if not, `least` and `most` mean nothing.
  bool finite = true;
};

/// Most methods that a law may have.
inline constexpr std::size_t most_methods = 4;

/// One form of a law's motion.
struct KernelMethod {
  /// Brings the state from step `from` to step `to`.
  void (*evolve)(const Columns&, const LawConstants&, std::size_t first, std::size_t count, std::int64_t from,
                 std::int64_t to) = nullptr;
  /// Whether the cost does not grow with the number of steps: then nothing is gained by cutting them into
  /// slices.
  bool is_closed_form = false;
};

/// The loops of one law. Each handles rows [first, first + count) of the columns; first is a multiple of 16,
/// and whole registers are loaded and stored past the end, into the padding. Bits do not depend on how rows
/// and steps are cut into calls.
struct IndependentKernels {
  /// In the order of the law's `method_index()`.
  std::array<KernelMethod, most_methods> methods{};

  /// Sets the state from the initial positions.
  void (*begin)(const Columns&, const LawConstants&, std::size_t first, std::size_t count) = nullptr;

  /// Adds to `forms`, for each of the law's forms, how many particles move by it.
  void (*count_forms)(const Columns&, const LawConstants&, int method, std::size_t first, std::size_t count,
                      std::int64_t* forms) = nullptr;

  /// Positions and velocities at step `step`, written from the start of the buffers.
  void (*sample)(const Columns&, const LawConstants&, std::size_t first, std::size_t count, std::int64_t step,
                 const Sample&) = nullptr;

  /// The law's quantities at step `step`.
  void (*measure)(const Columns&, const LawConstants&, int method, std::size_t first, std::size_t count,
                  std::int64_t step, BlockMeasures&) = nullptr;
};

/// The loops of a law, for the instruction set in use. @pre the law is in the table
const IndependentKernels& independent_kernels(std::string_view law);

}  // namespace orrery
