#include "core/printable_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/printable.hpp"

namespace orrery {
namespace {

/// How many bytes at the end of a text begin a character whose rest is still to come.
std::size_t unfinished_bytes(std::string_view text) {
  constexpr std::size_t longest_beginning = 3;
  for (std::size_t back = 1; back <= std::min(longest_beginning, text.size()); ++back) {
    const char letter = text[text.size() - back];
    const bool goes_on = (static_cast<unsigned char>(letter) & 0xC0) == 0x80;
    if (!goes_on) return announced_length(letter) > back ? back : 0;
  }
  return 0;
}

}  // namespace

/// Keeps no text but the beginning of a character. A watchdog may print from a thread of its own.
class PrintableOutput::Buffer final : public std::streambuf {
public:
  explicit Buffer(std::streambuf* sink) : sink_(sink) {}

  std::streambuf* exchange(std::streambuf* sink) {
    sync();
    return std::exchange(sink_, sink);
  }
  void pass_on(std::string_view text) {
    sync();
    const std::lock_guard lock(mutex_);
    put(text);
  }
  std::streambuf* sink() const { return sink_; }
  int failure() const { return failure_; }

protected:
  std::streamsize xsputn(const char* text, std::streamsize count) override {
    const std::lock_guard lock(mutex_);
    unfinished_.append(text, static_cast<std::size_t>(count));
    std::string whole = std::exchange(unfinished_, "");
    const std::size_t end = whole.size() - unfinished_bytes(whole);
    unfinished_ = whole.substr(end);
    whole.resize(end);
    return put(printable(whole)) ? count : 0;
  }

  int_type overflow(int_type letter) override {
    if (traits_type::eq_int_type(letter, traits_type::eof())) return traits_type::not_eof(letter);
    const char text = traits_type::to_char_type(letter);
    return xsputn(&text, 1) == 1 ? letter : traits_type::eof();
  }

  int sync() override {
    const std::lock_guard lock(mutex_);
    const bool is_put = put(printable(std::exchange(unfinished_, "")));
    errno = 0;
    if (sink_->pubsync() != 0) note_failure();
    return is_put && failure_ == 0 ? 0 : -1;
  }

private:
  bool put(std::string_view text) {
    errno = 0;
    const auto count = static_cast<std::streamsize>(text.size());
    if (sink_->sputn(text.data(), count) == count) return true;
    note_failure();
    return false;
  }

  void note_failure() {
    if (failure_ == 0) failure_ = errno == 0 ? EIO : errno;
  }

  std::streambuf* sink_;
  std::mutex mutex_;
  std::string unfinished_;
  int failure_ = 0;
};

PrintableOutput::PrintableOutput(std::ostream& stream)
    : stream_(stream), buffer_(std::make_unique<Buffer>(stream.rdbuf())) {
  stream_.flush();
  stream_.rdbuf(buffer_.get());
}

PrintableOutput::~PrintableOutput() {
  stream_.flush();
  const auto state = stream_.rdstate();
  stream_.rdbuf(buffer_->sink());  // which forgets the state
  stream_.clear(state);
}

std::streambuf* exchange_sink(std::ostream& stream, std::streambuf* sink) {
  stream.flush();
  if (auto* const buffer = dynamic_cast<PrintableOutput::Buffer*>(stream.rdbuf()))
    return buffer->exchange(sink);
  const auto state = stream.rdstate();
  std::streambuf* const former = stream.rdbuf(sink);  // which forgets the state
  stream.clear(state);
  return former;
}

void print_control(std::ostream& stream, std::string_view text) {
  if (auto* const buffer = dynamic_cast<PrintableOutput::Buffer*>(stream.rdbuf())) {
    if (stream) buffer->pass_on(text);
  } else {
    stream << text;
  }
}

int failure_of(const std::ostream& stream) {
  const auto* const buffer = dynamic_cast<const PrintableOutput::Buffer*>(stream.rdbuf());
  return buffer == nullptr ? 0 : buffer->failure();
}

int checked_end(int code, std::ostream& results, std::ostream& messages) {
  results.flush();
  if (results.good()) return code;
  const int failure = failure_of(results);
  messages << "orrery: cannot write to standard output"
           << (failure == 0 ? "" : ": " + system_message(failure))
           << " (what was to be read there is not whole)\n"
           << std::flush;
  return code == 0 ? static_cast<int>(ExitCode::output) : code;
}

void occupy_standard_descriptors() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest that is free, which is this one. Not for writing: that is to fail.
    [[maybe_unused]] const int opened = open("/dev/null", O_RDONLY);
  }
}

}  // namespace orrery
