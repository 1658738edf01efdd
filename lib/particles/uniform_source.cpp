#include "particles/uniform_source.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "particles/random_numbers.hpp"

namespace orrery {
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
    draw_uniform(stream, first_id, rows.size(), columns[column], columns[column + 1]);
  }
}

}  // namespace orrery
