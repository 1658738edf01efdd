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
#include "io/file_lock.hpp"
#include "io/unfinished_file.hpp"

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

void reserve_room(int descriptor, const std::string& path, std::uint64_t bytes, const OutputWords& words,
                  std::optional<std::uint64_t> from) {
  struct stat status {};
  int error = fstat(descriptor, &status) == 0 ? 0 : errno;
  const std::uint64_t size = from.value_or(static_cast<std::uint64_t>(status.st_size));
  if (error == 0 &&
      fallocate(descriptor, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size), static_cast<off_t>(bytes)) != 0)
    error = errno;

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

namespace {

/// Throws when a file cannot be written, or when another run is writing it.
void check_not_in_use(const std::string& place, const std::string& path, const OutputWords& words) {
  const Descriptor file(open(place.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) refuse(words, path, system_message(errno));
  if (lock_for_writing(file.get()) == LockAnswer::in_use)
    refuse(words, path, "another run is writing it; wait for that, or choose another name");
}

}  // namespace

void check_output_place(const std::string& path, bool overwrite, std::uint64_t bytes,
                        const OutputWords& words) {
  const std::string place = end_of_links(words.option, path);
  const std::string directory = directory_of(place);
  struct stat status {};
  if (stat(directory.c_str(), &status) != 0)
    refuse(words, path, "directory '" + directory + "': " + system_message(errno));
  if (!S_ISDIR(status.st_mode)) refuse(words, path, "'" + directory + "' is not a directory");
  const bool present = lstat(place.c_str(), &status) == 0;
  if (present && !S_ISREG(status.st_mode)) refuse(words, path, "it is there and not a file");
  if (present && !overwrite) refuse(words, path, "it exists; choose another name or set " + words.overwrite);
  if (present) check_not_in_use(place, path, words);

  // access() knows nothing of full quotas and read-only mounts: make a file as the real one will be made.
  std::string probe = directory + "/.orrery-probe-XXXXXX";
  const int descriptor = mkstemp(probe.data());
  if (descriptor < 0)
    refuse(words, path, "no file can be made in '" + directory + "': " + system_message(errno));
  close(descriptor);
  unlink(probe.c_str());

  check_room(place, bytes, words);
}

}  // namespace orrery
