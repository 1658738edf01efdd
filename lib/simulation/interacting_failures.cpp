#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "simulation/interacting_motion.hpp"

namespace orrery {
namespace {

constexpr std::size_t width = PairRows::width;

/// A few digits, for people.
std::string short_text(double number) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.4g", number);
  return buffer.data();
}

}  // namespace

Error InteractingMotion::mass_out_of_range(std::int64_t id) const {
  return {ExitCode::simulation_failed,
          "particle #" + std::to_string(id) +
              " has a mass by which no force moves it in range of double precision; choose units in which "
              "particles.mass and time.step are nearer to 1"};
}

std::string InteractingMotion::place_of(std::size_t row) const {
  return text_of({rows_.position(row)[0], rows_.position(row)[1], rows_.position(row)[2]});
}

/// @param place  from the box's corner
std::string InteractingMotion::text_of(const Vec3& place) const {
  std::string text = "(";
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(box_.axes); ++axis)
    text.append(axis == 0 ? "" : ", ").append(to_text(place[axis] + box_.origin[axis]));
  return text.append(")");
}

Error InteractingMotion::moved_too_far(std::int64_t step) const {
  std::size_t worst = 0;
  double most = -1.0;
  for (std::size_t at = 0; at < width * rows_.owned(); ++at) {
    const double size = std::abs(displacement_of(0)[at]);
    if (at % width < 3 && (size > most || std::isnan(size))) {
      most = std::isnan(size) ? std::numeric_limits<double>::infinity() : size;
      worst = at / width;
    }
  }
  return {ExitCode::simulation_failed, "particle #" + std::to_string(index_of(worst)) + " at " +
                                           place_of(worst) + " moves farther than " + bound_text() +
                                           " in step " + std::to_string(step) + "; use a smaller time.step"};
}

/// At which two particles approach each other, as the force has it [length / time]. @pre velocities matter
double InteractingMotion::meeting_speed(std::size_t row, std::size_t other) const {
  double parting = 0.0, distance2 = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double along = rows_.position(row)[axis] - rows_.position(other)[axis];
    distance2 += along * along;
    parting += along * (displacement_of(row)[axis] - displacement_of(other)[axis]);
  }
  return -parting / std::sqrt(distance2) / settings_.step;
}

Error InteractingMotion::force_out_of_range() {
  // The nearest pair is the one: forces beyond the bound come from particles that are too near. Or, where
  // velocities matter, the fastest.
  const bool by_speed = forces_.needs_velocities();
  double worst = -std::numeric_limits<double>::infinity(), nearest = 0.0, speed = 0.0;
  std::size_t first = 0, second = 0;
  for (std::size_t share = 0; share < lists_.shares(); ++share) {
    const NeighbourSlice slice = lists_.slice(share);
    for (std::int64_t row = slice.particles.begin; row < slice.particles.end; ++row) {
      const std::int64_t entry = row - slice.particles.begin;
      for (std::int64_t at = slice.begin[entry]; at < slice.begin[entry + 1]; ++at) {
        const double* const a = rows_.position(static_cast<std::size_t>(row));
        const auto other = PairRows::row_at(slice.neighbours[at]);
        const double* const b = rows_.position(other);
        const double distance = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        if (by_speed && !(distance < forces_.cutoff())) continue;
        const double meeting = by_speed ? meeting_speed(static_cast<std::size_t>(row), other) : 0.0;
        const double badness = by_speed ? std::abs(meeting) : -distance;
        if (badness > worst) {
          worst = badness;
          nearest = distance;
          speed = meeting;
          first = static_cast<std::size_t>(row);
          second = other;
        }
      }
    }
  }
  const auto own = own_row_of(second);
  const std::string text =
      "particle #" + std::to_string(index_of(first)) + " at " + place_of(first) + " comes within " +
      short_text(nearest) + " of " + (own ? "particle #" + std::to_string(index_of(*own)) : another) +
      " in step " + std::to_string(step_) +
      (by_speed ? ", at a velocity of " + short_text(speed) + " towards it" : "") +
      ", where the force is beyond all bounds; use a smaller time.step, or "
      "begin with particles farther apart" +
      (settings_.precision == PairPrecision::mixed ? ", or use run.precision double, whose bounds are wider"
                                                   : "");
  if (!own)
    unnamed_ = {.code = ExitCode::simulation_failed,
                .text = text,
                .id = index_of(first),
                .place = place_in_box(second)};
  return {ExitCode::simulation_failed, text};
}

Error InteractingMotion::miscounted(const Miscount& particle) const {
  std::string text = "particle #" + std::to_string(particle.id);
  if (particle.copies == 0) {
    text += " is lost: no rank has it";
  } else {
    text += " is there " + std::to_string(particle.copies) + " times, at (" +
            to_text(particle.position[0] + box_.origin[0]);
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(box_.axes); ++axis)
      text += ", " + to_text(particle.position[axis] + box_.origin[axis]);
    text += "), on rank " + std::to_string(particle.ranks[0]);
    if (particle.ranks[1] >= 0 && particle.ranks[1] != particle.ranks[0])
      text += " and rank " + std::to_string(particle.ranks[1]);
  }
  return {ExitCode::simulation_failed, text + ", when lists were built in step " + std::to_string(step_) +
                                           " (a defect of this program, or of the machine); run it again"};
}

Error InteractingMotion::left_box(std::size_t row, double wall) const {
  return {ExitCode::simulation_failed, "particle #" + std::to_string(index_of(row)) + " at " + place_of(row) +
                                           " moves farther than from wall to wall, " + to_text(wall) +
                                           ", by step " + std::to_string(step_) +
                                           "; use a smaller time.step"};
}

Error InteractingMotion::left_range(std::size_t row, double farthest) const {
  return {ExitCode::simulation_failed, "particle #" + std::to_string(index_of(row)) + " at " + place_of(row) +
                                           " has left the range of " + short_text(farthest) + " by step " +
                                           std::to_string(step_) +
                                           "; use larger box.lengths, or close the box"};
}

}  // namespace orrery
