/// Particles from a text table: a header line, then one line per particle.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/sorted_rows.hpp"
#include "io/text_lines.hpp"
#include "io/text_rows.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Says which columns of a file nobody reads. @pre there are some
std::string note_on_unused(const std::string& file, const std::vector<std::string>& names);

/// Columns may stand in any order: `x`, `y` (and `z`), those of the law, and perhaps `id`; what others there
/// are is said in a note. Values are parted by commas, semicolons, tabs or blanks, whichever the header has,
/// and may be quoted. Blank lines, and lines that begin with #, are passed over; where no other line names
/// columns, the last of these that does is the header. Beside semicolons, commas may stand for decimal
/// points.
class CsvReader final : public RowReader {
public:
  /// Reads the header and counts the rows. @throws Error (input_data) naming file and line
  CsvReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters);
  /// Points alone: `x`, `y`, and `z` where the file has it, in the order of the file. Other columns are
  /// passed over. @throws Error (input_data) naming file and line
  explicit CsvReader(const std::string& file);

  std::int64_t count() const override { return count_; }
  bool has_ids() const override { return rows_.has_ids(); }
  void read_next(std::int64_t count, ParticleRows& rows) override;
  void rewind() override;
  std::string place_of(std::int64_t row) const override;
  int axes() const override { return rows_.axes(); }
  int parameters() const override { return rows_.parameters(); }
  const std::string& file() const override { return lines_.file(); }
  const StoredStart& start() const override { return start_; }

private:
  std::vector<std::string> read_header(const std::string& expected);
  std::vector<std::string> names_in(std::string_view line, Separator separator);
  bool find_separator(std::string_view line, std::vector<std::string>& names);
  bool next_row(std::string_view& line);
  void count_rows();

  TextLines lines_;
  LineSplitter splitter_;
  Separator separator_ = Separator::comma;
  TextRows rows_;
  std::int64_t header_line_ = 0;
  std::int64_t next_row_ = 0;
  std::int64_t count_ = 0;
  StoredStart start_;
};

}  // namespace orrery
