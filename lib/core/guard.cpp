#include "core/guard.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <new>

#include "core/error.hpp"
#include "core/out_of_memory.hpp"
#include "core/printable_output.hpp"

namespace orrery {
namespace {

[[noreturn]] void refuse(const char* what) {
  throw Error(ExitCode::internal, std::string(what) + ": " + system_message(errno));
}

/// As shells have it: the signal's number is added.
constexpr int exit_code_of_signals = 128;

/// Whether a signal says that the user wants the process to end, or does not listen to it any more.
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
  // What the parent does with these is not for the child to do.
  for (const int signal :
       {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2, SIGXCPU, SIGSEGV, SIGBUS, SIGABRT})
    std::signal(signal, SIG_DFL);
  allow_memory(child_memory);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(static_cast<int>(ExitCode::internal));
  int code = static_cast<int>(ExitCode::internal);
  try {
    code = work([life] { [[maybe_unused]] const auto sent = write(life, ".", 1); });
  } catch (const std::bad_alloc&) {
    std::cerr << "orrery: a file: " << too_much_memory << "\n";
    code = static_cast<int>(ExitCode::input_data);
  } catch (const std::exception& failure) {
    std::cerr << "orrery: " << message_of(failure) << "\n";
  }
  code = checked_end(code, std::cout, std::cerr);
  std::cerr << std::flush;
  _exit(code);
}

/// Sends a message that fits a pipe.
void tell(int pipe, const std::string& message) {
  constexpr std::size_t most = 4096;
  [[maybe_unused]] const auto sent = write(pipe, message.data(), std::min(message.size(), most));
}

std::string hear(int pipe) {
  std::string message;
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = read(pipe, part.data(), part.size())) > 0;)
    message.append(part.data(), static_cast<std::size_t>(count));
  return message;
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

void allow_memory(std::uint64_t bytes) {
  rlimit limit{};
  std::ifstream stream("/proc/self/statm");
  std::uint64_t pages = 0;
  if (!(stream >> pages) || getrlimit(RLIMIT_AS, &limit) != 0) return;
  const std::uint64_t wanted = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) + bytes;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min<rlim_t>(wanted, limit.rlim_max);
  setrlimit(RLIMIT_AS, &limit);
}

std::string problem_of(const ChildEnd& end) {
  if (end.kind == ChildEnd::Kind::silent)
    return "reading it does not come to an end: the file is damaged, or its file system does not answer";
  return std::string("the file is damaged: the HDF5 library crashes on it (") + strsignal(end.code) + ")";
}

void try_in_child(const std::string& called, const std::function<void(const SignOfLife&)>& reading,
                  std::chrono::milliseconds patience) {
  const Pipe message = open_pipe();
  const ChildEnd end = in_child(
      [&](const SignOfLife& alive) {
        try {
          reading(alive);
          return static_cast<int>(ExitCode::success);
        } catch (const std::bad_alloc&) {
          tell(message.writing, called + ": " + too_much_memory);
          return static_cast<int>(ExitCode::input_data);
        } catch (const OutOfMemory&) {
          tell(message.writing, called + ": " + too_much_memory);
          return static_cast<int>(ExitCode::input_data);
        } catch (const std::exception& failure) {
          tell(message.writing, failure.what());
          return static_cast<int>(exit_code_of(failure));
        }
      },
      patience);
  close(message.writing);
  const std::string told = hear(message.reading);
  close(message.reading);
  if (end.kind != ChildEnd::Kind::exited) throw Error(ExitCode::input_data, called + ": " + problem_of(end));
  if (end.code >= exit_code_of_signals)
    throw Error(ExitCode::stopped, called + ": stopped by a signal while it was looked at");
  if (end.code != 0)
    throw Error(static_cast<ExitCode>(end.code),
                told.empty() ? called + ": the process that looked at it failed" : told);
}

}  // namespace orrery
