#include "particles/initial_velocities.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/number_text.hpp"
#include "core/option_set.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {
namespace {

constexpr int uniform_numbers = 12;
constexpr double greatest_drawn = 6.0;

/// The sum of twelve uniform numbers in [0, 1] less six. Exact: a whole number below 2^36 times 2^-32.
double near_normal_number(std::uint64_t seed, std::uint64_t id, std::size_t axis) {
  constexpr std::uint32_t blocks = uniform_numbers / 4;
  std::uint64_t sum = 0;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const auto draw = static_cast<std::uint32_t>(axis) * blocks + block;
    for (const std::uint64_t bits :
         random_bits({seed, static_cast<std::uint32_t>(Purpose::initial_velocity), draw}, id))
      sum += (bits & 0xffffffff) + (bits >> 32);
  }
  constexpr std::int64_t mean = uniform_numbers / 2 * std::int64_t{0xffffffff};
  return static_cast<double>(static_cast<std::int64_t>(sum) - mean) * 0x1p-32;
}

}  // namespace

InitialVelocities::InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                                     std::vector<std::span<double>> columns, int grid_bits)
    : seed_(seed), count_(count), ids_(ids), columns_(std::move(columns)), grid_bits_(grid_bits) {
  ensure(columns_.size() == 2 || columns_.size() == 3, "velocities have two axes or three");
  for (const auto& column : columns_) ensure(column.size() == ids_.size(), "a velocity for every id");
}

void InitialVelocities::draw() {
  for (std::size_t axis = 0; axis < columns_.size(); ++axis)
    for (std::size_t row = 0; row < ids_.size(); ++row)
      columns_[axis][row] = near_normal_number(seed_, number(ids_[row]), axis);
}

std::array<ExactSum, 3> InitialVelocities::momentum() const {
  std::array<ExactSum, 3> sums;
  for (std::size_t axis = 0; axis < columns_.size(); ++axis)
    for (const double v : columns_[axis]) sums[axis].add(v);
  return sums;
}

void InitialVelocities::remove_mean(const std::array<ExactSum, 3>& total) {
  if (count_ == 0) return;
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
    const double mean = total[axis].value() / static_cast<double>(count_);
    for (double& v : columns_[axis]) v -= mean;
  }
}

ExactSum InitialVelocities::kinetic() const {
  ExactSum sum;
  for (const auto& column : columns_)
    for (const double v : column) sum.add(v * v);
  return sum;
}

void InitialVelocities::scale(const ExactSum& total, double temperature, double mass) {
  const double squares = total.value();
  const bool is_at_rest = temperature == 0.0 || count_ < 2 || squares == 0.0;
  const double degrees = static_cast<double>(columns_.size()) * static_cast<double>(count_ - 1);
  const double factor = is_at_rest ? 0.0 : std::sqrt(degrees * temperature / mass / squares);

  const double unit = std::ldexp(1.0, -grid_bits_);
  const double thermal = std::sqrt(temperature / mass);
  // A mean that was taken off may be as large as a number that was drawn.
  const double fastest = std::min(2.0 * greatest_drawn * factor, std::sqrt(degrees) * thermal);
  const bool is_too_narrow = !is_at_rest && !(fastest < std::ldexp(unit, 51));
  const bool is_too_coarse = !is_at_rest && thermal < std::ldexp(unit, 20);
  if (is_too_narrow || is_too_coarse) {
    throw OptionConflict({"particles.temperature"},
                         "particles.temperature " + to_text(temperature) + " is too " +
                             (is_too_narrow ? "high" : "low") + " (velocities are whole multiples of 2^-" +
                             std::to_string(grid_bits_) + ", and below 2^" + std::to_string(51 - grid_bits_) +
                             "); choose units in which it is nearer to 1");
  }
  // Adding and taking off 1.5 * 2^52 units rounds to a whole number of them.
  const double magic = std::ldexp(1.5 * unit, 52);
  for (const auto& column : columns_)
    for (double& v : column) v = (v * factor + magic) - magic;
}

void InitialVelocities::remove_remainder(const std::array<ExactSum, 3>& total) {
  if (count_ == 0) return;
  const double unit = std::ldexp(1.0, -grid_bits_);
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
    const double units = total[axis].value() / unit;
    ensure(std::abs(units) < 0x1p53, "what is left of the momentum is a number of units that can be counted");
    const auto left = static_cast<std::int64_t>(units);
    const std::int64_t from_all = left / count_;
    const std::int64_t more = left % count_;
    const double one_more = more < 0 ? -unit : unit;
    for (std::size_t row = 0; row < ids_.size(); ++row) {
      double& v = columns_[axis][row];
      v -= static_cast<double>(from_all) * unit;
      if (number(ids_[row]) < static_cast<std::uint64_t>(std::abs(more))) v -= one_more;
    }
  }
}

}  // namespace orrery
