#include "particles/uniform_source.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"

namespace orrery {
namespace {

/// What random numbers are for; the key of their stream. Numbers for different purposes never meet.
enum class Purpose : std::uint32_t { initial_state = 1 };

/// Four random 32-bit words, a pure function of all arguments. Key and counter are kept apart: adding seed
/// and id would give neighbouring seeds shifted copies of the same numbers.
std::array<std::uint64_t, 2> random_bits(std::uint64_t seed, Purpose purpose, std::uint64_t id,
                                         std::uint32_t draw) {
  const r123::Philox4x32::ctr_type counter{{static_cast<std::uint32_t>(id),
                                            static_cast<std::uint32_t>(id >> 32), draw,
                                            static_cast<std::uint32_t>(purpose)}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

}  // namespace

double uniform_number(std::uint64_t bits, double low, double high) {
  const double fraction = static_cast<double>(bits >> 11) * 0x1p-53;
  // low + fraction * (high - low) would overflow for a range wider than the largest double.
  return std::clamp(low * (1.0 - fraction) + high * fraction, low, high);
}

UniformSource::UniformSource(const ParticleOptions& options, const std::vector<std::string>& parameters)
    : options_(options) {
  for (const auto& name : parameters) {
    const auto range = std::find_if(options.ranges.begin(), options.ranges.end(),
                                    [&name](const auto& r) { return r.name == name; });
    ensure(range != options.ranges.end(), "every parameter has a range to be drawn from");
    ranges_.push_back(*range);
  }
}

void UniformSource::read(Range range, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(range.size()));
  ensure(rows.position.size() == options_.low.size() && rows.parameter.size() == ranges_.size(),
         "particles are drawn in the plane, with the parameters of their law");
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::uint64_t id = static_cast<std::uint64_t>(range.begin) + row;
    rows.id[row] = ParticleId{id};
    // Two numbers to a draw: first the position, then the parameters.
    const auto place = random_bits(options_.seed, Purpose::initial_state, id, 0);
    for (std::size_t axis = 0; axis < rows.position.size(); ++axis) {
      rows.position[axis][row] = uniform_number(place[axis], options_.low[axis], options_.high[axis]);
    }
    for (std::size_t first = 0; first < ranges_.size(); first += 2) {
      const auto bits =
          random_bits(options_.seed, Purpose::initial_state, id, static_cast<std::uint32_t>(1 + first / 2));
      for (std::size_t column = first; column < std::min(first + 2, ranges_.size()); ++column) {
        rows.parameter[column][row] =
            uniform_number(bits[column - first], ranges_[column].low, ranges_[column].high);
      }
    }
  }
}

}  // namespace orrery
