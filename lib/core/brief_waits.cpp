#include "core/brief_waits.hpp"

#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <string_view>

namespace orrery {
namespace {

/// Some ten microseconds: longer than threads wait for each other where all of them have a processor, shorter
/// than it takes to miss it. The library's own habit is a millisecond.
[[maybe_unused]] constexpr const char* looks = "1000";
/// [ms]; the shortest that LLVM's library knows beside none. Its own habit is 200.
[[maybe_unused]] constexpr const char* block_time = "1";

bool is_set_by_user() {
  for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

/// A program that is started anew would leave the checker behind.
[[maybe_unused]] bool is_checked_by_valgrind() {
  const char* const preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::string_view(preloaded).find("vgpreload") != std::string_view::npos;
}

}  // namespace

void wait_briefly([[maybe_unused]] char** argv) {
  if (is_set_by_user()) return;
#if defined(__clang__)
  setenv("KMP_BLOCKTIME", block_time, 1);  // read when threads are first wanted
#else
  if (is_checked_by_valgrind()) return;
  // By its name, which tools show, rather than by the link.
  std::array<char, PATH_MAX> program{};
  if (readlink("/proc/self/exe", program.data(), program.size() - 1) <= 0) return;
  if (setenv("GOMP_SPINCOUNT", looks, 1) != 0) return;
  execv(program.data(), argv);
  unsetenv("GOMP_SPINCOUNT");  // still here, with nothing changed
#endif
}

}  // namespace orrery
