/// Splits items over parts in order and as evenly as possible: 11 items over 4 parts are 3, 3, 3, 2.
#pragma once

#include <cstdint>

#include "core/types.hpp"

namespace orrery {

class EvenSplit {
public:
  /// @pre items >= 0, parts >= 1. Parts beyond the number of items are empty.
  constexpr EvenSplit(std::int64_t items, int parts)
      : parts_(parts), quotient_(items / parts), remainder_(items % parts) {}

  constexpr int parts() const { return parts_; }
  constexpr std::int64_t items() const { return quotient_ * parts_ + remainder_; }

  /// Items of one part. The first `items % parts` parts hold one more than the others.
  constexpr Range part(int index) const { return {begin(index), begin(index + 1)}; }

  /// The part that holds an item. @pre 0 <= item < items()
  constexpr int owner(std::int64_t item) const {
    const std::int64_t in_large_parts = remainder_ * (quotient_ + 1);
    if (item < in_large_parts) return static_cast<int>(item / (quotient_ + 1));
    return static_cast<int>(remainder_ + (item - in_large_parts) / quotient_);
  }

private:
  constexpr std::int64_t begin(int index) const {
    return quotient_ * index + (index < remainder_ ? index : remainder_);
  }

  int parts_;
  std::int64_t quotient_;
  std::int64_t remainder_;
};

}  // namespace orrery
