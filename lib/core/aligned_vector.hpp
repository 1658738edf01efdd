/// A vector whose data starts on a cache line, as aligned vector loads want it.
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace orrery {

/// Bytes to which columns are aligned: a cache line, and the widest vector register we run on.
inline constexpr std::size_t column_alignment = 64;

template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}  // NOLINT(google-explicit-constructor): allocators convert

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{column_alignment}));
  }
  void deallocate(T* data, std::size_t) { ::operator delete (data, std::align_val_t{column_alignment}); }

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

}  // namespace orrery
