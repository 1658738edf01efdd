/// How many tasks to hand out at once, from the times that tasks have taken.
#pragma once

#include <cstdint>

namespace orrery {

/// Times of tasks, the latest thousands counting most.
class TaskTimes {
public:
  /// @param seconds  that a task took
  /// @param stretch  longest time in it without a call of `TaskContext::check` [s]
  void add(double seconds, double stretch);

  bool measured() const { return count_ > 0.0; }
  double mean() const { return measured() ? sum_ / count_ : 0.0; }
  double longest() const { return longest_; }
  /// Of late: a stretch counts less with every task that follows, so that one that was held up by other
  /// programs does not decide for ever.
  double long_stretch() const { return long_stretch_; }

private:
  double count_ = 0.0;
  double sum_ = 0.0;
  double longest_ = 0.0;
  double long_stretch_ = 0.0;
};

/// Time that a chunk of short tasks should take [s]: long beside that of a message, and short beside what a
/// person or another worker notices.
constexpr double chunk_seconds = 1e-3;

/// A chunk that takes `chunk_seconds`, or less towards the end, so that all teams end together: each chunk is
/// at most half of an even share of what is left. One task before anything was measured.
/// @param fixed  the size asked for; 0: none was
std::int64_t chunk_size(const TaskTimes& times, std::int64_t fixed, std::int64_t ready, int teams);

/// How many tasks a team should hold, those that it is working on included, while there is plenty to do.
/// Short tasks are handed out ahead of time, so that no rank waits for a message; longer ones only as far as
/// the root will be busy with a task of its own.
/// @param root_works  whether the root may be away for the longest stretch that was seen
std::int64_t tasks_ahead(const TaskTimes& times, std::int64_t chunk, bool root_works);

}  // namespace orrery
