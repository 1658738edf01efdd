#include "simulation/rows_by_id.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include "core/error.hpp"
#include "core/even_split.hpp"
#include "core/in_parts.hpp"
#include "domain/migration.hpp"
#include "simulation/motion_failures.hpp"

namespace orrery {

RowsById rows_by_id(const Communicator& ranks, const MotionState& state) {
  ranks.apply([&] { check_walls(state); });
  const EvenSplit split(state.count, ranks.size());
  const auto count = static_cast<std::size_t>(split.part(ranks.rank()).size());
  RowsById rows;
  rows.position.resize(3);
  rows.velocity.resize(3);
  for (auto* const columns : {&rows.position, &rows.velocity})
    for (auto& column : *columns) column.resize(count);
  std::vector<std::size_t> columns{state.index.index, state.rows.position_column().index,
                                   state.displacement.index};
  if (state.rest) columns.push_back(state.rest->index);
  const auto take = [&](std::size_t row, const GatheredParticle& particle) {
    const auto position = particle.numbers<3>(state.rows.position_column());
    const auto displacement = particle.numbers<3>(state.displacement);
    std::array<double, rests_of_row> rests{};
    if (state.rest) rests = particle.numbers<rests_of_row>(*state.rest);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      double x = state.wrapped(position[axis], axis), u = displacement[axis];
      if (state.rest) {
        x += rests[axis];
        if (state.periods[axis] > 0.0 && x < 0.0) x = 0.0;  // by less than a unit: the image stays the same
        u += rests[displacement_rests + axis];
      }
      rows.position[axis][row] = x;
      rows.velocity[axis][row] = u / state.time_step;
    }
  };
  const std::int64_t missing =
      gather_by_index(ranks, state.rows.particles(), columns, state.index, split, state.threads, take);
  ranks.apply([&] {
    if (missing >= 0) throw miscounted(state, {.id = missing});
  });
  return rows;
}

std::vector<Crossings::Crossing> crossings_now(const MotionState& state) {
  std::vector<std::vector<Crossings::Crossing>> found(static_cast<std::size_t>(state.threads));
  in_parts(static_cast<std::int64_t>(state.rows.owned()), state.threads, [&](int part, Range range) {
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      Crossings::Crossing crossing{.id = state.index_of(row)};
      bool crosses = false;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!(state.periods[axis] > 0.0)) continue;
        const double x = state.rows.position(row)[axis];
        crossing.by[axis] =
            static_cast<std::int32_t>(std::round((x - state.wrapped(x, axis)) / state.periods[axis]));
        crosses |= crossing.by[axis] != 0;
      }
      if (crosses) found[static_cast<std::size_t>(part)].push_back(crossing);
    }
  });
  std::vector<Crossings::Crossing> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<ImageNumbers> starting_images(const MotionState& state, const RowsById& rows) {
  std::vector<ImageNumbers> start(state.rows.owned());
  for (std::size_t row = 0; row < start.size(); ++row)
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (state.periods[axis] > 0.0)
        start[row][axis] = static_cast<std::int32_t>(
            std::round((rows.position[axis][row] - state.rows.position(row)[axis]) / state.periods[axis]));
  return start;
}

}  // namespace orrery
