#include "shortrange/pair_forces.hpp"

#include <utility>

#include "shortrange/mixed_summation.hpp"

namespace orrery {

PairForces::PairForces(const PairLaw& law) : cutoff_(law.constants().cutoff) {
  auto engine = std::make_unique<DoubleSummation>(law);
  energy_unit_ = engine->energy_unit();
  needs_velocities_ = engine->needs_velocities();
  engine_ = std::move(engine);
}

PairForces::PairForces(const PairLaw& law, FixedPoint grid) : PairForces(law) {
  engine_ = std::make_unique<MixedSummation>(law, grid);
  precision_ = PairPrecision::mixed;
}

bool PairForces::compute(PairRows& rows, const NeighbourLists& lists, const PairVelocities& velocities) {
  return engine_->compute(rows, lists, PairSums::forces, velocities, nullptr).in_range;
}

PairTotals PairForces::compute_totals(PairRows& rows, const NeighbourLists& lists,
                                      const PairVelocities& velocities) {
  return engine_->compute(rows, lists, PairSums::forces_and_totals, velocities, nullptr);
}

PairTotals PairForces::compute_meanwhile(PairRows& rows, const NeighbourLists& lists, PairSums sums,
                                         const GhostsUnderWay& ghosts, const PairVelocities& velocities) {
  return engine_->compute(rows, lists, sums, velocities, &ghosts);
}

}  // namespace orrery
