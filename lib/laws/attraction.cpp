#include "laws/attraction.hpp"

#include <cmath>

namespace orrery {

double AttractionLaw::force_bound() const {
  constexpr double many = 1024.0;
  return many * std::abs(options_.strength);
}

double AttractionLaw::mixed_force_bound() const {
  return std::abs(options_.strength);
}

}  // namespace orrery
