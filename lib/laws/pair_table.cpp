#include "laws/pair_table.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "law_tables/pair_laws.hpp"

namespace orrery {

std::vector<std::unique_ptr<PairLaw>> make_all_pair_laws() {
  std::vector<std::unique_ptr<PairLaw>> laws;
#define ORRERY_MAKE_LAW(Name) laws.push_back(std::make_unique<Name##Law>());
  ORRERY_PAIR_LAWS(ORRERY_MAKE_LAW)
#undef ORRERY_MAKE_LAW
  return laws;
}

std::size_t pair_law_index(std::string_view name) {
  const auto laws = make_all_pair_laws();
  const auto match =
      std::find_if(laws.begin(), laws.end(), [name](const auto& entry) { return entry->name() == name; });
  ensure(match != laws.end(), "the law is in the table");
  return static_cast<std::size_t>(match - laws.begin());
}

}  // namespace orrery
