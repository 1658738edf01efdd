/// Which columns and buffers take how much memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "comm/communicator.hpp"

namespace orrery {

struct MemoryItem {
  std::string name;
  std::uint64_t bytes = 0;

  bool operator==(const MemoryItem&) const = default;
};

/// What one rank holds, by name, and what it held when it held most.
///
/// Sizes come from the objects that hold the memory. It counts what is filled, not what is set aside: the
/// system does so too.
class MemoryLedger {
public:
  /// Notes what something takes now [bytes]; 0 when there is none, or none any more. All ranks note the same
  /// names, and for the first time in the same order.
  void note(std::string_view name, std::uint64_t bytes);

  /// What was held when the sum was greatest, in the order in which the names were first noted.
  const std::vector<MemoryItem>& most() const { return most_; }

private:
  std::vector<MemoryItem> now_;
  std::vector<MemoryItem> most_;
  std::uint64_t most_bytes_ = 0;
};

std::uint64_t sum_of(const std::vector<MemoryItem>& items);

/// What all ranks held, each when it held most; what none of them held is left out. Collective.
/// @return the same on every rank
std::vector<MemoryItem> most_over(const MemoryLedger& ledger, const Communicator& ranks);

}  // namespace orrery
