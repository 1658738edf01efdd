/// A vector whose data starts on a cache line, as aligned vector loads want it.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace orrery {

/// Bytes to which columns are aligned: a cache line, and the widest vector register we run on.
inline constexpr std::size_t column_alignment = 64;

/// Bytes from which on a column asks the system for large pages. The first touch of a page costs microseconds
/// however large it is: for ten million particles, a third of a second in pages of 4 KiB.
inline constexpr std::size_t large_page_bytes = std::size_t{2} << 20;

constexpr std::align_val_t alignment_for(std::size_t bytes) {
  return std::align_val_t{bytes < 2 * large_page_bytes ? column_alignment : large_page_bytes};
}

template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    const std::size_t bytes = count * sizeof(T);
    void* const data = ::operator new(bytes, alignment_for(bytes));
    // A hint: where the system has no large pages, nothing is lost.
    if (bytes >= 2 * large_page_bytes)
      static_cast<void>(madvise(data, bytes / large_page_bytes * large_page_bytes, MADV_HUGEPAGE));
    return static_cast<T*>(data);
  }
  void deallocate(T* data, std::size_t count) { ::operator delete(data, alignment_for(count * sizeof(T))); }

  /// Leaves numbers untouched on resize, so that the thread that fills a page is the first to touch it.
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Arguments>
  void construct(U* at, Arguments&&... arguments) {
    ::new (static_cast<void*>(at)) U(static_cast<Arguments&&>(arguments)...);
  }

  template <class U>
  bool operator==(const AlignedAllocator<U>&) const {
    return true;
  }
};

/// `resize` leaves new elements uninitialised: fill them before reading.
template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

/// Bytes that all of some columns or buffers take: `columns` is a range of vectors.
template <class Columns>
std::size_t bytes_of(const Columns& columns) {
  std::size_t bytes = 0;
  for (const auto& column : columns) bytes += column.capacity() * sizeof(*column.data());
  return bytes;
}

}  // namespace orrery
