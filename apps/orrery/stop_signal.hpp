/// Signals that ask a program to end, noticed instead of obeyed at once.
#pragma once

#include <optional>

#include "signal_handlers.hpp"

namespace orrery {

/// While it lives, SIGINT, SIGTERM and SIGHUP are only noted, so that work can be brought to an orderly end.
/// What nohup and the like had ignored stays ignored. One at a time, on every rank: launchers send signals to
/// all.
class StopSignal {
public:
  /// @param is_heeded  whether anybody will ask; otherwise signals do what they always do
  explicit StopSignal(bool is_heeded);

  bool came() const;

private:
  std::optional<SignalHandlers> handlers_;
};

}  // namespace orrery
