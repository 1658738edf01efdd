/// Loops over many items, cut into an even part for each thread.
#pragma once

#include <cstdint>

#include "core/even_split.hpp"
#include "core/types.hpp"

namespace orrery {

/// Calls `work(part, range)` for every part of `items` items, on all threads at once. Local.
/// @pre `work` does not throw
/// @param threads  >= 1, and that many parts
template <class Work>
void in_parts(std::int64_t items, int threads, const Work& work) {
  const EvenSplit split(items, threads);
  if (threads == 1) {  // without the cost of a parallel region
    work(0, split.part(0));
    return;
  }
#pragma omp parallel for schedule(static, 1) num_threads(threads)
  for (int part = 0; part < threads; ++part) work(part, split.part(part));
}

}  // namespace orrery
