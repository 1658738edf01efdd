#include "domain/migration.hpp"

#include <memory>
#include <utility>

namespace orrery {
namespace {

template <class Item>
std::vector<Item> migrate_items(const Communicator& ranks, std::vector<Item> particles,
                                std::span<const int> to) {
  if (ranks.size() == 1) return particles;
  const auto size = static_cast<std::size_t>(ranks.size());
  const auto here = static_cast<std::size_t>(ranks.rank());
  const auto leaving = std::make_shared<std::vector<std::vector<Item>>>(size);
  auto& outgoing = *leaving;
  for (std::size_t index = 0; index < particles.size(); ++index)
    outgoing[static_cast<std::size_t>(to[index])].push_back(particles[index]);
  particles = {};  // their memory is the most that a run takes
  std::vector<std::int64_t> counts(size);
  for (std::size_t rank = 0; rank < size; ++rank) counts[rank] = std::ssize(outgoing[rank]);
  const auto incoming = ranks.exchange(counts);

  std::size_t total = 0;
  for (const auto count : incoming) total += static_cast<std::size_t>(count);
  std::vector<Item> arrived(total);
  std::vector<Request> requests;
  std::size_t at = 0;
  for (std::size_t rank = 0; rank < size; ++rank) {
    const auto count = static_cast<std::size_t>(incoming[rank]);
    const auto room = std::span(arrived).subspan(at, count);
    at += count;
    if (rank == here) {
      std::copy(outgoing[rank].begin(), outgoing[rank].end(), room.begin());
    } else if (count > 0) {
      requests.push_back(
          ranks.start_receive(std::as_writable_bytes(room), static_cast<int>(rank), Tag::migration));
    }
  }
  for (std::size_t rank = 0; rank < size; ++rank) {
    if (rank == here || outgoing[rank].empty()) continue;
    requests.push_back(ranks.start_send(std::as_bytes(std::span(outgoing[rank])), static_cast<int>(rank),
                                        Tag::migration, leaving));
  }
  for (auto& request : requests) request.wait();
  return arrived;
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
