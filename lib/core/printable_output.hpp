/// Standard output and standard error: what reaches a terminal is fit for it, and what is lost is known.
#pragma once

#include <iosfwd>
#include <memory>
#include <string_view>

namespace orrery {

/// While it lives, whatever a stream prints passes `printable`, wherever the text came from, and the first
/// failure of writing is kept.
class PrintableOutput {
public:
  explicit PrintableOutput(std::ostream& stream);
  ~PrintableOutput();
  PrintableOutput(const PrintableOutput&) = delete;
  PrintableOutput& operator=(const PrintableOutput&) = delete;

private:
  class Buffer;
  friend std::streambuf* exchange_sink(std::ostream& stream, std::streambuf* sink);
  friend void print_control(std::ostream& stream, std::string_view text);
  friend int failure_of(const std::ostream& stream);

  std::ostream& stream_;
  std::unique_ptr<Buffer> buffer_;
};

/// Puts another buffer where a stream's text ends up, below `PrintableOutput` if there is one.
/// @return the one before
std::streambuf* exchange_sink(std::ostream& stream, std::streambuf* sink);

/// Prints what steers a terminal, as it is. For text of our own.
void print_control(std::ostream& stream, std::string_view text);

/// The number of the system's first error in writing a stream; 0 where there was none, or none is known.
int failure_of(const std::ostream& stream);

/// Hands over what was printed, and says so on another stream if some of it was lost.
/// @return the exit code of a command that would end with `code` otherwise: that of output for success
int checked_end(int code, std::ostream& results, std::ostream& messages);

/// Makes sure that descriptors 0 to 2 are in use. Where one was closed, no file that is opened later takes
/// its place, to which what is printed would go; writing to it fails.
void occupy_standard_descriptors();

}  // namespace orrery
