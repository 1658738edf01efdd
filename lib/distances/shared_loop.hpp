/// Pieces of work spread over ranks and threads.
#pragma once

#include <omp.h>

#include <cstdint>
#include <span>

#include "comm/communicator.hpp"
#include "core/first_failure.hpp"

namespace orrery {

/// Calls `work(piece, thread)` for pieces [0, count) on the threads of this rank, whichever is free. What a
/// piece throws ends the loop and is thrown after it; so is the failure of another rank. Local, within
/// `Communicator::apply`.
template <class Work>
void on_threads(const Communicator& ranks, std::int64_t count, const Work& work) {
  FirstFailure failure;
#pragma omp parallel for schedule(dynamic, 1)
  for (std::int64_t piece = 0; piece < count; ++piece) {
    if (failure.happened()) continue;
    failure.carry([&] {
      const int thread = omp_get_thread_num();
      if (thread == 0) ranks.check_alarm();
      work(piece, thread);
    });
  }
  failure.rethrow();
}

/// The same for pieces that all ranks share: every rank does each `ranks.size()`-th.
template <class Work>
void on_ranks_and_threads(const Communicator& ranks, std::int64_t count, const Work& work) {
  const std::int64_t size = ranks.size();
  const std::int64_t mine = count > ranks.rank() ? (count - ranks.rank() - 1) / size + 1 : 0;
  on_threads(ranks, mine, [&](std::int64_t piece, int thread) { work(ranks.rank() + piece * size, thread); });
}

inline int threads_of_all(const Communicator& ranks) {
  std::int64_t threads = omp_get_max_threads();
  ranks.sum(std::span(&threads, 1));
  return static_cast<int>(threads);
}

}  // namespace orrery
