#include "observe/text_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.hpp"

namespace orrery {

TextFile::TextFile(std::string key, const std::string& path)
    : file_(std::make_unique<UnfinishedFile>(std::move(key), path)) {}

void TextFile::write(std::string_view text) {
  if (!file_) return;
  while (!text.empty() && !is_given_up_) {
    const ssize_t written = ::write(file_->descriptor(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) {
      is_given_up_ = true;
      return;
    }
    if (written < 0) {
      const std::string& option = file_->option();
      throw Error(ExitCode::output, "cannot write " + option + (option.empty() ? "'" : " '") + file_->path() +
                                        "': " + system_message(errno));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void TextFile::take_name() {
  if (file_) file_->finish();
}

}  // namespace orrery
