#include "stop_signal.hpp"

#include <csignal>
#include <initializer_list>

namespace orrery {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) {
  noted = 1;
}

void set_all(void (*handler)(int)) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

}  // namespace

StopSignal::StopSignal(bool is_heeded) : is_heeded_(is_heeded) {
  noted = 0;
  if (is_heeded_) set_all(note);
}

StopSignal::~StopSignal() {
  if (is_heeded_) set_all(SIG_DFL);
}

bool StopSignal::came() const {
  return noted != 0;
}

}  // namespace orrery
