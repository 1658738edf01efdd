/// What a frame is made of, on its way to the file: columns of rows, in global row order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orrery {

enum class ElementType { float64, float32, int32, int64, uint64 };

constexpr std::size_t size_of(ElementType type) {
  return type == ElementType::float32 || type == ElementType::int32 ? 4 : 8;
}

/// What a column is measured in.
enum class Dimension { number, length, velocity };

/// One column: every row holds `components` elements.
struct Field {
  std::string name;  ///< below /particles/trajectory
  int components = 1;
  ElementType type = ElementType::float64;
  Dimension dimension = Dimension::number;

  std::size_t row_bytes() const { return size_of(type) * static_cast<std::size_t>(components); }
};

/// Columns that are written together. `constant` ones are written once per file, the others once per frame.
struct FrameLayout {
  std::vector<Field> constant;
  std::vector<Field> per_frame;
};

/// Rows in a chunk of the file: chunks of equal size, at most 768 KiB of double positions, below the 1 MiB at
/// which readers' default chunk caches still hold one.
constexpr std::int64_t chunk_rows(std::int64_t particle_count) {
  constexpr std::int64_t most = 32768;
  const std::int64_t chunks = (particle_count + most - 1) / most;
  return chunks == 0 ? 1 : (particle_count + chunks - 1) / chunks;
}

inline std::size_t row_bytes(const std::vector<Field>& fields) {
  std::size_t bytes = 0;
  for (const auto& field : fields) bytes += field.row_bytes();
  return bytes;
}

/// A frame's place in time, and the diagnostics that go with it.
struct FrameHeader {
  std::int64_t step = 0;
  double time = 0.0;                ///< step number times time step [time]
  std::vector<double> diagnostics;  ///< in the order of the law's diagnostics
};

}  // namespace orrery
