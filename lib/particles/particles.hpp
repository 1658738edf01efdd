/// The particles of one rank, as columns that are declared by what needs them.
///
/// A law, a force term or an integrator declares its columns and gets handles; sorting, migration and
/// gathering are written once, over all columns, and name none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/error.hpp"

namespace orrery {

/// Which numbers a column has for every particle, and what becomes of them.
struct ColumnDeclaration {
  std::string name;
  int components = 1;
  int width = 0;            ///< numbers from one row to the next, at least the components; 0: as many
  std::string unit{};       ///< such as "length / time"; empty for plain numbers
  bool is_state = true;     ///< part of a particle's state: it is sorted and migrates with the particle
  bool has_ghosts = false;  ///< has rows for padding and ghosts behind those of owned particles
};

/// A column's place in its container, with the type of its numbers.
template <class Number>
struct Column {
  std::size_t index = 0;
};

class Particles;

/// Some columns of a particle, one behind the other, on their way to another rank. Components that only fill
/// up a row are left out.
class ParticleRecord {
public:
  struct Part {
    std::size_t column = 0;
    std::size_t offset = 0;  ///< in the record [bytes]
    std::size_t bytes = 0;
  };

  std::size_t bytes() const { return bytes_; }

  /// Where the numbers of a column begin in a record [bytes]. @pre it is in the record
  template <class Number>
  std::size_t offset(Column<Number> column) const {
    return offset_of(column.index);
  }

  /// Numbers of a column in a record. @pre they are components of it
  template <std::size_t count, class Number>
  std::array<Number, count> numbers(Column<Number> column, const std::byte* record) const {
    std::array<Number, count> numbers;
    std::memcpy(numbers.data(), record + offset(column), sizeof(numbers));
    return numbers;
  }

private:
  friend class Particles;
  std::size_t offset_of(std::size_t column) const;

  std::vector<Part> parts_;
  std::size_t bytes_ = 0;
};

/// Rows in this order: particles that the rank owns, padding, ghosts. All calls are local.
class Particles {
public:
  /// Adds a column, whose numbers are 0 in all rows that there are.
  /// @tparam Number  a plain type
  template <class Number>
  Column<Number> declare(const ColumnDeclaration& declaration) {
    static_assert(std::is_trivially_copyable_v<Number>);
    return {add(declaration, sizeof(Number))};
  }

  std::size_t owned() const { return owned_; }
  std::size_t first_ghost() const { return owned_ + padding_; }
  std::size_t ghosts() const { return ghosts_; }

  /// Makes room for so many owned particles, and drops the ghosts. Rows below the lesser of old and new count
  /// stay, all others are undefined.
  void resize_owned(std::size_t count, std::size_t padding);
  void resize_owned(std::size_t count) { resize_owned(count, padding_); }
  /// Makes room for ghosts, which are undefined.
  void resize_ghosts(std::size_t count);

  /// A column's first number, shape (rows, width).
  template <class Number>
  Number* data(Column<Number> column) {
    return reinterpret_cast<Number*>(columns_[column.index].bytes.data());
  }
  template <class Number>
  const Number* data(Column<Number> column) const {
    return reinterpret_cast<const Number*>(columns_[column.index].bytes.data());
  }
  /// Of owned particles, shape (owned). @pre one number in a row
  template <class Number>
  std::span<const Number> owned(Column<Number> column) const {
    return {data(column), owned_};
  }

  /// Puts the state of owned particles into another order, on several threads.
  /// @param order  of the rows as they are now, shape (owned)
  /// @param room   a column that is no state; overwritten
  template <class Number>
  void reorder(std::span<const std::int32_t> order, Column<Number> room, int threads) {
    reorder_by(order, room.index, threads);
  }

  /// All state.
  ParticleRecord state_record() const;
  /// Some columns, in this order.
  ParticleRecord record_of(std::span<const std::size_t> columns) const;

  /// @param bytes  of the record, shape (record.bytes())
  void pack(const ParticleRecord& record, std::size_t row, std::byte* bytes) const {
    for (const auto& part : record.parts_) {
      const Storage& column = columns_[part.column];
      std::memcpy(bytes + part.offset, column.bytes.data() + column.row_bytes * row, part.bytes);
    }
  }
  void unpack(const ParticleRecord& record, const std::byte* bytes, std::size_t row) {
    for (const auto& part : record.parts_) {
      Storage& column = columns_[part.column];
      std::memcpy(column.bytes.data() + column.row_bytes * row, bytes + part.offset, part.bytes);
    }
  }
  /// Numbers of a column in a row, wherever it is. @pre they are components of it
  template <std::size_t count, class Number>
  std::array<Number, count> numbers(Column<Number> column, std::size_t row) const {
    std::array<Number, count> numbers;
    const Storage& from = columns_[column.index];
    std::memcpy(numbers.data(), from.bytes.data() + from.row_bytes * row, sizeof(numbers));
    return numbers;
  }

  /// Copies the state of one row to another.
  void move_state(std::size_t from, std::size_t to);

  /// What the columns take, each and all together.
  struct ColumnBytes {
    std::string name;
    std::size_t bytes;
  };
  std::vector<ColumnBytes> bytes_by_column() const;
  std::size_t bytes() const;

private:
  struct Storage {
    ColumnDeclaration declaration;
    std::size_t number_bytes = 0;
    std::size_t row_bytes = 0;
    AlignedVector<std::byte> bytes;
  };

  std::size_t add(ColumnDeclaration declaration, std::size_t number_bytes);
  std::size_t rows_of(const Storage& column) const;
  void reorder_by(std::span<const std::int32_t> order, std::size_t room, int threads);

  std::vector<Storage> columns_;
  std::size_t owned_ = 0, padding_ = 0, ghosts_ = 0;
};

}  // namespace orrery
