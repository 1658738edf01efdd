#include "laws/pair_table.hpp"

#include "law_tables/pair_laws.hpp"

namespace orrery {

std::vector<std::unique_ptr<PairLaw>> make_all_pair_laws() {
  std::vector<std::unique_ptr<PairLaw>> laws;
#define ORRERY_MAKE_LAW(Name) laws.push_back(std::make_unique<Name##Law>());
  ORRERY_PAIR_LAWS(ORRERY_MAKE_LAW)
#undef ORRERY_MAKE_LAW
  return laws;
}

}  // namespace orrery
