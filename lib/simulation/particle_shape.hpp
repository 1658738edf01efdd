/// What a particle is made of.
#pragma once

#include <span>

#include "laws/law.hpp"

namespace orrery {

/// What every particle brings into a run.
struct ParticleShape {
  int axes = 2;
  std::span<const ParameterColumn> parameters;
};

inline ParticleShape shape_of(const IndependentLaw& law) {
  return {law.dimensions(), law.parameters()};
}

}  // namespace orrery
