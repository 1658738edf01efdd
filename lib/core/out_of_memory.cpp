#include "core/out_of_memory.hpp"

#include <sys/mman.h>

#include <atomic>
#include <new>
#include <stdexcept>
#include <system_error>

#include "core/memory_room.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

std::atomic<std::uint64_t> need = 0;

/// Address space that is kept until there is none left, so that the rest can be said: libraries that end
/// ranks take memory, too, and have no words where they get none.
constexpr std::size_t kept_bytes = 16 << 20;
std::atomic<void*> kept = nullptr;

void give_back_what_is_kept() noexcept {
  if (void* const pages = kept.exchange(nullptr); pages != nullptr) munmap(pages, kept_bytes);
}

/// ": the run takes ..., and ... are available ...", as far as it is known.
std::string need_and_room() {
  give_back_what_is_kept();
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

void keep_memory_for_words() noexcept {
  void* const pages = mmap(nullptr, kept_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return;
  if (void* const older = kept.exchange(pages); older != nullptr) munmap(older, kept_bytes);
}

void note_memory_need(std::uint64_t bytes) {
  need = bytes;
}

std::string out_of_memory_text() {
  return "out of memory" + need_and_room() +
         "; use fewer particles, more nodes or fewer ranks on each, or raise the limit";
}

void require_memory(std::size_t bytes, const std::string& what) {
  void* const pages = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw OutOfMemory(what);
  munmap(pages, bytes);
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
