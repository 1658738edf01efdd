/// What readers of particles from text have in common: a line for each particle, behind a line that begins
/// them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/row_reader.hpp"
#include "io/text_lines.hpp"
#include "io/text_rows.hpp"

namespace orrery {

class TextReader : public RowReader {
public:
  std::int64_t count() const override { return count_; }
  bool has_ids() const override { return rows_.has_ids(); }
  void read_next(std::int64_t count, ParticleRows& rows) override;
  void rewind() override;
  int axes() const override { return rows_.axes(); }
  int parameters() const override { return rows_.parameters(); }
  const std::string& file() const override { return lines_.file(); }
  const StoredStart& start() const override { return start_; }

protected:
  /// @param what  the file in messages
  TextReader(const std::string& file, const std::string& what) : lines_(file, what) {}

  /// Does what may find a problem in the file. @throws Error (input_data) naming file and line
  template <class Look>
  void look(const Look& look) {
    try {
      look();
    } catch (const TextProblem& problem) {
      lines_.refuse(problem.what());
    }
  }

  /// Adds a note that names columns of the file which are not used.
  void note_unused(const std::vector<std::string>& names);

  /// The next line that holds a particle; false at the end.
  virtual bool next_row(std::string_view& line) { return lines_.next(line); }

  TextLines lines_;
  LineSplitter splitter_;
  Separator separator_ = Separator::blanks;
  TextRows rows_;
  std::int64_t first_line_ = 0;             ///< behind which rows begin
  std::string columns_are_ = "there are ";  ///< in messages, before "7 columns"
  std::int64_t next_row_ = 0;
  std::int64_t count_ = 0;
  StoredStart start_;
};

}  // namespace orrery
