#include "domain/migration.hpp"

#include <iterator>
#include <utility>

namespace orrery {

std::vector<std::vector<std::byte>> records_to_send(const Communicator& ranks, const Particles& particles,
                                                    const ParticleRecord& record, std::span<const int> owner,
                                                    int threads) {
  const auto ranks_in_all = static_cast<std::size_t>(ranks.size());
  // For each part of the rows, where its records for a rank begin.
  std::vector<std::vector<std::size_t>> places(static_cast<std::size_t>(threads),
                                               std::vector<std::size_t>(ranks_in_all, 0));
  const auto rows = static_cast<std::int64_t>(owner.size());
  in_parts(rows, threads, [&](int part, Range range) {
    auto& counts = places[static_cast<std::size_t>(part)];
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row)
      if (owner[row] != ranks.rank()) ++counts[static_cast<std::size_t>(owner[row])];
  });
  std::vector<std::vector<std::byte>> records(ranks_in_all);
  for (std::size_t rank = 0; rank < ranks_in_all; ++rank) {
    std::size_t total = 0;
    for (auto& counts : places) total += std::exchange(counts[rank], total);
    records[rank].resize(total * record.bytes());
  }
  in_parts(rows, threads, [&](int part, Range range) {
    auto& next = places[static_cast<std::size_t>(part)];
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      const auto to = static_cast<std::size_t>(owner[row]);
      if (owner[row] != ranks.rank())
        particles.pack(record, row, records[to].data() + record.bytes() * next[to]++);
    }
  });
  return records;
}

std::vector<std::size_t> migrate(const Communicator& ranks, Particles& particles, std::span<const int> owner,
                                 int threads) {
  if (ranks.size() == 1) return {};
  const ParticleRecord record = particles.state_record();
  const auto arrived = exchange_items(ranks, records_to_send(ranks, particles, record, owner, threads));
  std::vector<std::size_t> free;
  for (std::size_t row = 0; row < owner.size(); ++row)
    if (owner[row] != ranks.rank()) free.push_back(row);
  std::vector<std::size_t> taken(arrived.size() / record.bytes());
  for (std::size_t at = 0; at < taken.size(); ++at)
    taken[at] = at < free.size() ? free[at] : owner.size() + (at - free.size());
  const std::size_t count = owner.size() - free.size() + taken.size();
  if (count < owner.size()) {
    // The last particles that stay go to where some have left.
    std::size_t last = owner.size();
    for (std::size_t at = taken.size(); at < free.size() && free[at] < count; ++at) {
      do --last;
      while (owner[last] != ranks.rank());
      particles.move_state(last, free[at]);
    }
  }
  particles.resize_owned(count);
  in_parts(std::ssize(taken), threads, [&](int, Range range) {
    for (auto at = static_cast<std::size_t>(range.begin); at < static_cast<std::size_t>(range.end); ++at)
      particles.unpack(record, arrived.data() + record.bytes() * at, taken[at]);
  });
  return taken;
}

}  // namespace orrery
