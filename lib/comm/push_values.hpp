/// Values of options that one rank has read, for all ranks.
#pragma once

#include <functional>

#include "comm/communicator.hpp"
#include "core/option_set.hpp"

namespace orrery {

/// Gives the root's values to all ranks. Collective.
void push_values(const Communicator& ranks, const OptionSet& options);

/// Lets the root set the options, and gives their values to all ranks. Collective.
/// @throws CollectiveError with what `set` throws
void set_on_root(const Communicator& ranks, const OptionSet& options, const std::function<void()>& set);

}  // namespace orrery
