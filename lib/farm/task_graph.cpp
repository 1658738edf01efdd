#include "farm/task_graph.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace orrery {
namespace {

void refuse_cycles(const TaskGraph::Dependants& graph) {
  std::vector<std::int32_t> needed = graph.needed;
  std::vector<std::int64_t> free;
  for (std::size_t task = 0; task < needed.size(); ++task) {
    if (needed[task] == 0) free.push_back(static_cast<std::int64_t>(task));
  }
  for (std::size_t at = 0; at < free.size(); ++at) {
    for (const std::int64_t dependant : graph.of(free[at])) {
      if (--needed[static_cast<std::size_t>(dependant)] == 0) free.push_back(dependant);
    }
  }
  if (free.size() == needed.size()) return;
  const auto waiting = std::find_if(needed.begin(), needed.end(), [](std::int32_t n) { return n > 0; });
  throw Error(ExitCode::internal, "task " + std::to_string(waiting - needed.begin()) +
                                      " could never begin: it waits, by way of others, for itself");
}

}  // namespace

TaskGraph::TaskGraph(std::int64_t count) : count_(count) {
  ensure(count >= 0, "the number of tasks is not negative");
}

void TaskGraph::require(std::int64_t task, std::int64_t needed) {
  ensure(task >= 0 && task < count_ && needed >= 0 && needed < count_,
         "dependencies are between tasks that exist");
  dependencies_.push_back({task, needed});
}

std::span<const std::int64_t> TaskGraph::Dependants::of(std::int64_t task) const {
  if (first.empty()) return {};
  const auto at = static_cast<std::size_t>(task);
  return std::span(dependants)
      .subspan(static_cast<std::size_t>(first[at]), static_cast<std::size_t>(first[at + 1] - first[at]));
}

TaskGraph::Dependants TaskGraph::dependants() const {
  Dependants graph;
  if (dependencies_.empty()) return graph;
  const auto count = static_cast<std::size_t>(count_);
  graph.first.resize(count + 1);
  graph.needed.resize(count);
  for (const auto& dependency : dependencies_) {
    ++graph.first[static_cast<std::size_t>(dependency.needed) + 1];
    ++graph.needed[static_cast<std::size_t>(dependency.task)];
  }
  for (std::size_t task = 0; task < count; ++task) graph.first[task + 1] += graph.first[task];
  graph.dependants.resize(dependencies_.size());
  std::vector<std::int64_t> next(graph.first.begin(), graph.first.end() - 1);
  for (const auto& dependency : dependencies_) {
    auto& at = next[static_cast<std::size_t>(dependency.needed)];
    graph.dependants[static_cast<std::size_t>(at++)] = dependency.task;
  }
  refuse_cycles(graph);
  return graph;
}

}  // namespace orrery
