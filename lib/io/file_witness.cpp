#include "io/file_witness.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.hpp"

namespace orrery {
FileWitness::FileWitness(std::string option, std::string path, int descriptor)
    : option_(std::move(option)), path_(std::move(path)), descriptor_(descriptor) {}

std::vector<std::byte> FileWitness::beginning() const {
  std::vector<std::byte> bytes(most_beginning);
  ssize_t count = 0;
  do {
    count = pread(descriptor_, bytes.data(), bytes.size(), 0);
  } while (count < 0 && errno == EINTR);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

void FileWitness::remember() {
  remember(beginning());
}

void FileWitness::remember(std::vector<std::byte> beginning) {
  struct stat status {};
  size_ = fstat(descriptor_, &status) == 0 ? status.st_size : 0;
  beginning_ = std::move(beginning);
}

void FileWitness::check(const std::string& place) const {
  const auto refuse = [this](const std::string& problem) {
    throw Error(ExitCode::output, "cannot write " + option_ + " '" + path_ + "': " + problem +
                                      "; run again, and leave the file alone until the run has ended");
  };
  struct stat named {
  }, open{};
  if (stat(place.c_str(), &named) != 0) {
    const int error = errno;
    refuse("it was removed or renamed while the run went on (" + system_message(error) + ")");
  }
  if (fstat(descriptor_, &open) != 0) refuse(system_message(errno));
  if (named.st_ino != open.st_ino || named.st_dev != open.st_dev)
    refuse("another file was put in its place while the run went on");
  if (open.st_size < size_)
    refuse("it was cut from " + std::to_string(size_) + " to " + std::to_string(open.st_size) +
           " bytes while the run went on");
  std::vector<std::byte> now = beginning();
  now.resize(std::min(now.size(), beginning_.size()));
  if (now != beginning_) refuse("another program wrote into it while the run went on");
}

}  // namespace orrery
