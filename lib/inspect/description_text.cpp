#include "inspect/description_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>
#include <string>

#include "core/number_text.hpp"
#include "core/printable.hpp"

namespace orrery {
namespace {

void print_line(std::ostream& out, std::string label, const std::string& value) {
  if (value.empty()) return;
  label.resize(13, ' ');
  out << "  " << label << printable(value) << "\n";
}

std::string counted(std::int64_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& texts, const std::string& between) {
  std::string result;
  for (const auto& text : texts) result += (result.empty() ? "" : between) + text;
  return result;
}

/// How a field's rows lie in time, where that is not as the frames of positions do.
std::string rate_text(const StoredField& field, const TrajectoryDescription& d) {
  if (field.is_once) return field.name == "position" ? ", stored once" : "";
  if (field.clock == d.quantities.front().clock || d.says_valid_frames) return "";
  return ", at " + field.clock->text();
}

std::string fields_text(const std::vector<StoredField>& fields, const TrajectoryDescription& d) {
  std::vector<std::string> texts;
  texts.reserve(fields.size());
  for (const auto& field : fields) {
    texts.push_back(field.name + " " + type_text(field) +
                    (field.unit.empty() ? "" : " (" + field.unit + ")") + rate_text(field, d));
  }
  return joined(texts, "; ");
}

std::string range_text(const std::string& first, const std::string& last) {
  return first == last ? first : first + " to " + last;
}

std::string time_text(const TrajectoryDescription& d) {
  if (!d.has_times) return "not told";
  const std::string range = range_text(to_text(d.first_time), to_text(d.last_time));
  if (d.parameter("units") == "reduced") return range + " time units";
  return range + (d.time_unit.empty() ? "" : " (" + d.time_unit + ")");
}

/// The sides of a cuboid, or the three edges of another box.
std::string edges_text(const std::array<double, 9>& e, int axes) {
  const bool is_cuboid =
      e[1] == 0.0 && e[2] == 0.0 && e[3] == 0.0 && e[5] == 0.0 && e[6] == 0.0 && e[7] == 0.0;
  if (is_cuboid) {
    std::string sides = to_text(e[0]);
    for (int axis = 1; axis < axes; ++axis) sides += " x " + to_text(e[4 * static_cast<std::size_t>(axis)]);
    return sides;
  }
  std::string text;
  for (std::size_t row = 0; row < 3; ++row) {
    text += (row == 0 ? "(" : ", (") + to_text(e[3 * row]) + ", " + to_text(e[3 * row + 1]) + ", " +
            to_text(e[3 * row + 2]) + ")";
  }
  return text;
}

std::string box_text(const TrajectoryDescription& d) {
  const std::string boundary = d.boundary.empty() ? "not told" : joined(d.boundary, ", ");
  std::string text = "boundary " + boundary;
  if (d.edges) text += "; edges " + edges_text(*d.edges, d.box_axes);
  if (!d.origin) return text;
  text += "; origin";
  for (int axis = 0; axis < d.box_axes; ++axis)
    text += (axis == 0 ? " " : ", ") + to_text((*d.origin)[static_cast<std::size_t>(axis)]);
  return text;
}

std::string units_text(const TrajectoryDescription& d) {
  const std::string ours = d.parameter("units");
  if (ours == "reduced") {
    return d.time_unit.empty() ? "reduced"
                               : "reduced (those in the file are nominal, for readers that insist on some)";
  }
  return ours.empty() && !d.time_unit.empty() ? "time in " + d.time_unit : ours;
}

std::string law_text(const TrajectoryDescription& d) {
  std::string text = d.parameter("law");
  if (text.empty()) return text;
  if (!d.parameter("method").empty()) text += ", method " + d.parameter("method");
  if (!d.parameter("instruction_set").empty())
    text += ", " + d.parameter("instruction_set") + " instructions";
  return text;
}

std::string origin_text(const TrajectoryDescription& d) {
  std::string text = d.creator.empty() ? "an unnamed program" : d.creator;
  if (!d.parameter("compiler").empty()) text += " (" + d.parameter("compiler") + ")";
  if (!d.parameter("ranks").empty())
    text += ", ranks " + d.parameter("ranks") + ", threads per rank " + d.parameter("threads_per_rank");
  if (!d.parameter("seed").empty()) text += ", seed " + d.parameter("seed");
  return text;
}

std::string formatted(const char* format, double value) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, value);
  return buffer.data();
}

void print_diagnostics(std::ostream& out, const TrajectoryDescription& d) {
  if (d.diagnostics.empty()) return;
  out << "\ndiagnostics at step " << d.last_step << ", time " << to_text(d.last_time) << "\n";
  std::size_t width = 0;
  for (const auto& [name, value] : d.diagnostics) width = std::max(width, name.size());
  for (const auto& [name, value] : d.diagnostics) {
    out << "  " << printable(name) << std::string(width + 2 - name.size(), ' ') << to_text(value) << "\n";
  }
}

void print_timing(std::ostream& out, const TrajectoryDescription& d) {
  if (!d.timing || d.timing->seconds.empty()) return;
  const std::size_t phases = d.timing->phases.size();
  const std::size_t ranks = d.timing->seconds.size() / phases;
  out << "\nphase        seconds over ranks:\n                least      mean      most\n";
  for (std::size_t phase = 0; phase < phases; ++phase) {
    double least = d.timing->seconds[phase], most = least, sum = 0.0;
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      const double seconds = d.timing->seconds[rank * phases + phase];
      least = std::min(least, seconds);
      most = std::max(most, seconds);
      sum += seconds;
    }
    std::string name = printable(d.timing->phases[phase]);
    name.resize(std::max<std::size_t>(name.size(), 11), ' ');
    out << "  " << name << formatted("%8.4f", least) << formatted("%10.4f", sum / static_cast<double>(ranks))
        << formatted("%10.4f", most) << "\n";
  }
  out << "  wall time    " << duration_text(d.timing->wall_seconds) << "\n";
}

void print_configuration(std::ostream& out, const TrajectoryDescription& d) {
  if (d.configuration.empty()) return;
  out << "\nconfiguration\n";
  const std::string text = printable(d.configuration);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) out << "  " << text.substr(begin, end - begin);
    out << "\n";
    begin = end + 1;
  }
}

}  // namespace

std::string element_text(ElementType type) {
  switch (type) {
    case ElementType::float64:
      return "float64";
    case ElementType::float32:
      return "float32";
    case ElementType::int32:
      return "int32";
    case ElementType::int64:
      return "int64";
    case ElementType::uint64:
      return "uint64";
  }
  return "";
}

std::string type_text(const StoredField& field) {
  std::string text;
  for (std::size_t axis = field.leading_extents(); axis < field.extents.size(); ++axis)
    text += (text.empty() ? "[" : "][") + std::to_string(field.extents[axis]);
  return (text.empty() ? "" : text + "] ") + (field.type ? element_text(*field.type) : "no numbers");
}

std::string completeness_text(const TrajectoryDescription& d) {
  std::string text = std::to_string(d.valid_frames);
  const std::int64_t not_written =
      d.quantities.front().is_once ? 0 : d.quantities.front().clock->not_written();
  if (not_written > 0 && !d.says_valid_frames)
    return text + ", and " + counted(not_written, "row") + " that nothing was written to";
  if (!d.planned_frames) {
    if (!d.says_valid_frames) return text + " (the file does not say whether more were planned)";
    return text + " complete";
  }
  text += " of " + std::to_string(*d.planned_frames) + " planned";
  return text + (d.valid_frames == *d.planned_frames
                     ? ", complete"
                     : ", not complete: the run is still going, or was ended");
}

void print_description(std::ostream& out, const TrajectoryDescription& d) {
  out << printable(d.file) << "\n";
  print_line(out, "format",
             "H5MD " + d.h5md_version + ", " + bytes_text(static_cast<double>(d.file_bytes)) +
                 (d.author.empty() ? "" : ", author " + d.author));
  print_line(
      out, "particles",
      std::to_string(d.particles) + " in " + counted(d.axes, "dimension") + ", group /particles/" + d.group);
  if (!d.other_groups.empty())
    print_line(out, "", "not shown: /particles/" + joined(d.other_groups, ", /particles/"));
  print_line(out, "frames", completeness_text(d));
  if (d.valid_frames > 0) {
    if (d.has_steps)
      print_line(out, "steps", range_text(std::to_string(d.first_step), std::to_string(d.last_step)));
    print_line(out, "time", time_text(d));
  }
  print_line(out, "quantities", fields_text(d.quantities, d));
  print_line(out, "columns", fields_text(d.columns, d));
  print_line(out, "box", box_text(d));
  print_line(out, "units", units_text(d));
  print_line(out, "law", law_text(d));
  print_line(out, "made by", origin_text(d));
  print_line(out, "command", d.parameter("command_line"));
  print_line(out, "checksums", d.has_checksums ? "of every frame; --verify compares them" : "none");
  print_diagnostics(out, d);
  print_timing(out, d);
  print_configuration(out, d);
}

}  // namespace orrery
