#include "inspect/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include "core/error.hpp"
#include "core/printable_output.hpp"

namespace orrery {
namespace {

[[noreturn]] void refuse(const char* what) {
  throw Error(ExitCode::internal, std::string(what) + ": " + system_message(errno));
}

/// As shells have it: the signal's number is added.
constexpr int exit_code_of_signals = 128;

/// Whether a signal says that somebody wants the process to end, or does not listen to it any more.
bool is_wish(int signal) {
  return signal == SIGPIPE || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

/// A pipe whose writer's end closes when the child is gone.
struct Pipe {
  int reading = -1;
  int writing = -1;
};

Pipe open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) refuse("cannot open a pipe");
  return {ends[0], ends[1]};
}

[[noreturn]] void be_child(const std::function<int(const SignOfLife&)>& work, int life, pid_t parent) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(static_cast<int>(ExitCode::internal));
  int code = static_cast<int>(ExitCode::internal);
  try {
    code = work([life] { [[maybe_unused]] const auto sent = write(life, ".", 1); });
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << failure.what() << "\n";
  }
  code = checked_end(code, std::cout, std::cerr);
  std::cerr << std::flush;
  _exit(code);
}

/// Waits until the child closes its end of the pipe; false when nothing came through it for too long.
bool outlive(int life, std::chrono::milliseconds patience) {
  std::array<char, 256> signs{};
  while (true) {
    pollfd awaited{life, POLLIN, 0};
    const int ready = poll(&awaited, 1, static_cast<int>(patience.count()));
    if (ready == 0) return false;
    if (ready < 0 && errno != EINTR) refuse("cannot wait for a process");
    if (ready < 0) continue;
    const auto count = read(life, signs.data(), signs.size());
    if (count == 0) return true;
    if (count < 0 && errno != EINTR && errno != EAGAIN) refuse("cannot hear from a process");
  }
}

}  // namespace

ChildEnd in_child(const std::function<int(const SignOfLife&)>& work, std::chrono::milliseconds patience) {
  std::cout << std::flush;
  std::cerr << std::flush;
  const Pipe life = open_pipe();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) refuse("cannot start a process");
  if (child == 0) {
    close(life.reading);
    be_child(work, life.writing, parent);
  }
  close(life.writing);
  const bool has_ended = outlive(life.reading, patience);
  close(life.reading);
  if (!has_ended) {
    // Not waited for: one that hangs in the kernel would not end now either.
    kill(child, SIGKILL);
    return {ChildEnd::Kind::silent, 0};
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) refuse("cannot wait for a process");
  }
  if (WIFSIGNALED(status) && is_wish(WTERMSIG(status)))
    return {ChildEnd::Kind::exited, exit_code_of_signals + WTERMSIG(status)};
  if (WIFSIGNALED(status)) return {ChildEnd::Kind::crashed, WTERMSIG(status)};
  return {ChildEnd::Kind::exited, WEXITSTATUS(status)};
}

std::string problem_of(const ChildEnd& end) {
  if (end.kind == ChildEnd::Kind::silent)
    return "reading it does not come to an end: the file is damaged, or its file system does not answer";
  return std::string("the file is damaged: the HDF5 library crashes on it (") + strsignal(end.code) + ")";
}

}  // namespace orrery
