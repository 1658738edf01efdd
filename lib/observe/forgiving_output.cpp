#include "observe/forgiving_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ostream>
#include <streambuf>
#include <string>

#include "core/printable_output.hpp"

namespace orrery {
namespace {

/// Whether a file of the launcher is a pipe without a reader.
bool lacks_reader(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISFIFO(status.st_mode)) return false;
  const int pipe = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (pipe < 0) return errno == ENXIO;
  pollfd state{.fd = pipe, .events = POLLOUT, .revents = 0};
  const bool deserted = poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
  close(pipe);
  return deserted;
}

}  // namespace

class ForgivingOutput::Buffer final : public std::streambuf {
public:
  explicit Buffer(int descriptor) : descriptor_(descriptor) {
    if (std::getenv("OMPI_COMM_WORLD_RANK") != nullptr)
      launcher_ = "/proc/" + std::to_string(getppid()) + "/fd/" + std::to_string(descriptor);
    setp(letters_.data(), letters_.data() + letters_.size());
  }

  bool is_given_up() const { return is_given_up_; }

protected:
  int_type overflow(int_type letter) override {
    if (!hand_over()) return traits_type::eof();
    if (!traits_type::eq_int_type(letter, traits_type::eof())) sputc(traits_type::to_char_type(letter));
    return traits_type::not_eof(letter);
  }

  int sync() override { return hand_over() ? 0 : -1; }

private:
  bool hand_over() {
    is_given_up_ = is_given_up_ || (pptr() > pbase() && !launcher_.empty() && lacks_reader(launcher_));
    bool good = true;
    for (const char* at = pbase(); good && at < pptr() && !is_given_up_;) {
      const ssize_t written = write(descriptor_, at, static_cast<std::size_t>(pptr() - at));
      if (written >= 0) {
        at += written;
      } else if (errno == EPIPE) {
        is_given_up_ = true;
      } else {
        good = errno == EINTR;
      }
    }
    setp(letters_.data(), letters_.data() + letters_.size());
    return good;
  }

  int descriptor_;
  std::string launcher_;  // its end of the pipe; empty: there is none
  bool is_given_up_ = false;
  std::array<char, 4096> letters_{};
};

ForgivingOutput::ForgivingOutput(std::ostream& stream, int descriptor)
    : stream_(stream), buffer_(std::make_unique<Buffer>(descriptor)) {
  std::signal(SIGPIPE, SIG_IGN);
  former_ = exchange_sink(stream_, buffer_.get());
}

ForgivingOutput::~ForgivingOutput() {
  exchange_sink(stream_, former_);
}

bool ForgivingOutput::is_given_up() const {
  return buffer_->is_given_up();
}

}  // namespace orrery
