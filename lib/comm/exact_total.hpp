/// Exact sums over ranks.
#pragma once

#include <array>
#include <cstddef>

#include "comm/communicator.hpp"
#include "core/exact_sum.hpp"

namespace orrery {

/// The exact sum of what all ranks have, the same bits on each. Collective.
inline ExactSum sum_over(const Communicator& ranks, const ExactSum& mine) {
  auto digits = mine.digits();
  ranks.sum(digits);
  return ExactSum::from_digits(digits);
}

/// The same for several sums, element by element. Collective.
template <std::size_t count>
std::array<ExactSum, count> sum_over(const Communicator& ranks, std::array<ExactSum, count> mine) {
  for (ExactSum& sum : mine) sum = sum_over(ranks, sum);
  return mine;
}

}  // namespace orrery
