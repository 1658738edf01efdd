/// What this process does when it is asked to end.
#pragma once

#include <array>
#include <csignal>

namespace orrery {

/// While it lives, SIGINT, SIGTERM and SIGHUP are handled by a function; afterwards as before. What nohup and
/// the like had ignored stays ignored. One on top of the other, the last first.
class SignalHandlers {
public:
  using Handler = void (*)(int);
  explicit SignalHandlers(Handler handler);
  ~SignalHandlers();
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;

private:
  static constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
  std::array<Handler, signals.size()> before_{};
};

/// Removes unfinished files and dies of the signal, as if it had not been handled. For handlers.
void clean_up_and_die_of(int signal);

}  // namespace orrery
