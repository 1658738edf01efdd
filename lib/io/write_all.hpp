/// Writing that comes to an end: the system may take less at once than it is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace orrery {

/// Writes all bytes at a place of an open file. Throws nothing, as C callers need it. @return errno, or 0
int write_all(int descriptor, std::uint64_t at, std::span<const std::byte> bytes);

}  // namespace orrery
