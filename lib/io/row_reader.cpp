#include "io/row_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace orrery {
namespace {

constexpr std::int64_t rows_at_a_time = 1 << 16;

struct IdSurvey {
  bool ascending = true;
  bool consecutive = true;
};

/// Looks at all ids once, and with them at all rows: a file is at fault as a whole before any of it is used.
IdSurvey survey(RowReader& reader) {
  IdSurvey found;
  ParticleRows rows(reader.axes(), reader.parameters(), 0);
  std::uint64_t first = 0;
  std::uint64_t previous = 0;
  for (std::int64_t row = 0; row < reader.count(); row += rows_at_a_time) {
    reader.read_next(std::min(rows_at_a_time, reader.count() - row), rows);
    for (std::size_t index = 0; index < rows.size(); ++index) {
      const std::uint64_t id = number(rows.id[index]);
      const bool is_first = row == 0 && index == 0;
      if (is_first) first = id;
      if (!is_first && id <= previous) found.ascending = false;
      if (id != first + static_cast<std::uint64_t>(row) + index) found.consecutive = false;
      previous = id;
    }
  }
  reader.rewind();
  return found;
}

class FileSource final : public ParticleSource {
public:
  FileSource(std::unique_ptr<RowReader> reader, IdSurvey ids) : reader_(std::move(reader)), ids_(ids) {}

  std::int64_t count() const override { return reader_->count(); }
  bool is_sorted() const override { return ids_.ascending; }
  bool consecutive_ids() const override { return ids_.consecutive; }
  std::string place_of(std::int64_t row) const override { return reader_->place_of(row); }
  std::string file() const override { return reader_->file(); }
  const StoredStart& start() const override { return reader_->start(); }
  void read(Range range, ParticleRows& rows) override {
    ensure(range.begin == next_, "a file is read from front to back");
    reader_->read_next(range.size(), rows);
    next_ = range.end;
  }

private:
  std::unique_ptr<RowReader> reader_;
  IdSurvey ids_;
  std::int64_t next_ = 0;
};

}  // namespace

std::unique_ptr<ParticleSource> source_of(std::unique_ptr<RowReader> reader) {
  const IdSurvey ids = survey(*reader);
  return std::make_unique<FileSource>(std::move(reader), ids);
}

}  // namespace orrery
