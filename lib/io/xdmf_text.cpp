#include "io/xdmf_text.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/error.hpp"
#include "core/number_text.hpp"

namespace orrery {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

template <class... Parts>
std::string joined(const Parts&... parts) {
  std::string out;
  (out.append(parts), ...);
  return out;
}

std::string numbers(std::span<const std::int64_t> values) {
  std::string out;
  for (const std::int64_t value : values) {
    if (!out.empty()) out += ' ';
    out += std::to_string(value);
  }
  return out;
}

/// Type and size as the reader is to have the numbers. It knows no whole numbers of 8 bytes without a sign:
/// such come as with a sign, converted by HDF5.
std::string_view number_type(ElementType type) {
  switch (type) {
    case ElementType::float32:
      return R"(NumberType="Float" Precision="4")";
    case ElementType::float64:
      return R"(NumberType="Float" Precision="8")";
    case ElementType::int32:
      return R"(NumberType="Int" Precision="4")";
    default:
      return R"(NumberType="Int" Precision="8")";
  }
}

std::string heavy_data(const StoredField& field, std::span<const std::int64_t> extents,
                       const std::string& name) {
  return joined(R"(<DataItem Format="HDF" )", number_type(*field.type), R"( Dimensions=")", numbers(extents),
                R"(">)", escaped(name), ":", escaped(field.dataset), "</DataItem>");
}

/// One frame of a data set of frames: start, stride and count along each of its axes.
std::string hyperslab(const StoredField& field, std::int64_t frame, const std::string& name) {
  const std::size_t rank = field.extents.size();
  std::vector<std::int64_t> selection(3 * rank, 1);
  std::fill_n(selection.begin(), rank, 0);
  selection[0] = frame;
  std::copy(field.extents.begin() + 1, field.extents.end(),
            selection.begin() + 2 * static_cast<std::ptrdiff_t>(rank) + 1);
  // The frames so far, not those of the whole file: else each new one would change the text of all others.
  // The reader takes the true extent from the file.
  std::vector<std::int64_t> extents = field.extents;
  extents[0] = frame + 1;
  return joined(R"(<DataItem ItemType="HyperSlab" Dimensions=")", numbers(std::span(extents).subspan(1)),
                R"("><DataItem Format="XML" NumberType="Int" Dimensions="3 )", std::to_string(rank), R"(">)",
                numbers(selection), "</DataItem>", heavy_data(field, extents, name), "</DataItem>");
}

/// The kind of attribute that `components` numbers a particle are. Two become a vector in the plane.
std::string_view attribute_type(int components) {
  switch (components) {
    case 1:
      return "Scalar";
    case 2:
    case 3:
      return "Vector";
    case 9:
      return "Tensor";
    default:
      return "Matrix";
  }
}

std::string attribute(const StoredField& field, int components, const std::string& data) {
  return joined(R"(    <Attribute Name=")", escaped(field.name), R"(" AttributeType=")",
                attribute_type(components), R"(" Center="Node">)", data, "</Attribute>\n");
}

/// @param leading_extents  axes before those of a particle's numbers, particles last
bool can_be_named(const StoredField& field, std::size_t leading_extents, std::int64_t particles) {
  return field.type && field.extents.size() >= leading_extents &&
         field.extents[leading_extents - 1] == particles && field.components(leading_extents) > 0 &&
         xdmf_name_problem(field.dataset).empty();
}

}  // namespace

std::string xdmf_path_of(const std::string& trajectory) {
  // ParaView gives *.xdmf to a reader that cannot select a frame, and *.xdmf2 to the one that can.
  return std::filesystem::path(trajectory).replace_extension(".xdmf2").string();
}

std::string xdmf_name_problem(const std::string& name) {
  if (name.empty()) return "it is empty";
  if (name.front() == ' ' || name.back() == ' ') return "it begins or ends with a blank";
  for (const char c : name) {
    if (c == ':' || c == '\\') return std::string("there is a '") + c + "' in it";
    if (c < ' ' || c > '~') return "there are characters in it that are not printable ASCII";
  }
  return "";
}

std::string xdmf_opening(const TrajectoryDescription& trajectory) {
  return joined(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!-- How to read an H5MD trajectory; for the \"XDMF Reader\" of ParaView, not \"Xdmf3 Reader\". -->\n"
      "<Xdmf Version=\"2.0\"><Domain>\n"
      "<Grid Name=\"",
      xdmf_name_problem(trajectory.group).empty() ? escaped(trajectory.group) : "particles",
      "\" GridType=\"Collection\" CollectionType=\"Temporal\">\n");
}

std::string xdmf_frame(const TrajectoryDescription& trajectory, const std::string& name, std::int64_t frame,
                       std::int64_t step, double time) {
  std::string text =
      joined("  <Grid Name=\"step ", std::to_string(step), "\" GridType=\"Uniform\">\n    <Time Value=\"",
             to_text(time),
             "\"/>\n    <Topology TopologyType=\"Polyvertex\" NodesPerElement=\"1\" NumberOfElements=\"",
             std::to_string(trajectory.particles), "\"/>\n    <Geometry GeometryType=\"",
             trajectory.axes == 3 ? "XYZ" : "XY", "\">",
             hyperslab(trajectory.quantities.front(), frame, name), "</Geometry>\n");
  // Of no particles the reader takes positions, from which it learns that there are none, and nothing else.
  if (trajectory.particles == 0) return text + "  </Grid>\n";
  for (const auto& quantity : std::span(trajectory.quantities).subspan(1)) {
    if (can_be_named(quantity, 2, trajectory.particles))
      text += attribute(quantity, quantity.components(2), hyperslab(quantity, frame, name));
  }
  for (const auto& column : trajectory.columns) {
    if (can_be_named(column, 1, trajectory.particles))
      text += attribute(column, column.components(1), heavy_data(column, column.extents, name));
  }
  return text + "  </Grid>\n";
}

std::string xdmf_closing(std::int64_t count) {
  // The reader crashes on a collection of nothing, and on a geometry without data. A point is three numbers,
  // so one is no point.
  const char* const placeholder =
      "  <Grid Name=\"no frame yet\" GridType=\"Uniform\"><Topology TopologyType=\"Polyvertex\" "
      "NodesPerElement=\"1\" NumberOfElements=\"0\"/><Geometry GeometryType=\"XYZ\"><DataItem Format=\"XML\" "
      "NumberType=\"Float\" Precision=\"8\" Dimensions=\"1\">0</DataItem></Geometry></Grid>\n";
  return std::string(count == 0 ? placeholder : "") + "</Grid>\n</Domain></Xdmf>\n";
}

std::string xdmf_text(const TrajectoryDescription& trajectory, const std::string& name,
                      std::span<const std::int64_t> steps, std::span<const double> times) {
  ensure(steps.size() == times.size(), "a step and a time for each frame");
  std::string text = xdmf_opening(trajectory);
  for (std::size_t frame = 0; frame < steps.size(); ++frame)
    text += xdmf_frame(trajectory, name, static_cast<std::int64_t>(frame), steps[frame], times[frame]);
  return text + xdmf_closing(static_cast<std::int64_t>(steps.size()));
}

}  // namespace orrery
