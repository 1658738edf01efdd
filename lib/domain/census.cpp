#include "domain/census.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

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

constexpr std::int64_t nobody = std::numeric_limits<std::int64_t>::max();

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

std::optional<Miscount> Census::find_miscount(const std::vector<Migrant>& particles) const {
  const EvenSplit split(count_, ranks_.size());
  // What is no id at all goes to the root.
  std::vector<int> to(particles.size(), 0);
  for (std::size_t index = 0; index < particles.size(); ++index) {
    const std::int64_t id = particles[index].id;
    if (id >= 0 && id < count_) to[index] = split.owner(id);
  }
  std::vector<Migrant> arrived = migrate(ranks_, particles, to);
  std::stable_sort(arrived.begin(), arrived.end(),
                   [](const Migrant& a, const Migrant& b) { return a.id < b.id; });

  Miscount first{.id = nobody};
  const auto note = [&first](std::int64_t id, std::int64_t copies, const Migrant* copy) {
    if (id >= first.id) return;
    first = {.id = id, .copies = copies};
    if (copy != nullptr) std::copy_n(copy->position, 3, first.position.begin());
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
  if (lowest.id == nobody) return std::nullopt;
  std::int64_t copies = 0;
  for (const Migrant& particle : particles) copies += particle.id == lowest.id ? 1 : 0;
  const auto copies_of = ranks_.pull_everywhere(copies);
  std::size_t found = 0;
  for (std::size_t rank = 0; rank < copies_of.size(); ++rank)
    for (std::int64_t copy = 0; copy < copies_of[rank] && found < 2; ++copy)
      lowest.ranks[found++] = static_cast<int>(rank);
  return lowest;
}

}  // namespace orrery
