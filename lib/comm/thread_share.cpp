#include "comm/thread_share.hpp"

#include <omp.h>

#include <algorithm>
#include <span>

#include "core/even_split.hpp"
#include "core/processors.hpp"
#include "core/thread_start.hpp"

namespace orrery {

ThreadShare share_threads(const Communicator& ranks, int wanted) {
  const Communicator node = ranks.same_node();
  const std::vector<int> own = launcher_processors();

  // Ranks bound one by one know only their own processors: the node's are those of all of them.
  std::vector<int> all = node.gather(std::span<const int>(own));
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  node.push(all);

  ThreadShare share;
  share.all_processors = all;
  const Range part = EvenSplit(std::ssize(all), node.size()).part(node.rank());
  share.threads = wanted > 0 ? wanted : std::max(1, static_cast<int>(part.size()));

  std::int64_t node_threads = share.threads;
  node.sum(std::span(&node_threads, 1));
  share.node_threads = static_cast<int>(node_threads);

  share.processors = bound_processors();
  const bool inside = std::includes(all.begin(), all.end(), share.processors.begin(), share.processors.end());
  if (std::ssize(share.processors) < share.threads || !inside) {
    const bool fits = part.size() >= share.threads;
    const auto first = all.begin() + (fits ? part.begin : 0);
    const auto last = fits ? all.begin() + part.end : all.end();
    if (bind_to_processors({first, last})) share.processors.assign(first, last);
  }
  omp_set_dynamic(0);
  omp_set_num_threads(share.threads);
  ranks.apply([&] { start_threads(share.threads); });
  return share;
}

}  // namespace orrery
