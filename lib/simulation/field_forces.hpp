/// Forces on single particles: terms that need no other particle.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "comm/communicator.hpp"
#include "forces/force_terms.hpp"
#include "particles/degrees_of_freedom.hpp"
#include "simulation/motion_state.hpp"

namespace orrery {

class FieldForces {
public:
  /// @param terms  in the order in which they are added up; they must outlive this object
  explicit FieldForces(std::vector<const ForceTerm*> terms) : terms_(std::move(terms)) {}

  bool any() const { return !terms_.empty(); }
  /// Axes along which terms act.
  AxisSet axes(const Box& box) const { return axes_of(terms_, box); }
  /// Whether they are all minus the gradient of an energy.
  bool keep_energy(const Box& box) const;

  /// Sums up the accelerations of owned particles, term by term. Local.
  void compute(MotionState& state) const;

  /// Of all particles; infinite where it is beyond the range of double. Collective.
  double energy(const Communicator& ranks, const MotionState& state) const;

private:
  std::vector<const ForceTerm*> terms_;
};

}  // namespace orrery
