#include "io/text_lines.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "core/input_file.hpp"

namespace orrery {
namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::size_t first_room = std::size_t{1} << 18;
constexpr std::size_t longest_line = std::size_t{16} << 20;

}  // namespace

void TextLines::Closer::operator()(gzFile_s* file) const {
  gzclose(file);
}

TextLines::TextLines(const std::string& file, const std::string& what) : file_(file), buffer_(first_room) {
  check_input_file(file, "cannot read " + what);
  errno = 0;
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) throw Error(ExitCode::input_data, "cannot read " + what + ": " + system_message(errno));
  stream_.reset(gzdopen(descriptor, "rb"));  // which reads plain text as well
  if (!stream_) {
    close(descriptor);
    throw Error(ExitCode::input_data, "cannot read " + what + ": there is no memory for it");
  }
  gzbuffer(stream_.get(), static_cast<unsigned>(first_room));
  if (file.ends_with(".gz") && gzdirect(stream_.get()) == 1 && fill())
    refuse("its name ends in .gz, but it is not compressed by gzip");
}

/// Reads on behind what is in the buffer; false at the end of the file.
bool TextLines::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) {
    if (buffer_.size() >= longest_line) {
      ++number_;
      refuse("the line is longer than 16 MiB");
    }
    buffer_.resize(2 * buffer_.size());
  }
  const int count =
      gzread(stream_.get(), buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
  int code = Z_OK;
  const char* const message = gzerror(stream_.get(), &code);
  if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) {
    refuse(code == Z_ERRNO       ? "reading failed: " + system_message(errno)
           : code == Z_BUF_ERROR ? "the compressed file ends too early"
                                 : "it cannot be unpacked: " + std::string(message));
  }
  if (count == 0) at_end_ = true;
  end_ += static_cast<std::size_t>(count);
  return count > 0;
}

bool TextLines::next(std::string_view& line) {
  std::size_t looked = 0;
  while (true) {
    const char* const from = buffer_.data() + begin_;
    const void* const found =
        looked < end_ - begin_ ? std::memchr(from + looked, '\n', end_ - begin_ - looked) : nullptr;
    std::size_t length = 0;
    if (found != nullptr) {
      length = static_cast<std::size_t>(static_cast<const char*>(found) - from);
      begin_ += length + 1;
    } else {
      looked = end_ - begin_;
      if (fill()) continue;
      length = end_ - begin_;
      if (length == 0) return false;
      begin_ = end_;
    }
    line = {buffer_.data() + (found != nullptr ? begin_ - length - 1 : begin_ - length), length};
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (number_ == 1) {
      if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF"))
        refuse("it is text in UTF-16; save it in UTF-8, or as plain CSV");
      if (line.starts_with(utf8_mark)) line.remove_prefix(utf8_mark.size());
    }
    return true;
  }
}

void TextLines::rewind() {
  if (gzrewind(stream_.get()) != 0) refuse("it cannot be read a second time");
  begin_ = end_ = 0;
  at_end_ = false;
  number_ = 0;
}

void TextLines::refuse(const std::string& problem) const {
  throw Error(ExitCode::input_data,
              file_ + ":" + std::to_string(std::max<std::int64_t>(number_, 1)) + ": " + problem);
}

}  // namespace orrery
