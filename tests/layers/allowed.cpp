#include "core/types.hpp"  // laws may use core
#include "laws/law.hpp"
