#include "io/output_place.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

std::string directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

[[noreturn]] void refuse(const std::string& path, const std::string& problem,
                         const std::string& key = "output.file") {
  throw Error(ExitCode::output, "cannot write " + key + " '" + path + "': " + problem);
}

}  // namespace

std::uint64_t free_bytes_at(const std::string& path) {
  struct statvfs status {};
  if (statvfs(directory_of(path).c_str(), &status) != 0) refuse(path, system_message(errno));
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

namespace {

/// Throws when less is left on the file system of `path`.
void check_room(const std::string& path, std::uint64_t bytes) {
  const std::uint64_t free = free_bytes_at(path);
  if (free < bytes) {
    refuse(path, "it needs " + bytes_text(static_cast<double>(bytes)) + " and " +
                     bytes_text(static_cast<double>(free)) + " are free in '" + directory_of(path) +
                     "'; make room, write fewer frames (output.every) or use output.precision single");
  }
}

}  // namespace

void reserve_room(const std::string& path, std::uint64_t bytes) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) refuse(path, system_message(errno));
  struct stat status {};
  int error = fstat(descriptor, &status) == 0 ? 0 : errno;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (error == 0 &&
      fallocate(descriptor, FALLOC_FL_KEEP_SIZE, status.st_size, static_cast<off_t>(bytes)) != 0)
    error = errno;
  close(descriptor);

  struct rlimit limit {};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      size + bytes > limit.rlim_cur)
    error = EFBIG;
  if (error == EOPNOTSUPP || error == ENOSYS) {
    check_room(path, bytes);
  } else if (error != 0) {
    refuse(path, system_message(error) + " (the next frame needs " + bytes_text(static_cast<double>(bytes)) +
                     "); make room and run on from the last frame");
  }
}

void check_output_place(const std::string& path, bool overwrite, std::uint64_t bytes,
                        const std::string& key) {
  const std::string directory = directory_of(path);
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0)
    refuse(path, "directory '" + directory + "': " + system_message(errno), key);
  if (!S_ISDIR(status.st_mode)) refuse(path, "'" + directory + "' is not a directory", key);
  const bool present = lstat(path.c_str(), &status) == 0;
  if (present && stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    refuse(path, "it is there and not a file", key);
  if (present && !overwrite) refuse(path, "it exists; choose another name or set output.overwrite", key);
  if (present && access(path.c_str(), W_OK) != 0) refuse(path, system_message(errno), key);

  // access() knows nothing of full quotas and read-only mounts: make a file as the real one will be made.
  std::string probe = directory + "/.orrery-probe-XXXXXX";
  const int descriptor = mkstemp(probe.data());
  if (descriptor < 0)
    refuse(path, "no file can be made in '" + directory + "': " + system_message(errno), key);
  close(descriptor);
  unlink(probe.c_str());

  check_room(path, bytes);
}

}  // namespace orrery
