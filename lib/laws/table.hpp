/// The table of laws, which has what lib/laws/CMakeLists.txt names.
///
/// For code that is written once for every law, `law_tables/pair_laws.hpp` has the macro
/// `ORRERY_PAIR_LAWS(LAW)`: `LAW(Attraction)` stands for class `AttractionLaw` in `laws/attraction.hpp` and
/// for `AttractionVectors` in `laws/attraction-inl.hpp`; likewise `law_tables/independent_laws.hpp`.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "laws/law.hpp"
#include "laws/pair_law.hpp"

namespace orrery {

/// A law of the table. Of which kinds it is, its pointers tell: the others are null.
struct TableLaw {
  std::unique_ptr<Law> law;
  const IndependentLaw* independent = nullptr;
  const NewtonianLaw* newtonian = nullptr;  ///< pair laws, and that of no pairs
  const PairLaw* pair = nullptr;
};

/// A fresh object for each law, with default options: independent laws first, that of no pairs last.
std::vector<TableLaw> make_all_laws();

/// Place of a law among those of its kind. @pre it is in the table
std::size_t law_index(std::string_view name);

/// The kernels of a law's method. @pre law and method are in the table
/// @param rows  of kernels for each method, one row for each pair law
template <class Row>
auto kernels_of_method(const Row* rows, std::string_view law, int method) {
  const auto& kernels = rows[law_index(law)].at(static_cast<std::size_t>(method));
  ensure(kernels.forces != nullptr, "the law has the method");
  return kernels;
}

}  // namespace orrery
