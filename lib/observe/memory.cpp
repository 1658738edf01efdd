#include "observe/memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace orrery {
namespace {

/// One of the numbers in /proc/self/statm, which counts pages: 0 is the whole size, 1 what is resident, 2
/// what of that is shared. [bytes]
std::uint64_t statm_bytes(int place) {
  std::ifstream stream("/proc/self/statm");
  std::uint64_t pages = 0;
  for (int number = 0; number <= place; ++number) stream >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

std::uint64_t peak_resident_bytes() {
  // getrusage() remembers the peak of the process that started the program, if that was higher.
  std::ifstream stream("/proc/self/status");
  std::uint64_t kibibytes = 0;
  for (std::string name; stream >> name; std::getline(stream, name)) {
    if (name == "VmHWM:" && stream >> kibibytes) return kibibytes * 1024;
  }
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

std::uint64_t resident_bytes() {
  return statm_bytes(1);
}

std::uint64_t shared_resident_bytes() {
  return statm_bytes(2);
}

}  // namespace orrery
