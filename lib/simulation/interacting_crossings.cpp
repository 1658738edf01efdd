// Which images of the box particles are in.
#include <cmath>

#include "core/in_parts.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {

/// Begins to count from where the given coordinates are, which may be those of any image. Local.
/// @pre the particles of `rows` have their places in the box
void InteractingMotion::begin_counting_images(const RowsById& rows) {
  std::vector<ImageNumbers> start(rows_.owned());
  for (std::size_t row = 0; row < start.size(); ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (periods_[axis] > 0.0)
        start[row][axis] = static_cast<std::int32_t>(
            std::round((rows.position[axis][row] - rows_.position(row)[axis]) / periods_[axis]));
  crossings_.emplace(ranks_, count_, std::move(start));
}

/// Own particles that are out of the box, and by how many periods. Local.
std::vector<Crossings::Crossing> InteractingMotion::crossings_now() const {
  std::vector<std::vector<Crossings::Crossing>> found(static_cast<std::size_t>(settings_.threads));
  in_parts(static_cast<std::int64_t>(rows_.owned()), settings_.threads, [&](int part, Range range) {
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      Crossings::Crossing crossing{.id = index_of(row)};
      bool crosses = false;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!(periods_[axis] > 0.0)) continue;
        const double x = rows_.position(row)[axis];
        crossing.by[axis] = static_cast<std::int32_t>(std::round((x - wrapped(x, axis)) / periods_[axis]));
        crosses |= crossing.by[axis] != 0;
      }
      if (crosses) found[static_cast<std::size_t>(part)].push_back(crossing);
    }
  });
  std::vector<Crossings::Crossing> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// Notes who is about to be wrapped. Collective.
void InteractingMotion::count_crossings() {
  constexpr std::int64_t lists_between_settlements = 64;
  ranks_.apply([&] { crossings_->note(crossings_now()); });
  if (times_.lists_built % lists_between_settlements == 0) crossings_->settle();
}

std::vector<ImageNumbers> InteractingMotion::images_by_id() {
  return crossings_->at_frame(ranks_.apply([&] { return crossings_now(); }));
}

}  // namespace orrery
