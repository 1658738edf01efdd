/// Space divided among ranks.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"
#include "core/types.hpp"

namespace orrery {

/// A region of space for every rank, found by halving: the particles are cut by a plane across the longest
/// axis, in the proportion of the ranks on either side, and so on with each half. Any number of ranks will
/// do. The outermost regions reach to infinity. Source: M. J. Berger, S. H. Bokhari, IEEE Trans. Comput. C-36
/// (1987) 570.
///
/// Which rank has which particle changes no result, only the time that it takes.
class Regions {
public:
  /// Cuts so that all regions have the same weight, to about 1/256 of the extent at each cut. Collective.
  /// @param rows    this rank's particles, rows of four numbers
  /// @param count   of rows
  /// @param weight  of each of this rank's particles, at least 1
  /// @param threads that share local work
  Regions(const Communicator& ranks, const double* rows, std::size_t count, std::int64_t weight,
          int threads = 1);

  /// The rank whose region a position is in. @pre the coordinates are finite
  int owner(const double* position) const;

private:
  struct Node {
    std::array<double, 3> low{}, high{};  ///< extent of the particles in it, roughly
    int first_rank = 0;
    int ranks = 1;
    int axis = -1;     ///< of the cut; -1: not cut
    double cut = 0.0;  ///< below it is the first child
    std::size_t children = 0;
  };

  static void choose_axis(Node& node);
  std::vector<std::int64_t> weigh(std::size_t first, std::size_t last, const double* rows,
                                  std::span<const std::size_t> node_of, std::int64_t weight,
                                  int threads) const;
  void cut(std::size_t index, std::span<const std::int64_t> weights);

  std::vector<Node> nodes_;
};

}  // namespace orrery
