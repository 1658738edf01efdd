/// The terms that act on single particles, as a run has them.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "forces/force_term.hpp"

namespace orrery {

/// A fresh object for each term of the table in `CMakeLists.txt`, with default options.
std::vector<std::unique_ptr<ForceTerm>> make_all_force_terms();

/// All terms, in the order of the table, with the options of a run.
class ForceTerms {
public:
  ForceTerms() : terms_(make_all_force_terms()) {}

  void describe(OptionSet& options);

  /// Options that have no effect, see `ForceTerm::idle_keys`.
  std::vector<std::pair<std::string, std::string>> idle_keys() const;

  /// Those that act, in the order in which a particle's total is formed. They live as long as this object.
  std::vector<const ForceTerm*> acting() const;

  /// Refuses options that do not fit the box. @throws OptionConflict
  void check(const Box& box) const;

private:
  std::vector<std::unique_ptr<ForceTerm>> terms_;
};

/// Along which axes of the box any of some terms acts.
std::array<bool, 3> axes_of(const std::vector<const ForceTerm*>& terms, const Box& box);

}  // namespace orrery
