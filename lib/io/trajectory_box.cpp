// The box of a file's particles.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_layout.hpp"
#include "io/hdf5_read.hpp"
#include "io/trajectory_reader.hpp"

namespace orrery {

/// Edges have four forms: a number for each axis or a matrix, once or at steps.
void TrajectoryReader::describe_box() {
  TrajectoryDescription& d = description_;
  d.boundary = texts_of(file_.get(), root_ + "box", "boundary");
  const std::string path = root_ + "box/edges";
  const bool is_once = is_dataset(file_.get(), path);
  if (!is_once && !is_dataset(file_.get(), path + "/value")) return;
  StoredField edges = stored_field("edges", is_once ? path : path + "/value");
  edges.is_once = is_once;
  const std::size_t first = is_once ? 0 : 1;
  const std::size_t rank = edges.extents.size() - std::min(first, edges.extents.size());
  const auto axes = rank > 0 ? edges.extents[first] : 0;
  if (!edges.type || rank < 1 || rank > 2 || axes < 1 || axes > 3 || edges.extents.back() != axes) {
    d.problems.push_back(edges.dataset + " is neither a length for each axis nor a matrix of them");
    return;
  }
  d.box_axes = static_cast<int>(axes);
  if (!is_once) {
    const std::string steps = path + "/step", of_positions = root_ + "position/step";
    H5O_info_t mine{}, theirs{};
    const bool is_shared =
        is_dataset(file_.get(), steps) && is_dataset(file_.get(), of_positions) &&
        H5Oget_info_by_name2(file_.get(), steps.c_str(), &mine, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        H5Oget_info_by_name2(file_.get(), of_positions.c_str(), &theirs, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        mine.addr == theirs.addr;
    const auto positions = d.quantities.front().clock;
    if (is_shared && edges.extents[0] >= positions->frames()) {
      edges.clock = positions;
    } else {
      edges.clock = std::make_shared<StepClock>(clock_of(edges));
    }
    if (d.says_valid_frames && edges.clock->frames() < d.valid_frames)
      d.problems.push_back(edges.dataset + " holds fewer rows than frames are complete");
  }
  edges_ = std::move(edges);
}

std::optional<std::array<double, 9>> TrajectoryReader::read_edges(std::int64_t frame) const {
  return reading([&]() -> std::optional<std::array<double, 9>> {
    if (!edges_) return std::nullopt;
    std::vector<hsize_t> start, count;
    if (!edges_->is_once) {
      const auto row = row_of(*edges_, frame);
      if (!row) return std::nullopt;
      start.push_back(static_cast<hsize_t>(*row));
      count.push_back(1);
    }
    const auto axes = static_cast<std::size_t>(std::clamp(description_.box_axes, 1, 3));
    const bool is_matrix = edges_->extents.size() == start.size() + 2;
    for (std::size_t axis = 0; axis < (is_matrix ? 2U : 1U); ++axis) {
      start.push_back(0);
      count.push_back(axes);
    }
    std::array<double, 9> stored{}, edges{};
    read_block(open(edges_->dataset), ElementType::float64, start, count, stored.data(),
               "cannot read " + edges_->dataset);
    for (std::size_t row = 0; row < axes; ++row) {
      if (!is_matrix) edges[4 * row] = stored[row];
      for (std::size_t column = 0; is_matrix && column < axes; ++column)
        edges[3 * row + column] = stored[axes * row + column];
    }
    return edges;
  });
}

std::optional<StoredBox> TrajectoryReader::read_box(std::int64_t frame) const {
  const std::string group = root_ + "box";
  if (!is_group(file_.get(), group)) return std::nullopt;
  StoredBox box;
  box.axes = edges_ ? description_.box_axes : description_.axes;
  box.place = edges_ ? edges_->dataset : group;
  const auto edges = read_edges(frame);
  const auto axes = static_cast<std::size_t>(box.axes);
  for (std::size_t axis = 0; axis < axes && axis < description_.boundary.size(); ++axis)
    box.boundary[axis] =
        description_.boundary[axis] == "periodic" ? StoredBoundary::periodic : StoredBoundary::none;
  if (!edges) {
    box.problem = edges_ ? box.place + " has no row for the step of the positions" : group + " has no edges";
    return box;
  }
  for (std::size_t row = 0; row < axes; ++row) {
    box.lengths[row] = (*edges)[4 * row];
    if (!(box.lengths[row] > 0.0) || !std::isfinite(box.lengths[row]))
      box.problem = box.place + ": an edge is not a length above 0";
    for (std::size_t column = 0; column < axes; ++column)
      if (row != column && (*edges)[3 * row + column] != 0.0)
        box.problem = box.place + ": the edges are not along the axes, which a run cannot have";
  }
  box.origin = read_origin(frame);
  return box;
}

/// The lower corner of the box: a data set or an attribute `origin`, or `offset`, as some programs call it.
std::optional<std::array<double, 3>> TrajectoryReader::read_origin(std::int64_t frame) const {
  return reading([&]() -> std::optional<std::array<double, 3>> {
    const auto axes = static_cast<std::size_t>(edges_ ? description_.box_axes : description_.axes);
    std::array<double, 3> origin{};
    for (const char* const name : {"origin", "offset"}) {
      const auto texts = texts_of(file_.get(), root_ + "box", name);
      if (texts.size() == axes) {
        for (std::size_t axis = 0; axis < axes; ++axis)
          origin[axis] = parse_double(texts[axis]).value_or(0.0);
        return origin;
      }
      const std::string path = root_ + "box/" + name;
      const bool is_once = is_dataset(file_.get(), path);
      if (!is_once && !is_dataset(file_.get(), path + "/value")) continue;
      const std::string dataset = is_once ? path : path + "/value";
      const auto extents = extents_of(open(dataset).get());
      if (!element_type_of(open(dataset)) || extents.size() != (is_once ? 1U : 2U) || extents.back() != axes)
        continue;
      std::vector<hsize_t> start, count;
      if (!is_once) {
        // Rows as those of the edges.
        const auto row = edges_ && !edges_->is_once ? row_of(*edges_, frame) : std::optional(frame);
        if (!row || *row >= static_cast<std::int64_t>(extents[0])) continue;
        start.push_back(static_cast<hsize_t>(*row));
        count.push_back(1);
      }
      start.push_back(0);
      count.push_back(axes);
      read_block(open(dataset), ElementType::float64, start, count, origin.data(), "cannot read " + dataset);
      return origin;
    }
    return std::nullopt;
  });
}

}  // namespace orrery
