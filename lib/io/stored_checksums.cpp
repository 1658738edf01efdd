#include "io/stored_checksums.hpp"

#include <algorithm>
#include <optional>

#include "io/checksum.hpp"

namespace orrery {
namespace {

/// Rows are read in pieces of about this size.
constexpr std::int64_t piece_bytes = std::int64_t{4} << 20;

/// Nothing where the rows of the field cannot be those that were summed.
std::optional<std::uint64_t> checksum_of_rows(const TrajectoryReader& file, const StoredField& field,
                                              std::int64_t frame, const std::function<void()>& alive) {
  const std::int64_t particles = file.description().particles;
  const std::size_t leading = field.leading_extents();
  if (!field.type || field.extents.size() < leading || field.extents[leading - 1] != particles ||
      (!field.is_once && !file.row_of(field, frame)))
    return std::nullopt;
  const std::int64_t row = static_cast<std::int64_t>(size_of(*field.type)) * field.components(leading);
  const std::int64_t piece = std::max<std::int64_t>(piece_bytes / std::max<std::int64_t>(row, 1), 1);
  Checksum sum;
  std::vector<std::byte> rows;
  for (std::int64_t first = 0; first < particles; first += piece) {
    file.read_rows(field, frame, first, std::min(piece, particles - first), rows);
    sum.add(rows);
    alive();
  }
  return sum.value();
}

/// @param found  the checksum of what has a name
std::vector<std::string> mismatches(
    const TrajectoryReader::Checksums& expected, const std::string& where,
    const std::function<std::optional<std::uint64_t>(const std::string&)>& found) {
  std::vector<std::string> problems;
  for (std::size_t index = 0; index < expected.of.size(); ++index) {
    const std::string& name = expected.of[index];
    const auto sum = found(name);
    if (!sum) problems.push_back(where + name + " has a checksum, but is missing or of another shape");
    if (sum && *sum != expected.values[index])
      problems.push_back(where + name + " does not have the checksum it was written with");
  }
  return problems;
}

}  // namespace

std::uint64_t checksum_of_numbers(const TrajectoryReader& file, std::int64_t frame) {
  const TrajectoryDescription& about = file.description();
  std::vector<double> diagnostics;
  for (const auto& [name, last] : about.diagnostics)
    diagnostics.push_back(file.read_diagnostic(name, frame, 1)[0]);
  return checksum_of({.step = about.has_steps ? file.read_steps(frame, 1)[0] : 0,
                      .time = about.has_times ? file.read_times(frame, 1)[0] : 0.0,
                      .edges = file.read_edges(frame).value_or(std::array<double, 9>{}),
                      .diagnostics = diagnostics});
}

std::vector<std::string> mismatches_of_frame(const TrajectoryReader& file, std::int64_t frame,
                                             const std::function<void()>& alive) {
  return mismatches(file.read_frame_checksums(frame), "frame " + std::to_string(frame) + ": ",
                    [&](const std::string& name) -> std::optional<std::uint64_t> {
                      if (name == "numbers") return checksum_of_numbers(file, frame);
                      const StoredField* const field = file.find(name);
                      if (field == nullptr || field->is_once) return std::nullopt;
                      return checksum_of_rows(file, *field, frame, alive);
                    });
}

std::vector<std::string> mismatches_of_constants(const TrajectoryReader& file,
                                                 const std::function<void()>& alive) {
  return mismatches(file.read_constant_checksums(), "",
                    [&](const std::string& name) -> std::optional<std::uint64_t> {
                      if (name == "config") return checksum_of(file.description().configuration);
                      const StoredField* const field = file.find(name);
                      if (field == nullptr || !field->is_once) return std::nullopt;
                      return checksum_of_rows(file, *field, 0, alive);
                    });
}

}  // namespace orrery
