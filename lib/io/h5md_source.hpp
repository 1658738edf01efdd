/// Particles from the last valid frame of an H5MD file, such as an earlier run's trajectory.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/hdf5_handle.hpp"
#include "io/sorted_rows.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Reads `/particles/trajectory`: `position/value`, the law's parameter data sets, and `id` where it is
/// present. Whole numbers, such as species, may be stored once or with every frame, as enumeration, too.
class H5mdReader final : public RowReader {
public:
  /// Opens the file and checks what is in it. @throws Error (input_data) naming file and data set
  H5mdReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters);

  std::int64_t count() const override { return count_; }
  bool has_ids() const override { return static_cast<bool>(id_); }
  void read_next(std::int64_t count, ParticleRows& rows) override;
  void rewind() override { next_row_ = 0; }
  std::string place_of(std::int64_t row) const override { return "row " + std::to_string(row) + " of id"; }
  int axes() const override { return axes_; }
  int parameters() const override { return static_cast<int>(parameter_.size()); }
  const std::string& file() const override { return file_; }
  const StoredStart& start() const override { return start_; }

private:
  /// Where the values of a column are.
  struct StoredColumn {
    ParameterColumn column;
    std::string name;
    Hdf5Handle dataset;
    std::size_t extents = 1;  ///< 1: a value for each particle; 2 or 3: for each frame, or component of it
  };

  void open_all(std::span<const ParameterColumn> parameters);
  StoredColumn open_column(const ParameterColumn& column) const;
  StoredColumn open_whole_numbers(const ParameterColumn& column) const;
  void read_column(const StoredColumn& column, std::span<const ParticleId> ids,
                   std::vector<double>& values) const;
  Hdf5Handle open_dataset(const std::string& path) const;
  std::int64_t valid_frames(std::int64_t stored_frames) const;
  void check_finite(const std::string& dataset, std::int64_t row, double value) const;
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string file_;
  int axes_;
  Hdf5Handle handle_;
  Hdf5Handle position_;
  std::vector<StoredColumn> parameter_;
  Hdf5Handle id_;
  std::int64_t count_ = 0;
  std::int64_t frame_ = 0;
  int stored_axes_ = 0;
  std::int64_t next_row_ = 0;
  StoredStart start_;
};

}  // namespace orrery
