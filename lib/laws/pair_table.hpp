/// The table of pair laws, which lists what lib/laws/CMakeLists.txt names.
///
/// For code that is written once for every law, `law_tables/pair_laws.hpp` has the macro
/// `ORRERY_PAIR_LAWS(LAW)`: `LAW(Attraction)` stands for class `AttractionLaw` in `laws/attraction.hpp` and
/// for `AttractionVectors` in `laws/attraction-inl.hpp`.
#pragma once

#include <memory>
#include <vector>

#include "laws/pair_law.hpp"

namespace orrery {

/// A fresh object for each law of the table, with default options.
std::vector<std::unique_ptr<PairLaw>> make_all_pair_laws();

}  // namespace orrery
