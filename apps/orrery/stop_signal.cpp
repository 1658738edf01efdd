#include "stop_signal.hpp"

#include <csignal>

namespace orrery {
namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) {
  noted = 1;
}

}  // namespace

StopSignal::StopSignal(bool is_heeded) {
  noted = 0;
  if (is_heeded) handlers_.emplace(note);
}

bool StopSignal::came() const {
  return noted != 0;
}

}  // namespace orrery
