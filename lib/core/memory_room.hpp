/// How much memory there is to take, and what sets the limit.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace orrery {

struct MemoryRoom {
  static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t bytes = unlimited;  ///< that can still be taken
  std::string limit;                ///< what says so, for people, as in "12 MiB are available <limit>"

  bool is_limited() const { return bytes != unlimited; }
};

/// Memory that processes could still take on this node without swapping.
MemoryRoom node_memory_room();

/// What the control groups of this process leave, the least of them all: of its own, which a batch system or
/// a container may have made, and of those around it. Memory that holds files counts as free, as the system
/// takes it back. Both versions of control groups.
/// @param root  where /proc and /sys are looked for; for tests
MemoryRoom control_group_room(const std::string& root = "");

/// What the limit of address space (`ulimit -v`) leaves to this process.
MemoryRoom address_space_room();

/// The least of all, for some processes like this one on this node together.
MemoryRoom memory_room(int processes = 1);

}  // namespace orrery
