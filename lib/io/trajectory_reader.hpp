/// Reads trajectories of any H5MD writer: the one understanding of such files that all commands share.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/input_file.hpp"
#include "io/checksum.hpp"
#include "io/hdf5_handle.hpp"
#include "io/trajectory_description.hpp"
#include "particles/stored_start.hpp"

namespace orrery {

/// An open file. Reads headers when it is made, and numbers when asked. Local; used by one thread.
///
/// A frame is a row of positions that was written. Other quantities have steps of their own, and a row of
/// theirs belongs to the frame of the same step.
///
/// Everything throws `Error` (input_data) that names file and data set.
class TrajectoryReader {
public:
  /// @param group   of particles, below /particles; empty: the only one, or, among several in a file of our
  ///                own, `trajectory`
  /// @param called  the file in messages; empty: its path in quotes
  /// @param chooser how the user chooses a group, for messages, such as "particles.group"
  /// @throws Error also when the file holds no particles, or several groups of them to choose from
  explicit TrajectoryReader(const std::string& path, const std::string& group = "",
                            const std::string& called = "", const std::string& chooser = "--group");

  const TrajectoryDescription& description() const { return description_; }
  /// Of the file that is open.
  FileIdentity identity() const;
  /// Memory that reading may take beside what there is, which a child process is to be allowed [bytes].
  std::uint64_t working_memory() const;

  /// The quantity or column of a name; nothing where there is none.
  const StoredField* find(const std::string& name) const;
  /// The row of a quantity that belongs to a frame; nothing where its step is not among those of the
  /// quantity.
  std::optional<std::int64_t> row_of(const StoredField& quantity, std::int64_t frame) const;
  /// Whether a field is whole numbers, or an enumeration of them.
  bool is_whole(const StoredField& field) const;

  /// Rows [first, first + count) of a field, as the file has them: count times components elements of its
  /// type.
  /// @pre `row_of` has a row for a field that is not stored once; the frame does not matter for one that is
  void read_rows(const StoredField& field, std::int64_t frame, std::int64_t first, std::int64_t count,
                 std::vector<std::byte>& rows) const;
  /// The same, of a row of a quantity that may belong to no frame.
  void read_stored_rows(const StoredField& quantity, std::int64_t row, std::int64_t first, std::int64_t count,
                        std::vector<std::byte>& rows) const;
  /// Rows of a column, likewise.
  void read_column(const StoredField& column, std::int64_t first, std::int64_t count,
                   std::vector<std::byte>& rows) const;
  /// All components of rows of a field, or one of them, converted to double.
  void read_numbers(const StoredField& field, std::int64_t frame, std::int64_t first, std::int64_t count,
                    int component, std::vector<double>& numbers) const;
  static constexpr int all_components = -1;
  /// Ids of rows. @throws Error naming an id that is below 0 or above 2^63 - 1
  void read_ids(const StoredField& field, std::int64_t frame, std::int64_t first, std::int64_t count,
                std::vector<std::uint64_t>& ids) const;

  /// Numbers of frames. @pre steps: has_steps; times: has_times
  std::vector<std::int64_t> read_steps(std::int64_t first, std::int64_t count) const;
  std::vector<double> read_times(std::int64_t first, std::int64_t count) const;
  std::vector<double> read_diagnostic(const std::string& name, std::int64_t first, std::int64_t count) const;
  /// The components of the box's edges at a frame, a row for each edge, with zeros for axes that the file
  /// does not have; nothing where there are none for its step.
  std::optional<std::array<double, 9>> read_edges(std::int64_t frame) const;
  /// The box at a frame; nothing where the file has none.
  std::optional<StoredBox> read_box(std::int64_t frame) const;

  /// Fills in the names of units that the file carries.
  void read_units(StoredStart& start) const;

  /// What the rows of `/run/checksums/frames` or `/run/checksums/constants` are of, and their values.
  struct Checksums {
    std::vector<std::string> of;
    std::vector<std::uint64_t> values;
  };
  Checksums read_frame_checksums(std::int64_t frame) const;
  Checksums read_constant_checksums() const;
  /// Rows of `/run/checksums/frames`, which may be one more than frames are counted.
  std::int64_t checksummed_frames() const;
  /// What `/run/valid_frames` says now, which may be more than it said when the file was opened.
  std::int64_t frames_counted_now() const;

private:
  void describe(const std::string& group, const std::string& chooser);
  void find_group(const std::string& wanted, const std::string& chooser);
  void describe_fields();
  void describe_field_names();
  void set_clocks();
  StepClock clock_of(const StoredField& field);
  StepClock listed_clock(const Hdf5Handle& steps, const std::string& dataset, std::int64_t rows);
  StepClock written_part(const StoredField& field, StepClock clock) const;
  bool is_fill(const StoredField& field, std::int64_t row) const;
  void refuse_false_claims() const;
  void describe_frames();
  void describe_times();
  void describe_box();
  std::optional<std::array<double, 3>> read_origin(std::int64_t frame) const;
  void describe_last_frame();
  void describe_run();
  StoredField stored_field(const std::string& name, const std::string& dataset) const;
  std::int64_t series_length(const std::string& dataset);
  /// Frames that times are told of: all, where the file holds their increment only.
  std::int64_t times_told();
  const Hdf5Handle& open(const std::string& dataset) const;
  void read_block_of(const StoredField& field, std::optional<std::int64_t> row, std::int64_t first,
                     std::int64_t count, std::vector<std::byte>& rows) const;
  std::optional<std::int64_t> row_for(const StoredField& field, std::int64_t frame) const;
  const StepClock& frames() const { return *description_.quantities.front().clock; }
  [[noreturn]] void refuse(const std::string& problem) const;
  /// The result of an action; what HDF5 throws becomes a fault of the file.
  template <class Action>
  auto reading(const Action& action) const {
    try {
      return action();
    } catch (const Hdf5Error& error) {
      refuse(error.what());
    }
  }

  std::string path_;
  std::string called_;
  Hdf5Handle file_;
  TrajectoryDescription description_;
  std::string root_;                                ///< "/particles/<group>/"
  std::optional<StoredField> edges_;                ///< of the box
  mutable std::map<std::string, Hdf5Handle> open_;  ///< data sets that were read
  mutable std::uint64_t most_chunk_ = 0;            ///< of these [bytes]
};

}  // namespace orrery
