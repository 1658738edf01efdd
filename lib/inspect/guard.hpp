/// Work on files that may be damaged, in a process that may crash or hang instead of this one.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace orrery {

/// How a child process ended.
struct ChildEnd {
  enum class Kind {
    exited,   ///< `code` is its exit code; 128 and the signal's number where somebody wanted it to end
    crashed,  ///< `code` is the signal that ended it
    silent,   ///< no sign of life for too long; it was killed
  };
  Kind kind = Kind::exited;
  int code = 0;
};

/// To be called now and then by work that takes long.
using SignOfLife = std::function<void()>;

/// Does work in a child process, which shares standard output and error with this one, and waits for it. The
/// child leaves no core file and ends with its parent.
/// @param work      returns the exit code; what it throws ends the child with `ExitCode::internal`
/// @param patience  how long the child may go without a sign of life
/// @throws Error (internal) when no process can be had
ChildEnd in_child(const std::function<int(const SignOfLife&)>& work, std::chrono::milliseconds patience);

/// What a crashed or silent child says of the file that it read.
std::string problem_of(const ChildEnd& end);

}  // namespace orrery
