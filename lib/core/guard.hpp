/// Work on files that may be damaged or hostile, in a process that may crash or hang instead of this one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace orrery {

/// How a child process ended.
struct ChildEnd {
  enum class Kind {
    exited,   ///< `code` is its exit code; 128 and the signal's number where the user wanted it to end
    crashed,  ///< `code` is the signal that ended it
    silent,   ///< no sign of life for too long; it was killed
  };
  Kind kind = Kind::exited;
  int code = 0;
};

/// To be called now and then by work that takes long.
using SignOfLife = std::function<void()>;

/// Memory that a child may take beside what it has when it begins [bytes], until it allows itself more.
constexpr std::uint64_t child_memory = std::uint64_t{1} << 30;

/// Does work in a child process, which shares standard output and error with this one, and waits for it. The
/// child leaves no core file, ends with its parent, takes no more memory than `child_memory`, and signals end
/// it whatever this process makes of them.
/// @param work      returns the exit code; what it throws ends the child with `ExitCode::internal`
/// @param patience  how long the child may go without a sign of life
/// @throws Error (internal) when no process can be had
ChildEnd in_child(const std::function<int(const SignOfLife&)>& work, std::chrono::milliseconds patience);

/// Called in a child: lets it take so much memory beside what it has now [bytes], never more than its user
/// allows.
void allow_memory(std::uint64_t bytes);

/// What a child says of a file for which its memory was not enough.
inline constexpr const char* too_much_memory =
    "reading it takes more memory than there is, or than a file of its size calls for: it may be damaged";

/// What a crashed or silent child says of the file that it read.
std::string problem_of(const ChildEnd& end);

/// Lets a child process do what this process is about to do with a file, so that a file on which the library
/// that reads it crashes, hangs or takes all memory is found out there.
/// @param called   the file in messages, such as "cannot use particles.file 'a.h5md'"
/// @param reading  what it throws, the child's parent throws: an `Error` with the same code and message
/// @throws Error (input_data) "<called>: <problem>" where the child crashes or is silent; (stopped) where it
/// was ended by a signal
void try_in_child(const std::string& called, const std::function<void(const SignOfLife&)>& reading,
                  std::chrono::milliseconds patience = std::chrono::seconds(60));

}  // namespace orrery
