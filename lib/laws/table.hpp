/// The table of laws under which particles do not act on each other, which lists what lib/laws/CMakeLists.txt
/// names.
///
/// For code that is written once for every law, `law_tables/independent_laws.hpp` has the macro
/// `ORRERY_INDEPENDENT_LAWS(LAW)`: `LAW(Rotation)` stands for class `RotationLaw` in `laws/rotation.hpp` and
/// for struct `RotationVectors` in `laws/rotation-inl.hpp`.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "laws/law.hpp"

namespace orrery {

/// A fresh object for each law of the table, with default options.
std::vector<std::unique_ptr<IndependentLaw>> make_all_laws();

}  // namespace orrery
