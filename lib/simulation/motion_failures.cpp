#include "simulation/motion_failures.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

#include "core/number_text.hpp"
#include "simulation/motion_grids.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

/// A few digits, for people.
std::string short_text(double number) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.4g", number);
  return buffer.data();
}

/// What a displacement per step is bounded by.
std::string bound_text(const MotionState& state) {
  return (state.has_pairs ? "the cut-off " : "the shortest edge of the box, ") + to_text(state.bound);
}

Vec3 position_of(const MotionState& state, std::size_t row) {
  return {state.rows.position(row)[0], state.rows.position(row)[1], state.rows.position(row)[2]};
}

std::string place_of(const MotionState& state, std::size_t row) {
  return text_of(state, position_of(state, row));
}

/// @param place  from the box's corner
FailureFacts facts_of(const MotionState& state, FailureKind kind, std::int64_t index, const Vec3& place,
                      std::int64_t step) {
  FailureFacts facts{.kind = kind, .step = step, .particles = {index, -1}};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis)
    facts.place[axis] = place[axis] + state.box.origin[axis];
  return facts;
}

FailureFacts facts_of(const MotionState& state, FailureKind kind, std::size_t row, std::int64_t step) {
  return facts_of(state, kind, state.index_of(row), position_of(state, row), step);
}

const std::string particle = particle_slots[0], other_particle = particle_slots[1];

FactualError left_box(const MotionState& state, std::size_t row, double wall) {
  return {ExitCode::simulation_failed,
          particle + " at " + place_of(state, row) + " moves farther than from wall to wall, " +
              to_text(wall) + ", by step " + std::to_string(state.step) + "; use a smaller time.step",
          facts_of(state, FailureKind::left_box, row, state.step)};
}

FactualError left_range(const MotionState& state, std::size_t row, double farthest) {
  return {ExitCode::simulation_failed,
          particle + " at " + place_of(state, row) + " has left the range of " + short_text(farthest) +
              " by step " + std::to_string(state.step) + "; use larger box.lengths, or close the box",
          facts_of(state, FailureKind::left_range, row, state.step)};
}

}  // namespace

std::string text_of(const MotionState& state, const Vec3& place) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(state.box.axes); ++axis)
    text.append(axis == 0 ? "" : ", ").append(to_text(place[axis] + state.box.origin[axis]));
  return text.append(")");
}

FactualError mass_out_of_range(std::int64_t index) {
  return {ExitCode::simulation_failed,
          particle +
              " has a mass by which no force moves it in range of double precision; choose units in which "
              "particles.mass and time.step are nearer to 1",
          {.kind = FailureKind::mass_out_of_range, .particles = {index, -1}}};
}

FactualError moved_too_far(const MotionState& state, std::int64_t step) {
  std::size_t worst = 0;
  double most = -1.0;
  for (std::size_t at = 0; at < width * state.rows.owned(); ++at) {
    const double size = std::abs(state.displacement_of(0)[at]);
    if (at % width < 3 && (size > most || std::isnan(size))) {
      most = std::isnan(size) ? std::numeric_limits<double>::infinity() : size;
      worst = at / width;
    }
  }
  return {ExitCode::simulation_failed,
          particle + " at " + place_of(state, worst) + " moves farther than " + bound_text(state) +
              " in step " + std::to_string(step) + "; use a smaller time.step",
          facts_of(state, FailureKind::moved_too_far, worst, step)};
}

FactualError force_out_of_range(const MotionState& state, const ClosePair& pair) {
  FailureFacts facts = facts_of(state, FailureKind::force_out_of_range, pair.row, state.step);
  if (const auto own = state.rows.own_row(pair.other)) facts.particles[1] = state.index_of(*own);
  return {
      ExitCode::simulation_failed,
      particle + " at " + place_of(state, pair.row) + " comes within " + short_text(pair.distance) + " of " +
          other_particle + " in step " + std::to_string(state.step) +
          (pair.by_speed ? ", at a velocity of " + short_text(pair.speed) + " towards it" : "") +
          ", where the force exceeds its range; use a smaller time.step, or "
          "begin with particles farther apart" +
          (state.precision == PairPrecision::mixed ? ", or use run.precision double, whose bounds are wider"
                                                   : ""),
      facts};
}

FactualError miscounted(const MotionState& state, const Miscount& found) {
  std::string text = particle;
  if (found.copies == 0) {
    text += " is lost: no rank has it";
  } else {
    text += " is there " + std::to_string(found.copies) + " times, at (" +
            to_text(found.position[0] + state.box.origin[0]);
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(state.box.axes); ++axis)
      text += ", " + to_text(found.position[axis] + state.box.origin[axis]);
    text += "), on rank " + std::to_string(found.ranks[0]);
    if (found.ranks[1] >= 0 && found.ranks[1] != found.ranks[0])
      text += " and rank " + std::to_string(found.ranks[1]);
  }
  return {ExitCode::simulation_failed,
          text + ", when lists were built in step " + std::to_string(state.step) +
              " (a defect of this program, or of the machine); run it again",
          facts_of(state, found.copies == 0 ? FailureKind::lost : FailureKind::duplicated, found.id,
                   {found.position[0], found.position[1], found.position[2]}, state.step)};
}

void check_range(const MotionState& state) {
  const double farthest = farthest_coordinate(state.box, state.precision);
  const auto is_beyond = [&](std::size_t row) {
    const double* const p = state.rows.position(row);
    // Also what is not a number.
    return !(std::abs(p[0]) < farthest && std::abs(p[1]) < farthest && std::abs(p[2]) < farthest);
  };
  if (const auto row = state.first_own(is_beyond)) throw left_range(state, *row, farthest);
}

void check_walls(const MotionState& state) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double wall = state.verlet.walls[axis];
    if (!(wall > 0.0)) continue;
    const auto is_beyond = [&](std::size_t row) {
      const double x = state.rows.position(row)[axis], u = state.displacement_of(row)[axis];
      return !(x >= 0.0 && x <= wall && std::abs(u) <= wall);
    };
    if (const auto row = state.first_own(is_beyond)) throw left_box(state, *row, wall);
  }
}

}  // namespace orrery
