#include "bench/bench_setup.hpp"

#include <array>
#include <ctime>
#include <ostream>
#include <span>

#include "core/instruction_set.hpp"
#include "core/processors.hpp"

namespace orrery {
namespace {

/// Time of day without a zone.
std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

int most_over(const Communicator& ranks, int value) {
  double most = value;
  ranks.maximum(std::span(&most, 1));
  return static_cast<int>(most);
}

}  // namespace

BenchSetup set_up_bench(const Communicator& ranks, int repeats, const ThreadShare& share) {
  BenchSetup setup;
  setup.processor = processor_name();
  setup.instruction_set = ranks.apply([] { return choose_instruction_set("auto"); });
  setup.ranks = ranks.size();
  setup.threads = most_over(ranks, share.threads);
  setup.processors = processor_list_text(share.processors);
  setup.repeats = repeats;
  setup.date = utc_now();
  return setup;
}

void warn_of_crowding(const ThreadShare& share, std::ostream& warnings) {
  const auto processors = std::ssize(share.all_processors);
  if (share.node_threads <= processors) return;
  warnings << "orrery: warning: " << share.node_threads << " threads on " << processors
           << (processors == 1 ? " processor" : " processors")
           << " (they will take turns, and the figures say little); use fewer ranks, or set --threads\n"
           << std::flush;
}

}  // namespace orrery
