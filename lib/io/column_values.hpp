/// What values a file may have in a column.
#pragma once

#include <string>

#include "core/types.hpp"
#include "laws/law.hpp"

namespace orrery {

/// What is wrong with a particle's value, for messages; empty where nothing is.
std::string problem_with_value(const ParameterColumn& column, ParticleId id, double value);

/// Why a file has to have a column, to end a message with; empty where the column does not say.
std::string need_of(const ParameterColumn& column);

}  // namespace orrery
