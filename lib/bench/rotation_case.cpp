#include "bench/rotation_case.hpp"

#include "laws/rotation.hpp"
#include "observe/bookkeeping.hpp"
#include "sources/scatter.hpp"

namespace orrery {

ParticleStore draw_rotation_case(std::int64_t particles, const Communicator& ranks) {
  const RotationLaw law;
  ParticleOptions options;  // positions and ranges are in (-1, 1) by default
  options.count = static_cast<std::uint64_t>(particles);
  for (const auto& column : law.parameters()) {
    options.ranges.push_back({.name = column.name, .description = column.description});
  }
  OpenSource source = open_source(options, shape_of(law), {}, ranks);
  Bookkeeping books;
  return scatter(source, shape_of(law), ranks, books);
}

}  // namespace orrery
