#include "observe/text_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.hpp"

namespace orrery {

TextFile::TextFile(std::string key, const std::string& path)
    : key_(std::move(key)),
      path_(path),
      descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) refuse(errno);
}

TextFile::~TextFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

TextFile::TextFile(TextFile&& other) noexcept
    : key_(std::move(other.key_)),
      path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

TextFile& TextFile::operator=(TextFile&& other) noexcept {
  std::swap(key_, other.key_);
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

void TextFile::write(std::string_view text) {
  if (descriptor_ < 0) return;
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) {
      close(std::exchange(descriptor_, -1));
      return;
    }
    if (written < 0) refuse(errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void TextFile::refuse(int error_number) const {
  throw Error(ExitCode::output, "cannot write " + key_ + " '" + path_ + "': " + system_message(error_number));
}

}  // namespace orrery
