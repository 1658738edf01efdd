/// What a book measured of the same case, to be shown beside our own figures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "bench/rotation_case.hpp"

namespace orrery {

struct BookFigure {
  std::int64_t particles;
  std::string_view method;
  double seconds;  ///< for the steps of the case

  constexpr double ns_per_particle_step() const {
    return 1e9 * seconds / static_cast<double>(particles * RotationCase::steps);
  }
};

inline constexpr int book_year = 2013;

/// On a laptop of that year, by ascending number of particles.
inline constexpr std::array book_figures{
    BookFigure{100, "interpreter, objects", 0.614},
    BookFigure{1'000, "interpreter, arrays", 0.852},
    BookFigure{10'000, "compiled, one thread", 1.34},
    BookFigure{10'000, "compiled, scatter / gather over engines", 0.720},
    BookFigure{10'000, "compiled, threads, particle loop outermost", 0.599},
};

}  // namespace orrery
