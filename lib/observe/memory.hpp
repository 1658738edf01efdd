/// What the system says about memory.
#pragma once

#include <cstdint>

namespace orrery {

/// Most memory that this program has held at once [bytes]: resident pages, shared libraries included.
std::uint64_t peak_resident_bytes();

/// Memory resident now [bytes].
std::uint64_t resident_bytes();

/// The part of it that is not this process's own [bytes]: pages of files, such as code, and memory that is
/// shared with other processes, such as that of MPI. Data of ours are never in it.
std::uint64_t shared_resident_bytes();

}  // namespace orrery
