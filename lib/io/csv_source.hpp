/// Particles from a text table: a header line, then one line per particle.
#pragma once

#include <fstream>
#include <span>
#include <string>
#include <vector>

#include "io/sorted_rows.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Columns may stand in any order: `x`, `y` (and `z`), those of the law, and perhaps `id`. Blank lines, and
/// lines that begin with #, are passed over; so is the mark that some editors put at the start of UTF-8 text.
/// Numbers have a decimal point.
class CsvReader final : public RowReader {
public:
  /// Reads the header and counts the rows. @throws Error (input_data) naming file and line
  CsvReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters);
  /// Points alone: `x`, `y`, and `z` where the file has it, in the order of the file. Other columns are
  /// passed over. @throws Error (input_data) naming file and line
  explicit CsvReader(const std::string& file);

  std::int64_t count() const override { return count_; }
  bool has_ids() const override { return id_column_ >= 0; }
  void read_next(std::int64_t count, ParticleRows& rows) override;
  void rewind() override;
  std::string place_of(std::int64_t row) const override;
  int axes() const override { return static_cast<int>(position_column_.size()); }
  int parameters() const override { return static_cast<int>(parameter_column_.size()); }
  const std::string& file() const override { return file_; }

private:
  /// @param what  what the file is called in messages, such as "particles.file 'p.csv'"
  void open(const std::string& what);
  void count_rows();
  bool next_line();
  void read_header();
  void read_point_header();
  void parse_line(ParticleRows& rows, std::size_t row);
  ParticleId parse_id();
  [[noreturn]] void refuse(const std::string& problem) const;

  std::string file_;
  std::ifstream stream_;
  std::string line_;
  std::int64_t line_number_ = 0;
  std::int64_t next_row_ = 0;
  std::int64_t count_ = 0;
  std::vector<std::string> names_;  ///< of all columns
  std::vector<std::string_view> fields_;
  std::vector<int> position_column_;
  std::vector<ParameterColumn> parameters_;
  std::vector<int> parameter_column_;
  int id_column_ = -1;
};

}  // namespace orrery
