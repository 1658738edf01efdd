#include "io/byte_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.hpp"
#include "io/write_all.hpp"

namespace orrery {

ByteFile::ByteFile(std::string option, std::string path, const std::string& place)
    : option_(std::move(option)),
      path_(std::move(path)),
      descriptor_(open(place.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)) {
  if (descriptor_ < 0) refuse(errno);
}

ByteFile::~ByteFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void ByteFile::reserve(std::uint64_t bytes) const {
  if (bytes == 0) return;
  const auto length = static_cast<off_t>(bytes);
  if (fallocate(descriptor_, 0, 0, length) == 0) return;
  if (errno != EOPNOTSUPP && errno != ENOSYS) refuse(errno);
  if (ftruncate(descriptor_, length) != 0) refuse(errno);
}

void ByteFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  if (const int error = write_all(descriptor_, offset, bytes); error != 0) refuse(error);
}

void ByteFile::append(std::span<const std::byte> bytes) {
  write_at(end_, bytes);
  end_ += bytes.size();
}

void ByteFile::close() {
  if (::close(std::exchange(descriptor_, -1)) != 0) refuse(errno);
}

void ByteFile::refuse(int error_number) const {
  throw Error(ExitCode::output, "cannot write " + option_ + (option_.empty() ? "'" : " '") + path_ +
                                    "': " + system_message(error_number));
}

void write_file(const std::string& option, const std::string& path, std::string_view text,
                const Replacing& replacing) {
  UnfinishedFile place(option, path, replacing);
  ByteFile file(place);
  file.append(std::as_bytes(std::span(text)));
  file.close();
  place.finish();
}

}  // namespace orrery
