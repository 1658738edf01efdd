#include "particles/box.hpp"

#include <string>

namespace orrery {

std::string name_of(Boundary boundary) {
  if (boundary == Boundary::periodic) return "periodic";
  return boundary == Boundary::reflect ? "reflect" : "open";
}

void BoxOptions::describe(OptionSet& options) {
  options.add("box.lengths", lengths, {.least = 1e-100, .most = 1e100}, "auto",
              {"edges of the box: one number for a cube, two in the plane, or three; auto takes them from "
               "the lattice, or from particles.file",
               "length"});
  options.add("box.origin", origin, {.least = -1e100, .most = 1e100}, "auto",
              {"lower corner of the box; auto takes it from particles.file, or 0", "length"});
  options.add_choice(
      "box.boundary", boundary,
      {{"auto", std::nullopt},
       {"periodic", Boundary::periodic},
       {"reflect", Boundary::reflect},
       {"open", Boundary::open}},
      {"the ends of each axis: where particles come in at the other end, are thrown back, or go on; auto "
       "takes them from particles.file, or periodic"});
  options.add_choice("box.from", from,
                     {{"auto", BoxFrom::automatic}, {"file", BoxFrom::file}, {"config", BoxFrom::config}},
                     {"whose box counts, where particles.file tells one too: its own (file), the "
                      "configuration's (config), or both, which then have to agree (auto)"});
}

void BoxOptions::validate() const {
  if (lengths.given > 1 && boundary.given > 1 && lengths.given != boundary.given) {
    throw OptionConflict({"box.boundary", "box.lengths"},
                         "box.boundary has " + std::to_string(boundary.given) +
                             " names, but box.lengths has " + std::to_string(lengths.given) +
                             " numbers; give one name for all axes, or one for each");
  }
  if (origin && origin->given > 1 && lengths.given > 1 && lengths.given != origin->given) {
    throw OptionConflict({"box.origin", "box.lengths"},
                         "box.origin has " + std::to_string(origin->given) +
                             " numbers, but box.lengths has " + std::to_string(lengths.given) +
                             "; give one number for all axes, or one for each");
  }
}

}  // namespace orrery
