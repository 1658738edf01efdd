/// Particles from a text table: a header line, then one line per particle.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/text_reader.hpp"
#include "laws/law.hpp"

namespace orrery {

/// Columns may stand in any order: `x`, `y` (and `z`), those of the law, and perhaps `id`; what others there
/// are is said in a note. Values are parted by commas, semicolons, tabs or blanks, whichever the header has,
/// and may be quoted. Blank lines, and lines that begin with #, are passed over; where no other line names
/// columns, the last of these that does is the header. Beside semicolons, commas may stand for decimal
/// points.
class CsvReader final : public TextReader {
public:
  /// Reads the header and counts the rows. @throws Error (input_data) naming file and line
  CsvReader(const std::string& file, int axes, std::span<const ParameterColumn> parameters);
  /// Points alone: `x`, `y`, and `z` where the file has it, in the order of the file. Other columns are
  /// passed over. @throws Error (input_data) naming file and line
  explicit CsvReader(const std::string& file);

  std::string place_of(std::int64_t row) const override;

private:
  std::vector<std::string> read_header(const std::string& expected);
  std::vector<std::string> names_in(std::string_view line, Separator separator);
  bool find_separator(std::string_view line, std::vector<std::string>& names);
  bool next_row(std::string_view& line) override;
  void count_rows();
};

}  // namespace orrery
