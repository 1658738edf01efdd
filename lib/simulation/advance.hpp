/// Where particles were brought.
#pragma once

#include <cstdint>

namespace orrery {

struct Advance {
  std::int64_t step = 0;
  bool stopped = false;  ///< on request
};

}  // namespace orrery
