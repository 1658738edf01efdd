#include "core/out_of_memory.hpp"

#include <atomic>
#include <new>
#include <stdexcept>
#include <system_error>

#include "core/memory_room.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

std::atomic<std::uint64_t> need = 0;

/// ": the run takes ..., and ... are available ...", as far as it is known.
std::string need_and_room() {
  const MemoryRoom room = memory_room();
  const std::uint64_t noted = need;
  std::string text;
  if (noted > 0) text += "the run takes about " + bytes_text(static_cast<double>(noted)) + " on each rank";
  if (room.is_limited())
    text += (text.empty() ? "" : ", and ") + bytes_text(static_cast<double>(room.bytes)) + " are left " +
            room.limit;
  return text.empty() ? text : ": " + text;
}

bool is_for_want_of_resources(const std::system_error& failure) {
  return failure.code() == std::errc::resource_unavailable_try_again ||
         failure.code() == std::errc::not_enough_memory;
}

}  // namespace

void note_memory_need(std::uint64_t bytes) {
  need = bytes;
}

std::string out_of_memory_text() {
  return "out of memory" + need_and_room() +
         "; use fewer particles, more nodes or fewer ranks on each, or raise the limit";
}

OutOfMemory::OutOfMemory(const std::string& what)
    : Error(ExitCode::internal, what + ": " + out_of_memory_text()) {}

std::string message_of(const std::exception& failure) noexcept {
  try {
    if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
        dynamic_cast<const std::length_error*>(&failure) != nullptr)
      return out_of_memory_text();
    const auto* const refused = dynamic_cast<const std::system_error*>(&failure);
    if (refused != nullptr && is_for_want_of_resources(*refused)) {
      return "cannot start a thread, for want of memory or because there are too many" + need_and_room() +
             "; set run.threads to less, or raise the limit (ulimit -u, ulimit -v)";
    }
    return failure.what();
  } catch (const std::exception&) {
    return "out of memory";
  }
}

}  // namespace orrery
