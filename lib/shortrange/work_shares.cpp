#include "shortrange/work_shares.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/even_split.hpp"

namespace orrery {
namespace {

/// Work on a particle without neighbours: its list, filled up, its kick and drift. In particles that are in
/// the cells around, of which about one in six is a neighbour, and half of these in its list.
constexpr std::int64_t per_particle = 100;

/// How much more than the average a share of as many particles as others may have to do. What is told from
/// half empty cells along a border is off by less.
constexpr double most_unevenness = 1.15;

/// Work on particles in the order of their cells.
class CellWork {
public:
  CellWork(const CellGrid& grid, const CellOrder& particles)
      : begin_(particles.begin),
        span_(static_cast<std::size_t>(grid.span(0))),
        rows_((2 * grid.span(1) + 1) * (2 * grid.span(2) + 1)) {}

  /// Work on all particles before some of them.
  /// @param cuts  ascending, up to the number of particles
  std::vector<std::int64_t> before(const std::vector<std::int64_t>& cuts) const {
    std::vector<std::int64_t> found;
    for_cells([&](std::int64_t first, std::int64_t end, std::int64_t each, std::int64_t work) {
      while (found.size() < cuts.size() && cuts[found.size()] <= end)
        found.push_back(work + each * (cuts[found.size()] - first));
    });
    return found;
  }

  /// Where the work on all particles before comes to so much. @param works  ascending, below that on all
  std::vector<std::int64_t> cuts_at(const std::vector<std::int64_t>& works) const {
    std::vector<std::int64_t> found;
    for_cells([&](std::int64_t first, std::int64_t end, std::int64_t each, std::int64_t work) {
      while (found.size() < works.size() && works[found.size()] < work + each * (end - first))
        found.push_back(first + (works[found.size()] - work) / each);
    });
    return found;
  }

private:
  /// Calls `visit(first particle, last + 1, work on each, work on all before)`. No particle is in the first
  /// and the last cells of a row.
  template <class Visit>
  void for_cells(const Visit& visit) const {
    std::int64_t work = 0;
    for (std::size_t cell = span_; cell + span_ + 1 < begin_.size(); ++cell) {
      const std::int64_t first = begin_[cell], end = begin_[cell + 1];
      const std::int64_t each = per_particle + rows_ * (begin_[cell + span_ + 1] - begin_[cell - span_]);
      visit(first, end, each, work);
      work += each * (end - first);
    }
  }

  const std::vector<std::int32_t>& begin_;
  std::size_t span_;
  std::int64_t rows_;  ///< of cells around
};

}  // namespace

std::vector<Range> cut_by_work(const CellGrid& grid, const CellOrder& particles, int shares) {
  const EvenSplit even(static_cast<std::int64_t>(particles.rows.size()), shares);
  std::vector<Range> ranges;
  std::vector<std::int64_t> ends;
  for (int share = 0; share < shares; ++share) {
    ranges.push_back(even.part(share));
    ends.push_back(ranges.back().end);
  }
  if (shares == 1 || even.items() == 0) return ranges;

  const CellWork work(grid, particles);
  const std::vector<std::int64_t> before = work.before(ends);
  std::int64_t most = before.front();
  for (std::size_t share = 1; share < before.size(); ++share)
    most = std::max(most, before[share] - before[share - 1]);
  const double mean = static_cast<double>(before.back()) / shares;
  if (static_cast<double>(most) <= most_unevenness * mean) return ranges;

  std::vector<std::int64_t> targets;
  for (int share = 1; share < shares; ++share)
    targets.push_back(static_cast<std::int64_t>(mean * static_cast<double>(share)));
  const std::vector<std::int64_t> cuts = work.cuts_at(targets);
  for (std::size_t share = 0; share < cuts.size(); ++share)
    ranges[share].end = ranges[share + 1].begin = cuts[share];
  return ranges;
}

}  // namespace orrery
