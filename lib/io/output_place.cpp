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

[[noreturn]] void refuse(const OutputWords& words, const std::string& path, const std::string& problem) {
  throw Error(ExitCode::output, "cannot write " + words.option + " '" + path + "': " + problem);
}

}  // namespace

std::uint64_t free_bytes_at(const std::string& path, const OutputWords& words) {
  struct statvfs status {};
  if (statvfs(directory_of(path).c_str(), &status) != 0) refuse(words, path, system_message(errno));
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

namespace {

/// Throws when less is left on the file system of `path`.
void check_room(const std::string& path, std::uint64_t bytes, const OutputWords& words) {
  const std::uint64_t free = free_bytes_at(path, words);
  if (free < bytes) {
    refuse(words, path,
           "it needs " + bytes_text(static_cast<double>(bytes)) + " and " +
               bytes_text(static_cast<double>(free)) + " are free in '" + directory_of(path) +
               "'; make room" + (words.less.empty() ? "" : ", " + words.less));
  }
}

}  // namespace

void reserve_room(const std::string& path, std::uint64_t bytes, const OutputWords& words) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) refuse(words, path, system_message(errno));
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
    check_room(path, bytes, words);
  } else if (error != 0) {
    refuse(words, path,
           system_message(error) + " (" + words.part + " needs " + bytes_text(static_cast<double>(bytes)) +
               "); " + words.after);
  }
}

void check_output_place(const std::string& path, bool overwrite, std::uint64_t bytes,
                        const OutputWords& words) {
  const std::string directory = directory_of(path);
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0)
    refuse(words, path, "directory '" + directory + "': " + system_message(errno));
  if (!S_ISDIR(status.st_mode)) refuse(words, path, "'" + directory + "' is not a directory");
  const bool present = lstat(path.c_str(), &status) == 0;
  if (present && stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
    refuse(words, path, "it is there and not a file");
  if (present && !overwrite) refuse(words, path, "it exists; choose another name or set " + words.overwrite);
  if (present && access(path.c_str(), W_OK) != 0) refuse(words, path, system_message(errno));

  // access() knows nothing of full quotas and read-only mounts: make a file as the real one will be made.
  std::string probe = directory + "/.orrery-probe-XXXXXX";
  const int descriptor = mkstemp(probe.data());
  if (descriptor < 0)
    refuse(words, path, "no file can be made in '" + directory + "': " + system_message(errno));
  close(descriptor);
  unlink(probe.c_str());

  check_room(path, bytes, words);
}

}  // namespace orrery
