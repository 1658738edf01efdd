/// What a particle is made of.
#pragma once

#include <vector>

#include "laws/law.hpp"

namespace orrery {

/// What every particle brings into a run.
struct ParticleShape {
  int axes = 2;
  std::vector<ParameterColumn> parameters;
};

inline ParticleShape shape_of(const IndependentLaw& law) {
  const auto parameters = law.parameters();
  return {law.dimensions(), {parameters.begin(), parameters.end()}};
}

}  // namespace orrery
