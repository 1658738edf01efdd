/// The communicator of all ranks of a test program.
#pragma once

#include "comm/communicator.hpp"

namespace orrery::test {

const Communicator& world();

}  // namespace orrery::test
