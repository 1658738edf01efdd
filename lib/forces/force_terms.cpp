#include "forces/force_terms.hpp"

#include <algorithm>

#include "force_table/force_terms.hpp"

namespace orrery {

std::vector<std::unique_ptr<ForceTerm>> make_all_force_terms() {
  std::vector<std::unique_ptr<ForceTerm>> terms;
#define ORRERY_MAKE_TERM(Name) terms.push_back(std::make_unique<Name>());
  ORRERY_FORCE_TERMS(ORRERY_MAKE_TERM)
#undef ORRERY_MAKE_TERM
  return terms;
}

void ForceTerms::describe(OptionSet& options) {
  for (const auto& term : terms_) term->describe(options);
}

std::vector<std::pair<std::string, std::string>> ForceTerms::idle_keys() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& term : terms_)
    for (auto& idle : term->idle_keys()) all.push_back(std::move(idle));
  return all;
}

std::vector<const ForceTerm*> ForceTerms::acting() const {
  std::vector<const ForceTerm*> acting;
  for (const auto& term : terms_)
    if (term->acts_along(0) || term->acts_along(1) || term->acts_along(2)) acting.push_back(term.get());
  return acting;
}

void ForceTerms::check(const Box& box) const {
  for (const auto& term : terms_) term->check(box);
}

std::array<bool, 3> axes_of(const std::vector<const ForceTerm*>& terms, const Box& box) {
  std::array<bool, 3> axes{};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box.axes); ++axis)
    axes[axis] =
        std::any_of(terms.begin(), terms.end(), [axis](const auto* term) { return term->acts_along(axis); });
  return axes;
}

}  // namespace orrery
