#include "particles/initial_velocities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
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

/// Adds a product to a sum without rounding: what rounding takes off the product is added, too.
void add_product(ExactSum& sum, double a, double b) {
  const double product = a * b;
  sum.add(product);
  sum.add(std::fma(a, b, -product));
}

}  // namespace

InitialVelocities::InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                                     std::vector<std::span<double>> columns, int grid_bits,
                                     const Boundaries& boundary, const AxisSet& fields)
    : seed_(seed),
      count_(count),
      ids_(ids),
      columns_(std::move(columns)),
      grid_bits_(grid_bits),
      boundary_(boundary),
      fields_(fields) {
  ensure(columns_.size() == 2 || columns_.size() == 3, "velocities have two axes or three");
  for (const auto& column : columns_) ensure(column.size() == ids_.size(), "a velocity for every id");
}

InitialVelocities::InitialVelocities(std::uint64_t seed, std::int64_t count, std::span<const ParticleId> ids,
                                     std::vector<std::span<double>> columns, int grid_bits,
                                     const Mixture& mixture, std::span<const double> masses,
                                     const Boundaries& boundary, const AxisSet& fields)
    : InitialVelocities(seed, count, ids, std::move(columns), grid_bits, boundary, fields) {
  mixture_ = &mixture;
  masses_.reserve(ids_.size());
  for (const ParticleId id : ids_)
    masses_.push_back(masses[static_cast<std::size_t>(mixture.place_of(id).species)]);
  least_mass_ = std::numeric_limits<double>::infinity();
  most_mass_ = 0.0;
  for (std::size_t species = 0; species < masses.size(); ++species) {
    if (mixture.count_of(species) == 0) continue;
    all_masses_ += masses[species] * static_cast<double>(mixture.count_of(species));
    most_mass_ = std::max(most_mass_, masses[species]);
    if (!(masses[species] < least_mass_)) continue;
    least_mass_ = masses[species];
    lightest_ = static_cast<std::int32_t>(species);
  }
}

void InitialVelocities::draw() {
  for (std::size_t axis = 0; axis < columns_.size(); ++axis)
    for (std::size_t row = 0; row < ids_.size(); ++row)
      columns_[axis][row] = near_normal_number(seed_, number(ids_[row]), axis);
  if (mixture_ == nullptr) return;
  for (const auto& column : columns_)
    for (std::size_t row = 0; row < ids_.size(); ++row) column[row] /= std::sqrt(masses_[row]);
}

std::array<ExactSum, 3> InitialVelocities::momentum() const {
  std::array<ExactSum, 3> sums;
  for (std::size_t axis = 0; axis < columns_.size(); ++axis)
    for (std::size_t row = 0; row < ids_.size(); ++row)
      add_product(sums[axis], mass_of(row), columns_[axis][row]);
  return sums;
}

void InitialVelocities::remove_mean(const std::array<ExactSum, 3>& total) {
  if (count_ == 0) return;
  const double weight = mixture_ == nullptr ? static_cast<double>(count_) : all_masses_;
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
    if (!keeps(axis)) continue;
    const double mean = total[axis].value() / weight;
    for (double& v : columns_[axis]) v -= mean;
  }
}

ExactSum InitialVelocities::kinetic() const {
  ExactSum sum;
  for (const auto& column : columns_)
    for (std::size_t row = 0; row < ids_.size(); ++row) sum.add(mass_of(row) * (column[row] * column[row]));
  return sum;
}

void InitialVelocities::scale(const ExactSum& total, double temperature, double mass) {
  const double squares = total.value();
  const double degrees = degrees_of_freedom(static_cast<int>(columns_.size()), boundary_, count_,
                                            /*bath_takes_momentum=*/false, fields_);
  const bool is_at_rest = temperature == 0.0 || degrees == 0.0 || squares == 0.0;
  const double factor = is_at_rest ? 0.0 : std::sqrt(degrees * temperature / mass / squares);

  const double unit = std::ldexp(1.0, -grid_bits_);
  const double thermal = std::sqrt(temperature / (least_mass_ * mass));
  // A mean that was taken off may be as large as a number that was drawn.
  const double fastest =
      std::min(2.0 * greatest_drawn * factor / std::sqrt(least_mass_), std::sqrt(degrees) * thermal);
  const double slowest_thermal = std::sqrt(temperature / (most_mass_ * mass));
  const bool is_too_narrow = !is_at_rest && !(fastest < std::ldexp(unit, 51));
  const bool is_too_coarse = !is_at_rest && slowest_thermal < std::ldexp(unit, 20);
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

InitialVelocities::Remainder InitialVelocities::remainder() const {
  if (mixture_ == nullptr) return {.mass = 1.0, .count = count_};
  return {.mass = least_mass_, .count = mixture_->count_of(static_cast<std::size_t>(lightest_))};
}

/// A particle's number among those that the remainder is taken off; below 0 for others.
std::int64_t InitialVelocities::number_in_remainder(std::size_t row) const {
  if (mixture_ == nullptr) return static_cast<std::int64_t>(number(ids_[row]));
  if (masses_[row] != least_mass_) return -1;
  const SpeciesPlace place = mixture_->place_of(ids_[row]);
  return place.species == lightest_ ? place.number : -1;
}

void InitialVelocities::remove_remainder(const std::array<ExactSum, 3>& total) {
  if (count_ == 0) return;
  const double unit = std::ldexp(1.0, -grid_bits_);
  const Remainder from = remainder();
  std::array<std::int64_t, 3> left{};
  for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
    if (!keeps(axis)) continue;
    const double units = total[axis].value() / unit / from.mass;
    ensure(std::abs(units) < 0x1p53, "what is left of the momentum is a number of units that can be counted");
    left[axis] = std::llround(units);  // of one species a whole number
  }
  for (std::size_t row = 0; row < ids_.size(); ++row) {
    const std::int64_t place = number_in_remainder(row);
    if (place < 0) continue;
    for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
      const std::int64_t from_all = left[axis] / from.count;
      const std::int64_t more = left[axis] % from.count;
      double& v = columns_[axis][row];
      v -= static_cast<double>(from_all) * unit;
      if (place < std::abs(more)) v -= more < 0 ? -unit : unit;
    }
  }
}

}  // namespace orrery
