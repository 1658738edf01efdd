#include "observe/memory_ledger.hpp"

#include <algorithm>
#include <span>

namespace orrery {

void MemoryLedger::note(std::string_view name, std::uint64_t bytes) {
  const auto place =
      std::find_if(now_.begin(), now_.end(), [name](const MemoryItem& item) { return item.name == name; });
  if (place != now_.end()) {
    place->bytes = bytes;
  } else {
    now_.push_back({std::string(name), bytes});
    most_.push_back({std::string(name), 0});
  }
  if (const std::uint64_t sum = sum_of(now_); sum >= most_bytes_) {
    most_ = now_;
    most_bytes_ = sum;
  }
}

std::uint64_t sum_of(const std::vector<MemoryItem>& items) {
  std::uint64_t sum = 0;
  for (const MemoryItem& item : items) sum += item.bytes;
  return sum;
}

std::vector<MemoryItem> most_over(const MemoryLedger& ledger, const Communicator& ranks) {
  std::vector<MemoryItem> items = ledger.most();
  std::vector<std::int64_t> bytes;
  bytes.reserve(items.size());
  for (const MemoryItem& item : items) bytes.push_back(static_cast<std::int64_t>(item.bytes));
  ranks.sum(bytes);
  for (std::size_t index = 0; index < items.size(); ++index)
    items[index].bytes = static_cast<std::uint64_t>(bytes[index]);
  std::erase_if(items, [](const MemoryItem& item) { return item.bytes == 0; });
  return items;
}

}  // namespace orrery
