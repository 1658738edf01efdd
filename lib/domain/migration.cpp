#include "domain/migration.hpp"

#include <utility>

#include "comm/exchange_items.hpp"

namespace orrery {
namespace {

template <class Item>
std::vector<Item> migrate_items(const Communicator& ranks, std::vector<Item> particles,
                                std::span<const int> to) {
  if (ranks.size() == 1) return particles;
  std::vector<std::vector<Item>> outgoing(static_cast<std::size_t>(ranks.size()));
  for (std::size_t index = 0; index < particles.size(); ++index)
    outgoing[static_cast<std::size_t>(to[index])].push_back(particles[index]);
  particles = {};  // their memory is the most that a run takes
  return exchange_items(ranks, std::move(outgoing));
}

}  // namespace

std::vector<Migrant> migrate(const Communicator& ranks, std::vector<Migrant> particles,
                             std::span<const int> to) {
  return migrate_items(ranks, std::move(particles), to);
}

std::vector<Rests> migrate(const Communicator& ranks, std::vector<Rests> rests, std::span<const int> to) {
  return migrate_items(ranks, std::move(rests), to);
}

}  // namespace orrery
