#include "signal_handlers.hpp"

#include "io/unfinished_file.hpp"

namespace orrery {

SignalHandlers::SignalHandlers(Handler handler) {
  for (std::size_t index = 0; index < signals.size(); ++index) {
    before_[index] = std::signal(signals[index], handler);
    if (before_[index] == SIG_IGN) std::signal(signals[index], SIG_IGN);
  }
}

SignalHandlers::~SignalHandlers() {
  for (std::size_t index = 0; index < signals.size(); ++index)
    if (before_[index] != SIG_ERR) std::signal(signals[index], before_[index]);
}

void clean_up_and_die_of(int signal) {
  UnfinishedFile::remove_all();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace orrery
