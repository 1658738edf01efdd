/// Items of a plain type, from every rank to every other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

/// Sends every rank its items, and gives those that have come for this one, in the order of the ranks that
/// they come from. Collective.
/// @param items  for each rank, this one too; shape (ranks)
template <class Item>
std::vector<Item> exchange_items(const Communicator& ranks, std::vector<std::vector<Item>> items) {
  static_assert(std::is_trivially_copyable_v<Item>);
  const auto here = static_cast<std::size_t>(ranks.rank());
  if (ranks.size() == 1) return std::move(items[here]);
  // The sends share it: it has to outlive them, also while an exception unwinds.
  const auto leaving = std::make_shared<std::vector<std::vector<Item>>>(std::move(items));
  const auto& outgoing = *leaving;
  std::vector<std::int64_t> counts;
  for (const auto& part : outgoing) counts.push_back(std::ssize(part));
  const auto incoming = ranks.exchange(counts);
  std::size_t total = 0;
  for (const auto count : incoming) total += static_cast<std::size_t>(count);
  std::vector<Item> arrived(total);
  std::vector<Request> requests;
  std::size_t at = 0;
  for (std::size_t rank = 0; rank < outgoing.size(); ++rank) {
    const auto room = std::span(arrived).subspan(at, static_cast<std::size_t>(incoming[rank]));
    at += room.size();
    if (rank == here) {
      std::copy(outgoing[rank].begin(), outgoing[rank].end(), room.begin());
    } else if (!room.empty()) {
      requests.push_back(
          ranks.start_receive(std::as_writable_bytes(room), static_cast<int>(rank), Tag::migration));
    }
  }
  for (std::size_t rank = 0; rank < outgoing.size(); ++rank) {
    if (rank == here || outgoing[rank].empty()) continue;
    requests.push_back(ranks.start_send(std::as_bytes(std::span(outgoing[rank])), static_cast<int>(rank),
                                        Tag::migration, leaving));
  }
  for (auto& request : requests) request.wait();
  return arrived;
}

}  // namespace orrery
