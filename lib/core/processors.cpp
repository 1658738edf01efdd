#include "core/processors.hpp"

#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include "core/number_text.hpp"

namespace orrery {
namespace {

/// Processors of a process; 0 is the calling thread. Empty when the system does not say.
std::vector<int> processors_of(pid_t process) {
  constexpr int largest = 1 << 16;
  for (int capacity = 1024; capacity <= largest; capacity *= 2) {
    cpu_set_t* set = CPU_ALLOC(static_cast<std::size_t>(capacity));
    if (set == nullptr) return {};
    const std::size_t size = CPU_ALLOC_SIZE(static_cast<std::size_t>(capacity));
    std::vector<int> processors;
    const bool known = sched_getaffinity(process, size, set) == 0;
    for (int index = 0; known && index < capacity; ++index) {
      if (CPU_ISSET_S(static_cast<std::size_t>(index), size, set)) processors.push_back(index);
    }
    CPU_FREE(set);
    if (known) return processors;
  }
  return {};
}

}  // namespace

std::vector<int> bound_processors() {
  return processors_of(0);
}

std::vector<int> launcher_processors() {
  const char* const bound_at_launch = std::getenv("OMPI_MCA_orte_bound_at_launch");
  const bool bound = bound_at_launch != nullptr && std::strcmp(bound_at_launch, "1") == 0;
  // Set when the user asked for a binding; the launcher's own habit leaves both unset.
  const bool asked_for = std::getenv("OMPI_MCA_hwloc_base_binding_policy") != nullptr ||
                         std::getenv("OMPI_MCA_hwloc_base_cpu_set") != nullptr;
  if (bound && !asked_for) {
    if (auto processors = processors_of(getppid()); !processors.empty()) return processors;
  }
  return bound_processors();
}

bool bind_to_processors(const std::vector<int>& processors) {
  if (processors.empty()) return false;
  const auto capacity = static_cast<std::size_t>(processors.back()) + 1;
  cpu_set_t* set = CPU_ALLOC(capacity);
  if (set == nullptr) return false;
  const std::size_t size = CPU_ALLOC_SIZE(capacity);
  CPU_ZERO_S(size, set);
  for (const int processor : processors) CPU_SET_S(static_cast<std::size_t>(processor), size, set);
  const bool bound = sched_setaffinity(0, size, set) == 0;
  CPU_FREE(set);
  return bound;
}

std::string processor_name() {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    return std::string(trimmed(std::string_view(line).substr(colon + 1)));
  }
  return "unknown";
}

std::string processor_list_text(const std::vector<int>& processors) {
  std::string text;
  for (std::size_t first = 0; first < processors.size();) {
    std::size_t last = first;
    while (last + 1 < processors.size() && processors[last + 1] == processors[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(processors[first]);
    if (last > first) text += '-' + std::to_string(processors[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace orrery
