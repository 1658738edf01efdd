/// The table of pair laws, which lists what lib/laws/CMakeLists.txt names.
///
/// For code that is written once for every law, `law_tables/pair_laws.hpp` has the macro
/// `ORRERY_PAIR_LAWS(LAW)`: `LAW(Attraction)` stands for class `AttractionLaw` in `laws/attraction.hpp` and
/// for `AttractionVectors` in `laws/attraction-inl.hpp`.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "laws/pair_law.hpp"

namespace orrery {

/// A fresh object for each law of the table, with default options.
std::vector<std::unique_ptr<PairLaw>> make_all_pair_laws();

/// Place of a law in the table. @pre it is there
std::size_t pair_law_index(std::string_view name);

}  // namespace orrery
