/// Reads trajectories of any H5MD writer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5_handle.hpp"
#include "io/trajectory_description.hpp"

namespace orrery {

/// An open file. Reads headers when it is made, and numbers when asked. Local; used by one thread.
///
/// Everything throws `Error` (input_data) that names file and data set.
class TrajectoryReader {
public:
  /// @throws Error also when the file holds no H5MD particles
  explicit TrajectoryReader(const std::string& path);

  const TrajectoryDescription& description() const { return description_; }

  /// Rows [first, first + count) of a per-frame quantity, as the file has them: count times components
  /// elements of its type.
  void read_rows(const StoredField& quantity, std::int64_t frame, std::int64_t first, std::int64_t count,
                 std::vector<std::byte>& rows) const;
  /// Rows of a constant column, likewise.
  void read_column(const StoredField& column, std::int64_t first, std::int64_t count,
                   std::vector<std::byte>& rows) const;
  /// Elements of a data set of single numbers, one a frame, converted.
  std::vector<std::int64_t> read_steps(std::int64_t first, std::int64_t count) const;
  std::vector<double> read_times(std::int64_t first, std::int64_t count) const;
  std::vector<double> read_diagnostic(const std::string& name, std::int64_t first, std::int64_t count) const;
  /// The nine components of the box's edges at a frame; zeros where there are none.
  std::array<double, 9> read_edges(std::int64_t frame) const;

  /// What the rows of `/run/checksums/frames` or `/run/checksums/constants` are of, and their values.
  struct Checksums {
    std::vector<std::string> of;
    std::vector<std::uint64_t> values;
  };
  Checksums read_frame_checksums(std::int64_t frame) const;
  Checksums read_constant_checksums() const;

private:
  void describe();
  void find_group();
  void describe_fields();
  void describe_frames();
  void describe_last_frame();
  void describe_run();
  StoredField stored_field(const std::string& name, const std::string& dataset) const;
  std::int64_t series_length(const std::string& dataset);
  std::int64_t clock_length(const std::string& name);
  /// Whether H5MD's short form is used: one number, by which each frame's is larger than the one before.
  bool is_fixed(const std::string& dataset) const;
  template <class Number>
  std::vector<Number> read_clock(const std::string& name, ElementType type, std::int64_t first,
                                 std::int64_t count) const;
  [[noreturn]] void refuse(const std::string& problem) const;
  template <class Action>
  auto reading(const Action& action) const;

  std::string path_;
  Hdf5Handle file_;
  TrajectoryDescription description_;
  std::string root_;  ///< "/particles/<group>/"
};

}  // namespace orrery
