#include "particles/uniform_source.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"

namespace orrery {
namespace {

/// What random numbers are for; the key of their stream. Numbers for different purposes never meet.
enum class Purpose : std::uint32_t { initial_state = 1 };

}  // namespace

std::array<std::uint64_t, 2> random_bits(const RandomStream& stream, std::uint64_t id) {
  const r123::Philox4x32::ctr_type counter{
      {static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32), stream.draw, stream.purpose}};
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(stream.seed), static_cast<std::uint32_t>(stream.seed >> 32)}};
  const auto words = r123::Philox4x32()(counter, key);
  return {words[0] | std::uint64_t{words[1]} << 32, words[2] | std::uint64_t{words[3]} << 32};
}

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
  const auto first_id = static_cast<std::uint64_t>(range.begin);
  for (std::size_t row = 0; row < rows.size(); ++row) rows.id[row] = ParticleId{first_id + row};

  std::vector<UniformColumn> columns;
  for (std::size_t axis = 0; axis < rows.position.size(); ++axis)
    columns.push_back({options_.low[axis], options_.high[axis], rows.position[axis].data()});
  for (std::size_t column = 0; column < ranges_.size(); ++column)
    columns.push_back({ranges_[column].low, ranges_[column].high, rows.parameter[column].data()});
  // Two numbers to a draw: first the position, then the parameters.
  columns.resize((columns.size() + 1) / 2 * 2);
  for (std::size_t column = 0; column < columns.size(); column += 2) {
    const RandomStream stream{options_.seed, static_cast<std::uint32_t>(Purpose::initial_state),
                              static_cast<std::uint32_t>(column / 2)};
    const std::size_t drawn =
        draw_uniform_pairs(stream, first_id, rows.size(), columns[column], columns[column + 1]);
    for (std::size_t row = drawn; row < rows.size(); ++row) {
      const auto bits = random_bits(stream, first_id + row);
      for (std::size_t half = 0; half < 2; ++half) {
        const UniformColumn& to = columns[column + half];
        if (to.out != nullptr) to.out[row] = uniform_number(bits[half], to.low, to.high);
      }
    }
  }
}

}  // namespace orrery
