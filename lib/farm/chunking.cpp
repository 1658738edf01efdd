#include "farm/chunking.hpp"

#include <algorithm>
#include <cmath>

namespace orrery {
namespace {

constexpr double forgetting = 0.95;
constexpr double remembered_tasks = 4096.0;
/// So that results keep flowing.
constexpr std::int64_t largest_chunk = 4096;
constexpr std::int64_t most_chunks_ahead = 16;
/// What the system may give to other programs before it comes back to the root [s].
constexpr double time_slice = 4e-3;
/// A message takes some tens of microseconds to be noticed; beside longer chunks that hardly counts.
constexpr double long_chunk_seconds = 20e-3;

}  // namespace

void TaskTimes::add(double seconds, double stretch) {
  if (count_ >= remembered_tasks) {
    count_ /= 2.0;
    sum_ /= 2.0;
  }
  count_ += 1.0;
  sum_ += seconds;
  longest_ = std::max(longest_, seconds);
  long_stretch_ = std::max(forgetting * long_stretch_, stretch);
}

std::int64_t chunk_size(const TaskTimes& times, std::int64_t fixed, std::int64_t ready, int teams) {
  if (fixed > 0) return fixed;
  if (!times.measured()) return 1;
  const double tasks = chunk_seconds / std::max(times.mean(), 1e-9);
  const auto wanted = static_cast<std::int64_t>(std::min(tasks, static_cast<double>(largest_chunk)));
  return std::max<std::int64_t>(1, std::min(wanted, ready / (std::int64_t{2} * teams)));
}

std::int64_t tasks_ahead(const TaskTimes& times, std::int64_t chunk, bool root_works) {
  if (!times.measured()) return root_works ? 2 : 1;
  const double mean = std::max(times.mean(), 1e-9);
  const auto tasks_in = [&](double seconds) {
    const double most = static_cast<double>(most_chunks_ahead * chunk);
    return static_cast<std::int64_t>(std::min(std::ceil(seconds / mean), most));
  };
  std::int64_t queued = 0;
  if (mean * static_cast<double>(chunk) < long_chunk_seconds) queued = std::max(chunk, tasks_in(time_slice));
  if (root_works) queued = std::max(queued, tasks_in(times.long_stretch()));
  return chunk + queued;
}

}  // namespace orrery
