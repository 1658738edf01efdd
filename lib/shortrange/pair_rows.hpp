/// The particles that a rank knows of, as the pair kernels want them: one row of four numbers each.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/aligned_vector.hpp"
#include "particles/particles.hpp"

namespace orrery {

/// Rows in this order: the rank's own particles, some that stand for none and are too far away to matter, and
/// images, that is, particles of other ranks and of other periods of the box.
///
/// The first of the images may be mirrored: they are shifted particles of this rank, and the force on them is
/// on its way to these. A pair that is seen with a mirrored image is not seen a second time the other way
/// round. The last of the images are remote ghosts: their
/// positions come from other ranks, later than all others.
class PairRows {
public:
  static constexpr std::size_t width = 4;

  /// Rows whose places an entry of a list can name.
  static constexpr std::size_t most = (std::size_t{1} << 29) - 1;
  /// Where a row begins, in numbers.
  static constexpr std::int32_t place(std::size_t row) { return static_cast<std::int32_t>(width * row); }
  static constexpr std::size_t row_at(std::int32_t place) { return static_cast<std::size_t>(place) / width; }

  PairRows() : position_(particles_.declare<double>(position_declaration())) {}

  /// The container, for more columns. A caller that resizes it calls `resize_owned` afterwards.
  Particles& particles() { return particles_; }
  const Particles& particles() const { return particles_; }
  Column<double> position_column() const { return position_; }

  std::size_t owned() const { return particles_.owned(); }
  std::size_t images() const { return particles_.ghosts(); }
  /// The row that fills up the neighbour lists of a share of the particles. Forces on it are written like all
  /// others, so it is on a cache line of its own: threads would wait for each other.
  std::size_t padding_row(std::size_t share = 0) const {
    return owned() + rows_apart * share + rows_apart / 2;
  }
  bool is_padding(std::size_t row) const { return row >= owned() && row < first_image(); }
  std::size_t first_image() const { return particles_.first_ghost(); }

  /// Sets how far away padding rows are from the next time that room is made. Powers of the distance
  /// should be numbers of full precision, and so should those of its inverse: some processors take long over
  /// others, three times as long for the pairs of Lennard-Jones.
  /// @param distance  many cut-offs beyond all particles, along each axis [length]
  void set_far_away(double distance) { far_away_ = distance; }

  /// Makes room; positions of kept rows of own particles stay, everything else is undefined.
  /// @param shares  of threads
  void resize_owned(std::size_t count, std::size_t shares = 1);
  void resize_images(std::size_t count) { resize_images(count, {}); }
  /// @param mirrored  own rows that the first images are shifted from
  /// @param remote    how many of the last images are ghosts of other ranks' particles
  void resize_images(std::size_t count, std::vector<std::int32_t> mirrored, std::size_t remote = 0);

  std::size_t mirrored() const { return mirrored_.size(); }
  /// The own row of a mirrored image.
  std::size_t mirrored_row(std::size_t image) const { return static_cast<std::size_t>(mirrored_[image]); }
  /// The owned particle that a row is of; nothing for images of other ranks, and for those whose particle is
  /// not noted.
  std::optional<std::size_t> own_row(std::size_t row) const {
    if (row < owned()) return row;
    if (is_padding(row) || row - first_image() >= mirrored()) return std::nullopt;
    return mirrored_row(row - first_image());
  }
  std::size_t remote() const { return remote_; }
  std::size_t first_remote() const { return first_image() + images() - remote_; }
  /// Adds the forces on mirrored images to those on their particles.
  void fold_forces();

  /// x, y, z and a number without meaning [length], shape (rows, 4).
  double* position(std::size_t row) { return particles_.data(position_) + width * row; }
  const double* position(std::size_t row) const { return particles_.data(position_) + width * row; }
  /// Sum of the forces on own particles, in units of the fixed point, and after the padding on mirrored
  /// images, shape (owned + 1 + mirrored, 4); the fourth number counts biases, see `pair_kernels.hpp`.
  std::int64_t* force(std::size_t row) { return force_.data() + width * row; }
  const std::int64_t* force(std::size_t row) const { return force_.data() + width * row; }

  std::size_t bytes() const {
    return particles_.bytes() + force_.capacity() * sizeof(std::int64_t) +
           mirrored_.capacity() * sizeof(std::int32_t);
  }

private:
  static constexpr std::size_t rows_apart = 4;

  static ColumnDeclaration position_declaration() {
    return {.name = "position", .components = 3, .width = width, .unit = "length", .has_ghosts = true};
  }
  void set_padding();

  double far_away_ = 0x1p100;
  std::size_t remote_ = 0;
  std::vector<std::int32_t> mirrored_;
  Particles particles_;
  Column<double> position_;
  AlignedVector<std::int64_t> force_;
};

}  // namespace orrery
