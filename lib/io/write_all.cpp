#include "io/write_all.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace orrery {

int write_all(int descriptor, std::uint64_t at, std::span<const std::byte> bytes) {
  constexpr std::size_t most = std::size_t{1} << 30;  // the system takes no more than 2 GiB at once
  while (!bytes.empty()) {
    const ssize_t count =
        pwrite(descriptor, bytes.data(), std::min(bytes.size(), most), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0 ? errno : ENOSPC;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    at += static_cast<std::uint64_t>(count);
  }
  return 0;
}

}  // namespace orrery
