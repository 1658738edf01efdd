#include "distances/read_points.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/guard.hpp"
#include "io/open_source.hpp"
#include "io/start_format.hpp"
#include "io/trajectory_reader.hpp"

namespace orrery {
namespace {

/// Rows read at once.
constexpr std::int64_t slice_rows = 1 << 16;

[[noreturn]] void refuse(const DistanceOptions& options, const std::string& problem) {
  throw Error(ExitCode::input_data, "'" + options.points + "': " + problem);
}

/// Edges by the lattice of an XYZ file.
std::vector<double> edges_of(const DistanceOptions& options, const StoredStart& start) {
  if (!start.box) throw Error(ExitCode::usage, "option --box frame: '" + options.points + "' tells no box");
  if (!start.box->problem.empty())
    refuse(options,
           start.box->place + ": " + start.box->problem + "; distances in such a box are not offered");
  std::vector<double> edges;
  for (std::size_t axis = 0; axis < start.box->lengths.size(); ++axis)
    edges.push_back(start.box->boundary[axis] == StoredBoundary::periodic ? start.box->lengths[axis] : 0.0);
  return edges;
}

PointFile read_text(const DistanceOptions& options) {
  if (options.frame_number() >= 0)
    throw Error(ExitCode::usage, "option --frame: a table has no frames, and of XYZ the last is read");
  const auto opened = open_points(options.points);
  RowReader& reader = *opened;
  PointFile points;
  points.origin = options.points;
  points.columns.resize(static_cast<std::size_t>(reader.axes()));
  ParticleRows rows(reader.axes(), 0, 0);
  for (std::int64_t first = 0; first < reader.count(); first += slice_rows) {
    reader.read_next(std::min(slice_rows, reader.count() - first), rows);
    for (std::size_t axis = 0; axis < points.columns.size(); ++axis)
      points.columns[axis].insert(points.columns[axis].end(), rows.position[axis].begin(),
                                  rows.position[axis].end());
  }
  if (options.box_of_frame()) points.edges = edges_of(options, reader.start());
  return points;
}

void append_rows(const std::vector<double>& rows, std::vector<std::vector<double>>& columns) {
  const std::size_t axes = columns.size();
  for (std::size_t at = 0; at < rows.size(); ++at) columns[at % axes].push_back(rows[at]);
}

/// The box of a frame, if it is one that these distances can have.
std::vector<double> edges_of(const DistanceOptions& options, const TrajectoryReader& reader,
                             std::int64_t frame) {
  const TrajectoryDescription& about = reader.description();
  const auto axes = static_cast<std::size_t>(about.axes);
  const auto stored = reader.read_edges(frame);
  if (!stored || about.boundary.size() < axes || about.box_axes < about.axes)
    refuse(options,
           "/particles/" + about.group +
               "/box has no edges for this frame with a boundary for each axis; use --box with lengths");
  const auto& edges = *stored;
  std::vector<double> found;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const bool periodic = about.boundary[axis] == "periodic";
    const double edge = edges[4 * axis];
    if (periodic && !(edge > 0.0 && std::isfinite(edge)))
      refuse(options, "an edge of the box is not a length above 0");
    for (std::size_t other = 0; other < axes; ++other) {
      if (other != axis && (edges[3 * axis + other] != 0.0))
        refuse(options,
               "the edges of the box are not along the axes; distances in such a box are not offered");
    }
    found.push_back(periodic ? edge : 0.0);
  }
  return found;
}

/// @param alive  in a child process: called now and then, and the points are not kept
PointFile read_trajectory(const DistanceOptions& options, const SignOfLife& alive) {
  const TrajectoryReader reader(options.points, options.group);
  if (alive) allow_memory(reader.working_memory());
  const TrajectoryDescription& about = reader.description();
  if (about.valid_frames == 0) refuse(options, "it holds no complete frame");
  const std::int64_t wanted = options.frame_number();
  if (wanted >= about.valid_frames)
    throw Error(ExitCode::usage, "option --frame: '" + options.points + "' has frames 0 to " +
                                     std::to_string(about.valid_frames - 1));
  const std::int64_t frame = wanted < 0 ? about.valid_frames - 1 : wanted;
  PointFile points;
  points.origin = options.points + ", frame " + std::to_string(frame);
  points.columns.resize(static_cast<std::size_t>(about.axes));
  const StoredField& position = about.quantities.front();
  std::vector<double> rows;
  for (std::int64_t first = 0; first < about.particles; first += slice_rows) {
    reader.read_numbers(position, frame, first, std::min(slice_rows, about.particles - first),
                        TrajectoryReader::all_components, rows);
    if (alive) alive();
    if (!alive) append_rows(rows, points.columns);
  }
  if (options.box_of_frame()) points.edges = edges_of(options, reader, frame);
  for (std::size_t axis = 0; axis < points.columns.size(); ++axis) {
    const auto& column = points.columns[axis];
    const auto bad = std::find_if(column.begin(), column.end(), [](double x) { return !std::isfinite(x); });
    if (bad != column.end())
      refuse(options, "frame " + std::to_string(frame) + ": " + "xyz"[axis] + " of point " +
                          std::to_string(bad - column.begin()) + " is not a finite number");
  }
  return points;
}

/// Lets a child process read the file first: on a damaged one the library may crash or hang.
PointFile read_guarded(const DistanceOptions& options) {
  const std::string called = "'" + options.points + "'";
  try_in_child(called, [&](const SignOfLife& alive) { read_trajectory(options, alive); });
  return read_trajectory(options, nullptr);
}

/// Lengths of the command line for the axes that the points have.
std::vector<double> fitted(std::vector<double> edges, const PointFile& points) {
  const std::size_t axes = points.columns.size();
  if (edges.size() == 1) edges.resize(axes, edges[0]);
  const auto is_flat = [](const std::vector<double>& z) {
    return std::all_of(z.begin(), z.end(), [&z](double value) { return value == z.front(); });
  };
  // Trajectories of points in a plane have a third axis all the same.
  if (edges.size() == 2 && axes == 3 && is_flat(points.columns[2])) edges.push_back(0.0);
  if (edges.size() != axes)
    throw Error(ExitCode::usage, "option --box: " + std::to_string(edges.size()) +
                                     " lengths, but the points have " + std::to_string(axes) +
                                     (axes == 1 ? " axis" : " axes"));
  return edges;
}

void refuse_too_far_apart(const DistanceOptions& options, const PointFile& points) {
  const double most = PointSet(points.columns, points.edges).greatest_possible(options.metric);
  if (!std::isfinite(most))
    refuse(options,
           "the points are so far apart that double precision has no numbers for the distances; "
           "use a larger unit of length");
  constexpr double most_single = 3.4028234e38;
  if (options.precision == ElementType::float32 && most > most_single)
    refuse(options,
           "the points are so far apart that single precision has no numbers for the distances; "
           "use --precision double");
}

}  // namespace

PointFile read_point_file(const DistanceOptions& options) {
  const auto format = start_format_of(options.points);
  if (format == StartFormat::unknown)
    throw Error(ExitCode::input_data,
                "cannot tell the format of '" + options.points + "'; its name must end in " + start_endings);
  PointFile points = format == StartFormat::h5md ? read_guarded(options) : read_text(options);
  const auto edges = options.box_edges();
  if (!edges.empty()) points.edges = fitted(edges, points);
  refuse_too_far_apart(options, points);
  return points;
}

void push_points(const Communicator& ranks, PointFile& points) {
  std::int64_t axes = std::ssize(points.columns);
  ranks.push(axes);
  points.columns.resize(static_cast<std::size_t>(axes));
  for (auto& column : points.columns) ranks.push(column);
  ranks.push(points.edges);
  ranks.push(points.origin);
}

}  // namespace orrery
