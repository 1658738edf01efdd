#include "core/thread_start.hpp"

#include <pthread.h>

#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "core/out_of_memory.hpp"

namespace orrery {
namespace {

/// Where threads wait until all are there.
class Gate {
public:
  void pass() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return is_open_; });
  }
  void open() {
    {
      const std::scoped_lock lock(mutex_);
      is_open_ = true;
    }
    opened_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

void* wait_at(void* gate) {
  static_cast<Gate*>(gate)->pass();
  return nullptr;
}

/// What OpenMP's threads get as a stack, where the user said so; else 0, for what threads get anyway. [bytes]
std::size_t stack_size() {
  const char* const set = std::getenv("OMP_STACKSIZE");
  if (set == nullptr) return 0;
  const std::string_view text(set);
  std::size_t size = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (problem != std::errc()) return 0;
  const char unit = end == text.data() + text.size() ? 'K' : *end;
  const char* const units = "BKMG";
  const char* const place = std::strchr(units, unit & ~0x20);
  return place == nullptr ? 0 : size << (10 * (place - units));
}

class Attributes {
public:
  Attributes() {
    pthread_attr_init(&attributes_);
    // A size that the system refuses is refused to OpenMP too, which then takes its own.
    if (const std::size_t size = stack_size(); size > 0) pthread_attr_setstacksize(&attributes_, size);
  }
  ~Attributes() { pthread_attr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const pthread_attr_t* get() const { return &attributes_; }

private:
  pthread_attr_t attributes_{};
};

/// Tries whether so many threads can be there at once beside the calling one.
bool can_start(int threads) {
  const Attributes attributes;
  Gate gate;
  std::vector<pthread_t> started;
  started.reserve(static_cast<std::size_t>(threads));
  int problem = 0;
  while (problem == 0 && static_cast<int>(started.size()) < threads) {
    pthread_t thread{};
    problem = pthread_create(&thread, attributes.get(), wait_at, &gate);
    if (problem == 0) started.push_back(thread);
  }
  gate.open();
  for (const pthread_t thread : started) pthread_join(thread, nullptr);
  return problem == 0;
}

}  // namespace

void start_threads(int threads) {
  if (threads <= 1) return;
  if (!can_start(threads - 1)) {
    const std::system_error want(std::make_error_code(std::errc::resource_unavailable_try_again));
    throw Error(ExitCode::internal, "run.threads " + std::to_string(threads) + ": " + message_of(want));
  }
  // While there is room for them: they stay.
#pragma omp parallel num_threads(threads)
  {}
}

}  // namespace orrery
