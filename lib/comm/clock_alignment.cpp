#include "comm/clock_alignment.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace orrery {
namespace {

constexpr int round_trips = 8;

std::int64_t now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Collective.
bool is_on_the_roots_node(const Communicator& ranks) {
  const Communicator node = ranks.same_node();
  bool holds_root = ranks.is_root();
  node.push(holds_root);  // the first rank of a node is the root, if the root is there
  return holds_root;
}

void answer(const Communicator& ranks, int rank) {
  for (int trip = 0; trip < round_trips; ++trip) {
    std::byte question{};
    ranks.start_receive({&question, 1}, rank, Tag::clock).wait();
    const std::int64_t time = now();
    ranks.send(std::as_bytes(std::span(&time, 1)), rank, Tag::clock);
  }
}

/// How far this rank's clock is ahead of the root's [ns].
std::int64_t ask(const Communicator& ranks) {
  std::int64_t quickest = std::numeric_limits<std::int64_t>::max();
  std::int64_t offset = 0;
  for (int trip = 0; trip < round_trips; ++trip) {
    const std::byte question{};
    std::int64_t root_time = 0;
    const std::int64_t asked = now();
    ranks.send({&question, 1}, 0, Tag::clock);
    ranks.start_receive(std::as_writable_bytes(std::span(&root_time, 1)), 0, Tag::clock).wait();
    const std::int64_t took = now() - asked;
    if (took < quickest) {
      quickest = took;
      offset = asked + took / 2 - root_time;
    }
  }
  return offset;
}

}  // namespace

void ClockAlignment::measure(const Communicator& ranks, SameNode same_node) {
  const bool shares = is_on_the_roots_node(ranks) && same_node == SameNode::shares_the_clock;
  const std::int8_t asks = !ranks.is_root() && !shares ? 1 : 0;
  const auto who_asks = ranks.pull(asks);
  for (std::size_t rank = 0; rank < who_asks.size(); ++rank) {
    if (who_asks[rank] != 0) answer(ranks, static_cast<int>(rank));
  }
  const std::int64_t offset = asks != 0 ? ask(ranks) : 0;
  add(now(), offset);
}

void ClockAlignment::add(std::int64_t here, std::int64_t offset) {
  offsets_.push_back({here, offset});
}

std::int64_t ClockAlignment::on_root(std::int64_t here) const {
  if (offsets_.empty()) return here;
  const Offset& first = offsets_.front();
  const Offset& last = offsets_.back();
  if (last.here == first.here) return here - first.offset;
  const double fraction =
      static_cast<double>(here - first.here) / static_cast<double>(last.here - first.here);
  const double change = fraction * static_cast<double>(last.offset - first.offset);
  return here - first.offset - std::llround(change);
}

}  // namespace orrery
