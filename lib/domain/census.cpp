#include "domain/census.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "comm/exchange_items.hpp"
#include "core/even_split.hpp"
#include "core/in_parts.hpp"

namespace orrery {
namespace {

/// The finaliser of splitmix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014): a bijection that leaves no
/// pattern.
std::uint64_t hash_of(std::int64_t id) {
  std::uint64_t h = static_cast<std::uint64_t>(id) + 0x9E3779B97F4A7C15U;
  h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9U;
  h = (h ^ (h >> 27)) * 0x94D049BB133111EBU;
  return h ^ (h >> 31);
}

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

struct Counted {
  std::int64_t id = 0;
  std::array<double, 3> position{};
};

}  // namespace

Census::Census(const Communicator& ranks, std::int64_t count, int threads)
    : ranks_(ranks), count_(count), threads_(threads) {
  const Range mine = EvenSplit(count, ranks.size()).part(ranks.rank());
  for (std::int64_t id = mine.begin; id < mine.end; ++id) expected_ += hash_of(id);
}

bool Census::is_complete(std::span<const std::int64_t> ids) const {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(threads_), 0);
  in_parts(std::ssize(ids), threads_, [&](int part, Range range) {
    std::uint64_t sum = 0;
    for (auto at = static_cast<std::size_t>(range.begin); at < static_cast<std::size_t>(range.end); ++at)
      sum += hash_of(ids[at]);
    hashes[static_cast<std::size_t>(part)] = sum;
  });
  const std::uint64_t surplus = std::accumulate(hashes.begin(), hashes.end(), 0 - expected_);
  std::array<std::uint64_t, 2> sums{ids.size(), surplus};
  ranks_.sum_modulo(sums);
  return sums[0] == static_cast<std::uint64_t>(count_) && sums[1] == 0;
}

std::optional<Miscount> Census::find_miscount(std::span<const std::int64_t> ids,
                                              const double* positions) const {
  constexpr std::size_t width = 4;
  const EvenSplit split(count_, ranks_.size());
  std::vector<std::vector<Counted>> outgoing(static_cast<std::size_t>(ranks_.size()));
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const std::int64_t id = ids[row];
    // What is no id at all goes to the root.
    const int to = id >= 0 && id < count_ ? split.owner(id) : 0;
    const double* const at = positions + width * row;
    outgoing[static_cast<std::size_t>(to)].push_back({.id = id, .position = {at[0], at[1], at[2]}});
  }
  std::vector<Counted> arrived = exchange_items(ranks_, std::move(outgoing));
  std::stable_sort(arrived.begin(), arrived.end(),
                   [](const Counted& a, const Counted& b) { return a.id < b.id; });

  Miscount first{.id = none};
  const auto note = [&first](std::int64_t id, std::int64_t copies, const Counted* copy) {
    if (id >= first.id) return;
    first = {.id = id, .copies = copies};
    if (copy != nullptr) first.position = copy->position;
  };
  const Range mine = split.part(ranks_.rank());
  auto next = arrived.begin();
  for (; next != arrived.end() && next->id < mine.begin; ++next) note(next->id, 1, &*next);
  for (std::int64_t id = mine.begin; id < mine.end; ++id) {
    const auto begin = next;
    while (next != arrived.end() && next->id == id) ++next;
    if (next - begin != 1) note(id, next - begin, begin == next ? nullptr : &*begin);
  }
  if (next != arrived.end()) note(next->id, 1, &*next);

  const auto all = ranks_.pull_everywhere(first);
  Miscount lowest = *std::min_element(all.begin(), all.end(),
                                      [](const Miscount& a, const Miscount& b) { return a.id < b.id; });
  if (lowest.id == none) return std::nullopt;
  std::int64_t copies = 0;
  for (const std::int64_t id : ids) copies += id == lowest.id ? 1 : 0;
  const auto copies_of = ranks_.pull_everywhere(copies);
  std::size_t found = 0;
  for (std::size_t rank = 0; rank < copies_of.size(); ++rank)
    for (std::int64_t copy = 0; copy < copies_of[rank] && found < 2; ++copy)
      lowest.ranks[found++] = static_cast<int>(rank);
  return lowest;
}

}  // namespace orrery
