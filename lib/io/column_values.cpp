#include "io/column_values.hpp"

#include <cmath>

#include "core/number_text.hpp"

namespace orrery {

std::string problem_with_value(const ParameterColumn& column, ParticleId id, double value) {
  if (column.values == 0) return "";
  if (value >= 0.0 && value < column.values && value == std::floor(value)) return "";
  return "particle " + std::to_string(number(id)) + " has " + column.name + " " + to_text(value) +
         ", which is no whole number from 0 to " + std::to_string(column.values - 1) + need_of(column);
}

std::string need_of(const ParameterColumn& column) {
  return column.need.empty() ? "" : " (" + column.need + ")";
}

}  // namespace orrery
