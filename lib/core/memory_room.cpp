#include "core/memory_room.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace orrery {
namespace {

/// Version 1 of control groups has no word for "no limit", but a number near the largest.
constexpr std::uint64_t beyond_any_machine = std::uint64_t{1} << 60U;

std::uint64_t number_in(const std::string& path, std::uint64_t otherwise) {
  std::ifstream stream(path);
  std::uint64_t number = 0;
  return stream >> number ? number : otherwise;
}

/// The number behind a name, in a file of lines of a name and a number.
std::uint64_t number_named(const std::string& path, std::string_view wanted) {
  std::ifstream stream(path);
  std::string name, number;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    if (words >> name >> number && name == wanted) return std::strtoull(number.c_str(), nullptr, 10);
  }
  return 0;
}

struct Version {
  const char* usage;
  std::vector<const char*> limits;
  const char* file_memory;  // in memory.stat
};

const Version& first_version() {
  static const Version version{"memory.usage_in_bytes", {"memory.limit_in_bytes"}, "total_inactive_file"};
  return version;
}

const Version& second_version() {
  static const Version version{"memory.current", {"memory.max", "memory.high"}, "inactive_file"};
  return version;
}

/// What one group leaves.
std::uint64_t room_of(const std::string& group, const Version& version) {
  std::uint64_t limit = MemoryRoom::unlimited;
  for (const char* name : version.limits)
    limit = std::min(limit, number_in(group + "/" + name, MemoryRoom::unlimited));
  if (limit >= beyond_any_machine) return MemoryRoom::unlimited;
  const std::uint64_t usage = number_in(group + "/" + version.usage, 0);
  const std::uint64_t files = number_named(group + "/memory.stat", version.file_memory);
  const std::uint64_t taken = usage - std::min(usage, files);
  return limit - std::min(limit, taken);
}

/// Where a hierarchy of groups is mounted, and which group that is.
struct Mount {
  std::string group;
  std::string place;
};

bool has_word(const std::string& list, std::string_view word) {
  std::istringstream words(list);
  for (std::string each; std::getline(words, each, ',');)
    if (each == word) return true;
  return false;
}

/// The mounts that have to do with memory. Format: proc_pid_mountinfo(5).
std::vector<Mount> mounts_of(const std::string& root, const Version& version) {
  const bool first = &version == &first_version();
  std::vector<Mount> mounts;
  std::ifstream stream(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(stream, line);) {
    const auto dash = line.find(" - ");
    if (dash == std::string::npos) continue;
    std::istringstream before(line.substr(0, dash)), after(line.substr(dash + 3));
    std::string number, parent, device, type, source, options;
    Mount mount;
    before >> number >> parent >> device >> mount.group >> mount.place;
    after >> type >> source >> options;
    if (first ? type == "cgroup" && has_word(options, "memory") : type == "cgroup2") mounts.push_back(mount);
  }
  return mounts;
}

/// The group that this process is in; empty if in none.
std::string own_group(const std::string& root, const Version& version) {
  const bool first = &version == &first_version();
  std::ifstream stream(root + "/proc/self/cgroup");
  for (std::string line; std::getline(stream, line);) {
    const auto begin = line.find(':'), end = line.find(':', begin + 1);
    if (begin == std::string::npos || end == std::string::npos) continue;
    const std::string controllers = line.substr(begin + 1, end - begin - 1);
    if (first ? has_word(controllers, "memory") : controllers.empty()) return line.substr(end + 1);
  }
  return {};
}

/// The least that a group and those around it leave, up to the one that is mounted.
std::uint64_t room_up_from(const std::string& root, const Mount& mount, std::string group,
                           const Version& version) {
  // In a container the mount may show a group further down as the top of all.
  if (mount.group != "/" && group.starts_with(mount.group)) group.erase(0, mount.group.size());
  std::uint64_t room = MemoryRoom::unlimited;
  while (true) {
    room = std::min(room, room_of(root + mount.place + (group == "/" ? "" : group), version));
    const auto slash = group.rfind('/');
    if (slash == std::string::npos || group.size() <= 1) break;
    group.erase(slash);
  }
  return room;
}

}  // namespace

MemoryRoom node_memory_room() {
  MemoryRoom room{.limit = "on this node"};
  const std::uint64_t kibibytes = number_named("/proc/meminfo", "MemAvailable:");
  if (kibibytes > 0) room.bytes = kibibytes * 1024;
  return room;
}

MemoryRoom control_group_room(const std::string& root) {
  MemoryRoom room{.limit = "within the limit of this job (its control group)"};
  for (const Version* version : {&first_version(), &second_version()}) {
    const std::string group = own_group(root, *version);
    if (group.empty()) continue;
    for (const Mount& mount : mounts_of(root, *version))
      room.bytes = std::min(room.bytes, room_up_from(root, mount, group, *version));
  }
  return room;
}

MemoryRoom address_space_room() {
  MemoryRoom room{.limit = "within the limit of address space (ulimit -v)"};
  struct rlimit limit {};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return room;
  const std::uint64_t taken =
      number_in("/proc/self/statm", 0) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  room.bytes = limit.rlim_cur - std::min<std::uint64_t>(limit.rlim_cur, taken);
  return room;
}

MemoryRoom memory_room(int processes) {
  MemoryRoom address_space = address_space_room();
  if (address_space.is_limited()) address_space.bytes *= static_cast<std::uint64_t>(std::max(processes, 1));
  MemoryRoom least = node_memory_room();
  for (MemoryRoom room : {control_group_room(), address_space})
    if (room.bytes < least.bytes) least = std::move(room);
  return least;
}

}  // namespace orrery
