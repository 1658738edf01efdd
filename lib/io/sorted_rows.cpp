#include "io/sorted_rows.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

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

class AscendingSource final : public ParticleSource {
public:
  AscendingSource(std::unique_ptr<RowReader> reader, bool consecutive)
      : reader_(std::move(reader)), consecutive_(consecutive) {}

  std::int64_t count() const override { return reader_->count(); }
  bool consecutive_ids() const override { return consecutive_; }
  const StoredStart& start() const override { return reader_->start(); }
  void read(Range range, ParticleRows& rows) override {
    ensure(range.begin == next_, "a file is read from front to back");
    reader_->read_next(range.size(), rows);
    next_ = range.end;
  }

private:
  std::unique_ptr<RowReader> reader_;
  bool consecutive_;
  std::int64_t next_ = 0;
};

class SortedSource final : public ParticleSource {
public:
  explicit SortedSource(RowReader& reader)
      : rows_(reader.axes(), reader.parameters(), static_cast<std::size_t>(reader.count())),
        order_(rows_.size()),
        start_(reader.start()) {
    read_all(reader);
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [this](std::size_t a, std::size_t b) {
      return std::pair(rows_.id[a], a) < std::pair(rows_.id[b], b);
    });
    for (std::size_t at = 1; at < order_.size(); ++at) {
      const std::size_t before = order_[at - 1];
      const std::size_t here = order_[at];
      if (rows_.id[before] == rows_.id[here]) {
        throw Error(ExitCode::input_data, reader.file() + ": id " + std::to_string(number(rows_.id[here])) +
                                              " stands twice, at " +
                                              reader.place_of(static_cast<std::int64_t>(before)) + " and " +
                                              reader.place_of(static_cast<std::int64_t>(here)) +
                                              "; every particle needs an id of its own");
      }
    }
    consecutive_ = order_.empty() || number(rows_.id[order_.back()]) - number(rows_.id[order_.front()]) ==
                                         static_cast<std::uint64_t>(order_.size()) - 1;
  }

  std::int64_t count() const override { return std::ssize(order_); }
  bool consecutive_ids() const override { return consecutive_; }
  const StoredStart& start() const override { return start_; }
  void read(Range range, ParticleRows& rows) override {
    rows.resize(static_cast<std::size_t>(range.size()));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::size_t from = order_[static_cast<std::size_t>(range.begin) + row];
      rows.id[row] = rows_.id[from];
      for (std::size_t axis = 0; axis < rows.position.size(); ++axis)
        rows.position[axis][row] = rows_.position[axis][from];
      for (std::size_t column = 0; column < rows.parameter.size(); ++column)
        rows.parameter[column][row] = rows_.parameter[column][from];
    }
  }

  std::size_t bytes() const override { return rows_.bytes() + order_.capacity() * sizeof(std::size_t); }

private:
  /// Slice by slice, as a reader may take as much again for what it reads at a time.
  void read_all(RowReader& reader) {
    ParticleRows slice(reader.axes(), reader.parameters(), 0);
    for (std::int64_t row = 0; row < reader.count(); row += rows_at_a_time) {
      reader.read_next(std::min(rows_at_a_time, reader.count() - row), slice);
      const auto copy = [row](const auto& from, auto& to) {
        std::copy(from.begin(), from.end(), to.begin() + row);
      };
      copy(slice.id, rows_.id);
      for (std::size_t axis = 0; axis < rows_.position.size(); ++axis)
        copy(slice.position[axis], rows_.position[axis]);
      for (std::size_t column = 0; column < rows_.parameter.size(); ++column)
        copy(slice.parameter[column], rows_.parameter[column]);
    }
  }

  ParticleRows rows_;
  std::vector<std::size_t> order_;
  StoredStart start_;
  bool consecutive_ = false;
};

}  // namespace

std::unique_ptr<ParticleSource> in_id_order(std::unique_ptr<RowReader> reader) {
  const IdSurvey ids = survey(*reader);
  if (ids.ascending) return std::make_unique<AscendingSource>(std::move(reader), ids.consecutive);
  return std::make_unique<SortedSource>(*reader);
}

}  // namespace orrery
