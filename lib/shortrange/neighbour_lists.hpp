/// Verlet neighbour lists.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned_vector.hpp"
#include "core/types.hpp"
#include "shortrange/cell_grid.hpp"
#include "shortrange/neighbour_search.hpp"
#include "shortrange/pair_kernels.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Whether a pair of one share's particles stands in the list of one of them, or of both.
enum class Pairing { once, both_ways };

/// Which of the own particles: all, or in two parts those whose lists hold no remote ghost (see `PairRows`),
/// and the others.
enum class PairPart { all, interior, border };

/// Lists of the neighbours of a rank's own particles, cut into shares that threads work on side by side.
///
/// A pair within a share stands in one list, and both particles get its force. A pair across shares, or with
/// an image, stands in the list of each own particle of it, and that one alone gets the force: no two threads
/// or ranks ever write to one particle. (With a mirrored image, see `PairRows`, a pair is like one within the
/// share, of which there is only one then.) With pairs both ways, every pair is like one across shares. Since
/// forces are integers, the sum does not show in which order it was formed.
class NeighbourLists {
public:
  /// @param lanes  lists are filled up to a multiple of this
  explicit NeighbourLists(std::size_t lanes, Pairing pairing = Pairing::once)
      : lanes_(lanes), pairing_(pairing) {}

  /// Lists all that are within `reach`. Local; a thread for each share. @pre one share where rows are
  /// mirrored
  /// @param grid    around the own particles, with the same reach
  /// @param rows    own particles in the order of their cells
  /// @param shares  of the own particles; together they are all of them
  void build(const CellGrid& grid, const PairRows& rows, const CellOrder& owned, double reach,
             std::span<const Range> shares);

  std::size_t shares() const { return shares_.size(); }
  NeighbourSlice slice(std::size_t share) const { return slice(share, shares_[share].particles); }
  /// The lists of some particles of a share.
  NeighbourSlice slice(std::size_t share, Range particles) const;

  /// The particles of a part, in order. Few particles between two of the border count as border too, so that
  /// it is not many runs of hardly any particles.
  std::span<const Range> runs(std::size_t share, PairPart part) const;

  /// Neighbours of the particle that has most, on either side of its pairs; where there are so few that sums
  /// of forces fit whatever they are (`FixedPoint::most_terms`), only an upper bound of it.
  std::int64_t most_neighbours(const PairRows& rows) const;
  /// Pairs that stand in the lists, those across shares twice.
  std::int64_t entries() const;
  std::int64_t entries(std::size_t share) const { return shares_[share].entries; }
  std::size_t bytes() const;

private:
  struct Surroundings;
  class Finder;

  /// Particles in the order of the cells, for the search.
  struct Columns {
    std::array<AlignedVector<float>, 3> axis;
    AlignedVector<std::int32_t> place;

    /// @param first  row that row numbers in `order` count from
    void fill(const PairRows& rows, std::size_t first, const CellOrder& order, const Vec3& middle,
              int threads);
    SearchColumns columns() const { return {axis[0].data(), axis[1].data(), axis[2].data(), place.data()}; }
    std::size_t bytes() const { return bytes_of(axis) + place.capacity() * sizeof(std::int32_t); }
  };
  struct Share {
    Range particles;
    std::vector<std::int64_t> begin;
    std::vector<std::int32_t> two_sided;
    AlignedVector<std::int32_t> neighbours;
    std::vector<Range> interior;
    std::vector<Range> border;
    bool past_caches = false;  ///< whether lists are too long to stay in a cache until they are read
    AlignedVector<std::int32_t> staging;  ///< of one list, if so
    std::int64_t longest = 0;
    std::int64_t entries = 0;
  };

  /// Entries of the longest list.
  std::int64_t most_listed() const;
  std::size_t padded(std::size_t count) const { return (count + lanes_ - 1) / lanes_ * lanes_; }
  static void add_to_border(Share& share, std::int64_t particle);
  static void close_border(Share& share);
  /// Makes room for lists of a share, or clears those that it has.
  void clear(Share& share, Range particles) const;
  /// Writes the list of a particle behind that of the one before.
  /// @return its neighbours that are seen from one side, as long as no other list is written
  std::span<const std::int32_t> fill(Share& share, Finder& finder, std::int64_t particle);

  std::size_t lanes_;
  Pairing pairing_;
  CellOrder mirrored_, images_;
  Columns owned_columns_, mirrored_columns_, image_columns_;
  std::vector<Share> shares_;
};

}  // namespace orrery
