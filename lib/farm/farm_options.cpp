#include "farm/farm_options.hpp"

#include "core/error.hpp"

namespace orrery {
namespace {

void require(bool fact, const std::string& message) {
  if (!fact) throw Error(ExitCode::usage, message);
}

}  // namespace

void FarmOptions::validate(int rank_count) const {
  require(ranks_per_task >= 1, "a task takes one rank at least");
  require(ranks_per_task <= rank_count, "a task takes " + std::to_string(ranks_per_task) +
                                            " ranks and there are " + std::to_string(rank_count) +
                                            "; start more ranks, or let a task take fewer");
  require(root != RootWork::never || ranks_per_task < rank_count,
          "rank 0 is not to work, and no rank is left that could; start more ranks");
  require(chunk >= 0, "a chunk is a number of tasks, or 0 for as many as fit");
  require(retries >= 0, "the number of retries is negative");
  require(time_limit >= 0.0 && patience >= 0.0, "a time limit is negative");
}

}  // namespace orrery
