#include "laws/law.hpp"

#include "comm/communicator.hpp"  // laws may not use comm
