/// Loops over many items, cut into an even part for each thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/even_split.hpp"
#include "core/first_failure.hpp"
#include "core/types.hpp"

namespace orrery {

/// Calls `work(part)` for parts [0, parts), each on a thread of a team. Local. What is thrown in some part is
/// thrown again when all have ended.
/// @param threads  of the team, >= 1
template <class Work>
void on_team(int parts, int threads, const Work& work) {
  FirstFailure failure;
#pragma omp parallel for schedule(static, 1) num_threads(threads)
  for (int part = 0; part < parts; ++part) failure.carry([&] { work(part); });
  failure.rethrow();
}

/// Calls `work(part, range)` for every part of `items` items, on all threads at once. Local. What is thrown
/// in some part is thrown again when all have ended.
/// @param threads  >= 1: there are at most that many parts, and fewer where these would be over before other
///                 threads have started
template <class Work>
void in_parts(std::int64_t items, int threads, const Work& work) {
  constexpr std::int64_t min_items = 2048;
  const auto parts = static_cast<int>(std::clamp<std::int64_t>(items / min_items, 1, threads));
  const EvenSplit split(items, parts);
  if (parts == 1) {  // without the cost of a parallel region
    work(0, split.part(0));
    return;
  }
  // Of all threads, though some may have no part: those that a smaller team leaves out would end, and would
  // have to be started again for the next.
  on_team(parts, threads, [&](int part) { work(part, split.part(part)); });
}

}  // namespace orrery
