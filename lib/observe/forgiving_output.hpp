/// Printing that a run outlives: `orrery run ... | head` closes the pipe, and the frames are what counts.
#pragma once

#include <iosfwd>
#include <memory>

namespace orrery {

/// While it lives, a stream of this process prints through a buffer of its own, which drops what is printed
/// once the pipe has no reader any more, and leaves the stream good. Other failures of writing show in the
/// state of the stream, as always. SIGPIPE is ignored from then on.
///
/// Under Open MPI it looks at the launcher's pipe, too: mpirun takes the ranks' text as long as it lives, and
/// ends them all after some lines that it could not pass on.
class ForgivingOutput {
public:
  /// @param stream      whose buffer is exchanged
  /// @param descriptor  to which it prints, of this process and of the launcher alike
  ForgivingOutput(std::ostream& stream, int descriptor);
  ~ForgivingOutput();
  ForgivingOutput(const ForgivingOutput&) = delete;
  ForgivingOutput& operator=(const ForgivingOutput&) = delete;

  /// Whether the reader has gone.
  bool is_given_up() const;

private:
  class Buffer;
  std::ostream& stream_;
  std::unique_ptr<Buffer> buffer_;
  std::streambuf* former_;
};

}  // namespace orrery
