/// The particles of one rank: one contiguous column for each quantity, in id order.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/types.hpp"

namespace orrery {

/// Ids of consecutive rows. Ids that count up by one, as the generator makes them, take no memory.
class IdColumn {
public:
  /// @param count  rows; their ids are first, first + 1, ...
  static IdColumn consecutive(ParticleId first, std::size_t count);
  static IdColumn listed(std::vector<ParticleId> ids);

  std::size_t size() const { return size_; }
  ParticleId operator[](std::size_t row) const {
    return listed_.empty() ? ParticleId{first_ + row} : listed_[row];
  }
  std::size_t bytes() const { return listed_.capacity() * sizeof(ParticleId); }

private:
  std::uint64_t first_ = 0;
  std::size_t size_ = 0;
  std::vector<ParticleId> listed_;
};

/// A set of rows as they come from a source, in columns: a slice on its way to its owner.
struct ParticleRows {
  ParticleRows(int axes, int parameters, std::size_t count);

  /// Shortens or lengthens all columns.
  void resize(std::size_t count);
  std::size_t size() const { return id.size(); }
  std::size_t bytes() const {
    return id.capacity() * sizeof(ParticleId) + bytes_of(position) + bytes_of(parameter);
  }

  std::vector<ParticleId> id;                  ///< shape (rows)
  std::vector<std::vector<double>> position;   ///< [length], shape (axes, rows)
  std::vector<std::vector<double>> parameter;  ///< shape (parameters, rows)
};

class ParticleStore {
public:
  /// Columns for `count` particles, uninitialised except for their padding, which is zero.
  /// @param axes        axes of the positions, 2 or 3
  /// @param parameters  columns that the law needs beside the position
  ParticleStore(int axes, int parameters, std::size_t count);

  std::size_t size() const { return count_; }
  /// Rows that may be read and written: `size()` rounded up so that whole vector registers fit.
  std::size_t padded_size() const { return padded_; }
  /// 0 where only ids are kept.
  int axes() const { return static_cast<int>(initial_.size()); }
  int parameters() const { return static_cast<int>(parameter_.size()); }

  const IdColumn& ids() const { return ids_; }
  void set_ids(IdColumn ids);
  /// Frees all columns but the ids, where the numbers live elsewhere from now on. `size` stays.
  void keep_ids_only();

  /// Position when the run began [length], shape (padded_size).
  std::span<double> initial(int axis) { return initial_[static_cast<std::size_t>(axis)]; }
  std::span<const double> initial(int axis) const { return initial_[static_cast<std::size_t>(axis)]; }
  /// What the law evolves, shape (padded_size).
  std::span<double> state(int axis) { return state_[static_cast<std::size_t>(axis)]; }
  std::span<const double> state(int axis) const { return state_[static_cast<std::size_t>(axis)]; }
  /// One of the law's parameter columns, shape (padded_size).
  std::span<double> parameter(int column) { return parameter_[static_cast<std::size_t>(column)]; }
  std::span<const double> parameter(int column) const { return parameter_[static_cast<std::size_t>(column)]; }

  /// Bytes taken by the columns of the initial position, by those of the state, by one parameter column, and
  /// by all of them and the ids.
  std::size_t initial_bytes() const { return bytes_of(initial_); }
  std::size_t state_bytes() const { return bytes_of(state_); }
  std::size_t parameter_bytes(int column) const { return parameter(column).size_bytes(); }
  std::size_t bytes() const;

  /// Bytes that one particle takes in the columns, ids not counted.
  static std::size_t bytes_per_particle(int axes, int parameters) {
    return sizeof(double) * static_cast<std::size_t>(2 * axes + parameters);
  }

private:
  std::size_t count_;
  std::size_t padded_;
  IdColumn ids_;
  std::vector<AlignedVector<double>> initial_;
  std::vector<AlignedVector<double>> state_;
  std::vector<AlignedVector<double>> parameter_;
};

}  // namespace orrery
