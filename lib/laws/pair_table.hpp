/// The table of pair laws. A new law is one line here and one in the macro below.
#pragma once

#include <memory>
#include <vector>

#include "laws/pair_law.hpp"

/// Calls its argument with the name of every law. `LAW(Attraction)` stands for class `AttractionLaw` in
/// `laws/attraction.hpp` and for struct `AttractionVectors` in `laws/attraction-inl.hpp`.
#define ORRERY_PAIR_LAWS(LAW) LAW(Attraction) LAW(LennardJones) LAW(SoftDisc)

namespace orrery {

/// A fresh object for each law of the table, with default options.
std::vector<std::unique_ptr<PairLaw>> make_all_pair_laws();

}  // namespace orrery
