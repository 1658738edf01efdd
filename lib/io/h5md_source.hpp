/// Particles from a frame of an H5MD file, such as an earlier run's trajectory.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "io/row_reader.hpp"
#include "io/trajectory_reader.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Reads positions, what the law needs, and ids where there are any, from the last frame whose step has all
/// of them. Without velocities, particles are at rest. Rows follow ids, which may be stored once or with
/// every frame, as everything else.
class H5mdReader final : public RowReader {
public:
  /// Opens the file and checks what is in it; a file that carries checksums, against those.
  /// @param group  of particles; empty: the only one
  /// @param alive  called now and then
  /// @throws Error (input_data) naming file and data set
  H5mdReader(
      const std::string& file, int axes, std::span<const ParameterColumn> parameters,
      const std::string& group = "", std::function<void()> alive = [] {});

  std::int64_t count() const override { return reader_.description().particles; }
  bool has_ids() const override { return id_ != nullptr; }
  void read_next(std::int64_t count, ParticleRows& rows) override;
  void rewind() override { next_row_ = 0; }
  std::string place_of(std::int64_t row) const override { return "row " + std::to_string(row) + " of id"; }
  int axes() const override { return axes_; }
  int parameters() const override { return static_cast<int>(columns_.size()); }
  const std::string& file() const override { return file_; }
  const StoredStart& start() const override { return start_; }

  const TrajectoryReader& reader() const { return reader_; }

private:
  /// Where the values of a column are.
  struct StoredColumn {
    ParameterColumn column;
    const StoredField* field = nullptr;  ///< none: 0 for all
  };

  void check_positions() const;
  const StoredField* find_field(const ParameterColumn& column) const;
  void find_ids();
  void choose_frame();
  void check_order_of_rows() const;
  void check_checksums();
  void describe_start();
  void read_positions(std::int64_t count, ParticleRows& rows);
  void read_column(const StoredColumn& column, std::span<const ParticleId> ids, std::vector<double>& values);
  void check_finite(const std::string& dataset, std::int64_t row, double value) const;
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string file_;
  int axes_;
  TrajectoryReader reader_;
  std::function<void()> alive_;
  const StoredField& position_;
  std::vector<StoredColumn> columns_;
  const StoredField* id_ = nullptr;
  std::int64_t frame_ = 0;
  std::int64_t next_row_ = 0;
  StoredStart start_;
  std::vector<double> numbers_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace orrery
