#include "sources/sort_by_id.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "comm/exchange_items.hpp"

namespace orrery {
namespace {

/// For each rank but the first, the lowest id of its part: that which has as many ids of all ranks below it
/// as rows go to the ranks before. Collective.
/// @param ids  of this rank's rows, ascending
std::vector<std::uint64_t> lowest_ids(const Communicator& ranks, EvenSplit split,
                                      const std::vector<std::uint64_t>& ids) {
  const auto bounds = static_cast<std::size_t>(ranks.size() - 1);
  std::vector<std::uint64_t> low(bounds, 0);
  for (int bit = std::numeric_limits<std::uint64_t>::digits - 1; bit >= 0; --bit) {
    const std::uint64_t step = std::uint64_t{1} << static_cast<unsigned>(bit);
    std::vector<std::int64_t> below(bounds);
    for (std::size_t at = 0; at < bounds; ++at)
      below[at] = std::lower_bound(ids.begin(), ids.end(), low[at] + step) - ids.begin();
    ranks.sum(below);
    for (std::size_t at = 0; at < bounds; ++at)
      if (below[at] <= split.part(static_cast<int>(at) + 1).begin) low[at] += step;
  }
  return low;
}

/// Rows as whole numbers on their way: id, row of the file, and the bits of all else.
class PackedRows {
public:
  PackedRows(int axes, int parameters) : width_(static_cast<std::size_t>(2 + axes + parameters)) {}

  void pack(const ParticleRows& rows, std::size_t row, std::int64_t place,
            std::vector<std::uint64_t>& to) const {
    to.push_back(number(rows.id[row]));
    to.push_back(static_cast<std::uint64_t>(place));
    for (const auto& column : rows.position) to.push_back(std::bit_cast<std::uint64_t>(column[row]));
    for (const auto& column : rows.parameter) to.push_back(std::bit_cast<std::uint64_t>(column[row]));
  }

  void unpack(const std::uint64_t* from, ParticleRows& rows, std::size_t row) const {
    rows.id[row] = ParticleId{*from};
    from += 2;
    for (auto& column : rows.position) column[row] = std::bit_cast<double>(*from++);
    for (auto& column : rows.parameter) column[row] = std::bit_cast<double>(*from++);
  }

  std::size_t width() const { return width_; }

private:
  std::size_t width_;  ///< numbers of a row
};

std::vector<std::uint64_t> ascending_ids(const ParticleRows& rows) {
  std::vector<std::uint64_t> ids;
  ids.reserve(rows.size());
  for (const ParticleId id : rows.id) ids.push_back(number(id));
  std::sort(ids.begin(), ids.end());
  return ids;
}

/// Packed rows in the order of ids, and of the file's rows where ids are the same.
std::vector<std::size_t> by_id(std::size_t count, const std::uint64_t* ids, std::size_t stride) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [=](std::size_t a, std::size_t b) {
    return std::pair(ids[stride * a], ids[stride * a + 1]) < std::pair(ids[stride * b], ids[stride * b + 1]);
  });
  return order;
}

/// The lowest of what ranks have found. Collective.
std::optional<DuplicateId> lowest(const Communicator& ranks, const std::optional<DuplicateId>& mine) {
  struct Found {
    std::int64_t is_any = 0;
    DuplicateId duplicate;
  };
  std::optional<DuplicateId> lowest;
  for (const Found& found :
       ranks.pull_everywhere(Found{mine.has_value() ? 1 : 0, mine.value_or(DuplicateId{})}))
    if (found.is_any != 0 && (!lowest || found.duplicate.id < lowest->id)) lowest = found.duplicate;
  return lowest;
}

/// Whether every id is one more than the one before, also from rank to rank. Collective.
bool are_consecutive(const Communicator& ranks, Range mine, const std::vector<ParticleId>& ids) {
  std::uint64_t first = ids.empty() ? 0 : number(ids.front());
  ranks.push(first);  // of the root, which has rows where any rank has
  std::int64_t others = 0;
  for (std::size_t row = 0; row < ids.size(); ++row)
    others += number(ids[row]) == first + static_cast<std::uint64_t>(mine.begin) + row ? 0 : 1;
  ranks.sum(std::span(&others, 1));
  return others == 0;
}

}  // namespace

SortedRows sort_by_id(const Communicator& ranks, EvenSplit split, ParticleRows rows,
                      std::optional<DuplicateId>& duplicate) {
  const Range mine = split.part(ranks.rank());
  const auto axes = static_cast<int>(rows.position.size());
  const auto parameters = static_cast<int>(rows.parameter.size());
  const PackedRows packed(axes, parameters);
  const auto bounds = lowest_ids(ranks, split, ascending_ids(rows));
  const auto owner_of = [&](std::size_t row) {
    return static_cast<std::size_t>(std::upper_bound(bounds.begin(), bounds.end(), number(rows.id[row])) -
                                    bounds.begin());
  };
  std::vector<std::size_t> counts(static_cast<std::size_t>(ranks.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) ++counts[owner_of(row)];
  std::vector<std::vector<std::uint64_t>> outgoing(counts.size());
  for (std::size_t rank = 0; rank < counts.size(); ++rank)
    outgoing[rank].reserve(counts[rank] * packed.width());
  for (std::size_t row = 0; row < rows.size(); ++row)
    packed.pack(rows, row, mine.begin + static_cast<std::int64_t>(row), outgoing[owner_of(row)]);
  const std::size_t packed_bytes = packed.width() * sizeof(std::uint64_t) * rows.size();
  const std::size_t bytes_before = rows.bytes() + packed_bytes;
  rows = ParticleRows(axes, parameters, 0);
  const auto arrived = exchange_items(ranks, std::move(outgoing));

  const std::size_t width = packed.width(), count = arrived.size() / width;
  const auto order = by_id(count, arrived.data(), width);
  SortedRows sorted{.rows = ParticleRows(axes, parameters, count), .consecutive_ids = true};
  const std::size_t arrived_bytes = arrived.size() * sizeof(std::uint64_t);
  sorted.bytes = std::max({bytes_before, packed_bytes + (ranks.size() > 1 ? arrived_bytes : 0),
                           arrived_bytes + order.size() * sizeof(order[0]) + sorted.rows.bytes()});
  std::optional<DuplicateId> found;
  for (std::size_t place = 0; place < count; ++place) {
    const std::uint64_t* const row = arrived.data() + width * order[place];
    packed.unpack(row, sorted.rows, place);
    if (place == 0 || found || sorted.rows.id[place] != sorted.rows.id[place - 1]) continue;
    const std::uint64_t* const before = arrived.data() + width * order[place - 1];
    found = {.id = row[0],
             .first = static_cast<std::int64_t>(before[1]),
             .second = static_cast<std::int64_t>(row[1])};
  }
  duplicate = lowest(ranks, found);
  if (!duplicate) sorted.consecutive_ids = are_consecutive(ranks, mine, sorted.rows.id);
  return sorted;
}

}  // namespace orrery
