/// What a caller sees of a rank's particles between steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/types.hpp"
#include "io/frame_layout.hpp"

namespace orrery {

/// One quantity of all particles of a rank.
struct ParticleColumn {
  std::string name;
  ElementType type = ElementType::float64;
  int components = 1;
  std::string unit;              ///< of numbers with a dimension, as in the file; empty: none is known
  std::vector<std::byte> bytes;  ///< shape (rows, components)

  /// The numbers, shape (rows * components). @pre `T` is what `type` says
  template <class T>
  std::span<const T> values() const {
    ensure(sizeof(T) == size_of(type), "a column is read as what it is");
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

/// A rank's even part of all particles, in the order of ids.
struct ParticleColumns {
  std::int64_t step = 0;
  Range rows{};  ///< which of all particles these are, in the order of ids
  std::vector<ParticleColumn> columns;

  /// @throws Error (internal) where there is no such column
  const ParticleColumn& of(std::string_view name) const {
    for (const auto& column : columns)
      if (column.name == name) return column;
    throw Error(ExitCode::internal, "particles have no column '" + std::string(name) + "'");
  }
};

}  // namespace orrery
