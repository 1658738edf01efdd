#include "particles/box.hpp"

#include <string>

namespace orrery {

void BoxOptions::describe(OptionSet& options) {
  options.add("box.lengths", lengths, {.least = 1e-100, .most = 1e100}, "auto",
              {"edges of the box: one number for a cube, two in the plane, or three; auto takes them from "
               "the lattice",
               "length"});
  options.add_choice(
      "box.boundary", boundary,
      {{"periodic", Boundary::periodic}, {"reflect", Boundary::reflect}, {"open", Boundary::open}},
      {"the ends of each axis: where particles come in at the other end, are thrown back, or go on"});
}

void BoxOptions::validate() const {
  if (lengths.given > 1 && boundary.given > 1 && lengths.given != boundary.given) {
    throw OptionConflict({"box.boundary", "box.lengths"},
                         "box.boundary has " + std::to_string(boundary.given) +
                             " names, but box.lengths has " + std::to_string(lengths.given) +
                             " numbers; give one name for all axes, or one for each");
  }
}

}  // namespace orrery
