#include "laws/table.hpp"

#include "law_tables/independent_laws.hpp"

namespace orrery {

std::vector<std::unique_ptr<IndependentLaw>> make_all_laws() {
  std::vector<std::unique_ptr<IndependentLaw>> laws;
#define ORRERY_MAKE_LAW(Name) laws.push_back(std::make_unique<Name##Law>());
  ORRERY_INDEPENDENT_LAWS(ORRERY_MAKE_LAW)
#undef ORRERY_MAKE_LAW
  return laws;
}

}  // namespace orrery
