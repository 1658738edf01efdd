/// Which rank owns which particles, and how they come to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "comm/communicator.hpp"
#include "domain/census.hpp"
#include "domain/regions.hpp"
#include "shortrange/pair_rows.hpp"

namespace orrery {

/// Regions of space, one for each rank, that own the particles in them; cut anew where some ranks have more
/// to do than others. No result depends on it. Every rank has one; calls are collective unless they say
/// otherwise.
class Ownership {
public:
  /// `ranks` must outlive this object. Local.
  /// @param count    particles of all ranks
  /// @param threads  that share local work
  Ownership(const Communicator& ranks, std::int64_t count, int threads);

  /// Cuts regions so that all ranks have as much to do, by the work noted since the last time, and gives
  /// every particle to its owner.
  /// @return rows of particles that have come
  std::vector<std::size_t> rebalance(PairRows& rows);

  /// Gives particles that have left the rank's region to their owners. @pre `rebalance`
  /// @return rows of particles that have come
  std::vector<std::size_t> migrate(PairRows& rows);

  /// Notes seconds of work with the particles owned. Local.
  void note_work(double seconds) { work_ += seconds; }

  /// Whether some ranks have worked for longer than others since the last `rebalance`.
  bool is_uneven() const;

  /// A particle that is not there once, if any.
  /// @param index  column of global indices
  std::optional<Miscount> miscount(const PairRows& rows, Column<std::int64_t> index) const;

private:
  const Communicator& ranks_;
  int threads_;
  Census census_;
  std::optional<Regions> regions_;
  double work_ = 0.0;  ///< seconds since the regions were cut
};

}  // namespace orrery
