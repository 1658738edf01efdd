#include "io/text_reader.hpp"

#include <algorithm>

namespace orrery {

void TextReader::note_unused(const std::vector<std::string>& names) {
  if (names.empty()) return;
  constexpr std::size_t max_named = 12;
  std::string text;
  for (std::size_t index = 0; index < std::min(names.size(), max_named); ++index)
    text += (index == 0 ? "'" : ", '") + names[index] + "'";
  if (names.size() > max_named) text += " and " + std::to_string(names.size() - max_named) + " more";
  start_.notes.push_back("'" + file() + "': " + (names.size() == 1 ? "column " : "columns ") + text +
                         (names.size() == 1 ? " is not used" : " are not used"));
}

void TextReader::rewind() {
  lines_.rewind();
  next_row_ = 0;
  for (std::string_view line; lines_.number() < first_line_ && lines_.next(line);) {
  }
}

void TextReader::read_next(std::int64_t count, ParticleRows& rows) {
  rows.resize(static_cast<std::size_t>(count));
  look([&] {
    std::string_view line;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (!next_row(line)) lines_.refuse("the file became shorter while it was read");
      const auto& fields = splitter_.split(line, separator_);
      if (fields.size() != rows_.names().size()) {
        throw TextProblem(std::to_string(fields.size()) + " values, but " + columns_are_ +
                          std::to_string(rows_.names().size()) + " columns");
      }
      rows_.take(fields, next_row_, rows, row);
      ++next_row_;
    }
  });
}

}  // namespace orrery
