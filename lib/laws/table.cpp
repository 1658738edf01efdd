#include "laws/table.hpp"

#include <utility>

#include "law_tables/independent_laws.hpp"
#include "law_tables/pair_laws.hpp"

namespace orrery {
namespace {

/// @param kind  the pointer for laws of this kind
template <class Kind>
void append(std::vector<TableLaw>& table, std::unique_ptr<Kind> law, const Kind* TableLaw::*kind) {
  TableLaw entry;
  entry.*kind = law.get();
  entry.law = std::move(law);
  table.push_back(std::move(entry));
}

}  // namespace

std::vector<TableLaw> make_all_laws() {
  std::vector<TableLaw> table;
#define ORRERY_APPEND(Name) \
  append<IndependentLaw>(table, std::make_unique<Name##Law>(), &TableLaw::independent);
  ORRERY_INDEPENDENT_LAWS(ORRERY_APPEND)
#undef ORRERY_APPEND
#define ORRERY_APPEND(Name) append<PairLaw>(table, std::make_unique<Name##Law>(), &TableLaw::pair);
  ORRERY_PAIR_LAWS(ORRERY_APPEND)
#undef ORRERY_APPEND
  for (TableLaw& entry : table) entry.newtonian = entry.pair;
  append<NewtonianLaw>(table, std::make_unique<NoPairs>(), &TableLaw::newtonian);
  return table;
}

std::size_t law_index(std::string_view name) {
  std::size_t independent = 0, pair = 0;
  for (const auto& entry : make_all_laws()) {
    std::size_t& index = entry.pair != nullptr ? pair : independent;
    if (entry.law->name() == name) return index;
    ++index;
  }
  ensure(false, "the law is in the table");
  return 0;
}

}  // namespace orrery
