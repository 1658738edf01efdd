/// What the root says to the first ranks of teams.
#pragma once

#include <cstdint>

namespace orrery {

/// The first byte of an order.
enum class OrderKind : std::uint8_t {
  tasks,   ///< followed by `TaskOrder`s
  cancel,  ///< drop all tasks
  end,     ///< nothing will follow
};

}  // namespace orrery
