/// The table of laws. A new law is one line here and one in the macro below.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "laws/law.hpp"

/// Calls its argument with the name of every law. `LAW(Rotation)` stands for class `RotationLaw` in
/// `laws/rotation.hpp` and for struct `RotationVectors` in `laws/rotation-inl.hpp`.
#define ORRERY_INDEPENDENT_LAWS(LAW) LAW(Rotation)

namespace orrery {

/// A fresh object for each law of the table, with default options.
std::vector<std::unique_ptr<IndependentLaw>> make_all_laws();

}  // namespace orrery
