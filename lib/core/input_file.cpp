#include "core/input_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.hpp"

namespace orrery {
namespace {

/// Whether a pipe has no name in any directory.
bool is_unnamed(const std::string& path) {
  struct statfs system {};
  return statfs(path.c_str(), &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

std::string problem_of_kind(const struct stat& found, const std::string& path, Pipes pipes) {
  switch (found.st_mode & S_IFMT) {
    case S_IFREG:
      return "";
    case S_IFDIR:
      return "it is a directory";
    case S_IFIFO:
      if (pipes == Pipes::unnamed && is_unnamed(path)) return "";
      return "it is a pipe, not a regular file; write its contents to a file";
    case S_IFSOCK:
      return "it is a socket, not a regular file";
    default:
      return "it is a device, not a regular file";
  }
}

FileIdentity identity_of(const struct stat& found) {
  return {.device = found.st_dev,
          .inode = found.st_ino,
          .bytes = found.st_size,
          .seconds = found.st_mtim.tv_sec,
          .nanoseconds = found.st_mtim.tv_nsec};
}

[[noreturn]] void refuse(const std::string& path, int error_number) {
  throw Error(ExitCode::input_data, "cannot look at '" + path + "': " + system_message(error_number));
}

}  // namespace

std::string problem_of_input_file(const std::string& path, Pipes pipes) {
  struct stat found {};
  // Looked at before it is opened: to open a device may have effects.
  if (stat(path.c_str(), &found) != 0) return system_message(errno);
  std::string problem = problem_of_kind(found, path, pipes);
  if (!problem.empty() || S_ISFIFO(found.st_mode)) return problem;
  const int descriptor = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return system_message(errno);
  // It may have been replaced in between.
  problem = fstat(descriptor, &found) == 0 ? problem_of_kind(found, path, pipes) : system_message(errno);
  close(descriptor);
  return problem;
}

void check_input_file(const std::string& path, const std::string& what, Pipes pipes) {
  const std::string problem = problem_of_input_file(path, pipes);
  if (!problem.empty()) throw Error(ExitCode::input_data, what + ": " + problem);
}

FileIdentity identity_of_file(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) refuse(path, errno);
  return identity_of(found);
}

FileIdentity identity_of_descriptor(int descriptor, const std::string& path) {
  struct stat found {};
  if (fstat(descriptor, &found) != 0) refuse(path, errno);
  return identity_of(found);
}

}  // namespace orrery
