#include "inspect/verification.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <span>

#include "core/number_text.hpp"
#include "io/checksum.hpp"
#include "io/stored_checksums.hpp"

namespace orrery {
namespace {

/// Problems that are told one by one: a broken disk can make billions.
constexpr std::size_t most_problems = 20;
/// Rows and series are read in pieces of about this size.
constexpr std::int64_t piece_bytes = std::int64_t{4} << 20;

template <class Number>
std::span<const Number> numbers_in(const std::vector<std::byte>& bytes) {
  // Vectors of bytes are aligned for every number.
  return {reinterpret_cast<const Number*>(bytes.data()), bytes.size() / sizeof(Number)};  // NOLINT
}

template <class Number>
std::optional<std::size_t> first_not_finite(std::span<const Number> numbers) {
  const auto found =
      std::find_if(numbers.begin(), numbers.end(), [](Number number) { return !std::isfinite(number); });
  if (found == numbers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - numbers.begin());
}

std::vector<std::int64_t> ids_in(const std::vector<std::byte>& rows, std::optional<ElementType> type) {
  const auto all = [](const auto& ids) { return std::vector<std::int64_t>(ids.begin(), ids.end()); };
  return type == ElementType::int32 ? all(numbers_in<std::int32_t>(rows))
                                    : all(numbers_in<std::int64_t>(rows));
}

std::optional<std::size_t> first_not_finite(const std::vector<std::byte>& rows, ElementType type) {
  if (type == ElementType::float64) return first_not_finite(numbers_in<double>(rows));
  if (type == ElementType::float32) return first_not_finite(numbers_in<float>(rows));
  return std::nullopt;
}

std::string place_of(std::int64_t frame) {
  return "frame " + std::to_string(frame);
}

class Verifier {
public:
  Verifier(const TrajectoryReader& file, const std::function<void(double)>& progress)
      : file_(file), about_(file.description()), progress_(progress) {}

  Verification result() {
    count_work();
    check_series();
    check_columns();
    if (about_.is_own() && !about_.has_checksums)
      report(
          "/run/checksums is missing, which orrery writes: whether the numbers are as they were written "
          "cannot be told");
    for (const auto& quantity : about_.quantities)
      if (has_rows(quantity) && !goes_with_frames(quantity)) check_own_rows(quantity);
    for (std::int64_t frame = 0; frame < about_.valid_frames; ++frame) check_frame(frame);
    result_.frames = about_.valid_frames;
    return std::move(result_);
  }

private:
  void report(const std::string& problem) {
    if (result_.problems.size() < most_problems) {
      result_.problems.push_back(problem);
    } else {
      ++result_.problems_not_shown;
    }
  }

  bool has_rows(const StoredField& field) const {
    const std::size_t leading = field.leading_extents();
    return field.type && field.extents.size() >= leading && field.extents[leading - 1] == about_.particles;
  }

  static std::int64_t row_bytes(const StoredField& field) {
    return static_cast<std::int64_t>(size_of(*field.type)) * field.components(field.leading_extents());
  }

  /// Whether a quantity has a row for every frame, rather than at steps of its own.
  bool goes_with_frames(const StoredField& quantity) const {
    return about_.says_valid_frames || quantity.is_once || quantity.clock == about_.quantities.front().clock;
  }

  void count_work() {
    std::int64_t per_frame = 1000, once = 0;  // a frame costs something even without particles
    for (const auto& field : about_.quantities)
      if (has_rows(field)) per_frame += about_.particles * row_bytes(field);
    for (const auto& field : about_.columns)
      if (has_rows(field)) once += about_.particles * row_bytes(field);
    work_ =
        static_cast<double>(per_frame) * static_cast<double>(about_.valid_frames) + static_cast<double>(once);
  }

  void did(std::int64_t work) {
    done_ += static_cast<double>(work);
    progress_(work_ > 0.0 ? std::min(done_ / work_, 1.0) : 1.0);
  }

  /// Steps and times, which all frames have.
  void check_series() {
    constexpr std::int64_t piece = piece_bytes / 8;
    std::optional<std::int64_t> step_before;
    std::optional<double> time_before;
    for (std::int64_t first = 0; first < about_.valid_frames; first += piece) {
      const std::int64_t count = std::min(piece, about_.valid_frames - first);
      const auto steps = about_.has_steps ? file_.read_steps(first, count)
                                          : std::vector<std::int64_t>(static_cast<std::size_t>(count));
      const auto times = about_.has_times ? file_.read_times(first, count) : std::vector<double>();
      for (std::size_t index = 0; index < steps.size(); ++index) {
        const auto frame = first + static_cast<std::int64_t>(index);
        if (about_.has_steps) check_order(frame, "step", steps[index], step_before);
        if (times.empty()) continue;
        if (!std::isfinite(times[index])) {
          report(place_of(frame) + ": its time is " + to_text(times[index]));
        } else {
          check_order(frame, "time", times[index], time_before);
        }
      }
      did(0);
    }
  }

  template <class Number>
  void check_order(std::int64_t frame, const std::string& what, Number number,
                   std::optional<Number>& before) {
    const auto text = [](Number value) {
      if constexpr (std::is_same_v<Number, double>) {
        return to_text(value);
      } else {
        return std::to_string(value);
      }
    };
    if (before && !(number > *before))
      report(place_of(frame) + ": " + what + " " + text(number) + " is not after " + text(*before));
    before = number;
  }

  void check_columns() {
    std::vector<std::pair<std::string, std::uint64_t>> sums;
    for (const auto& column : about_.columns) {
      if (!has_rows(column)) continue;
      Checksum sum;
      std::optional<std::int64_t> id_before;
      bool ids_ascend = true;
      read_pieces(column, "", [&](std::int64_t first, std::int64_t count) {
        file_.read_column(column, first, count, rows_);
        sum.add(rows_);
        if (column.name != "id") return;
        if (column.type == ElementType::uint64) check_sizes(column, first);
        for (const auto id : ids_in(rows_, column.type)) {
          if (id_before && id <= *id_before) ids_ascend = false;
          id_before = id;
        }
      });
      sums.emplace_back(column.name, sum.value());
      if (!ids_ascend) check_unique(column);
    }
    sums.emplace_back("config", checksum_of(about_.configuration));
    if (about_.has_checksums) compare(file_.read_constant_checksums(), sums, "");
  }

  /// Ids without a sign may be larger than anybody else's.
  void check_sizes(const StoredField& column, std::int64_t first) {
    const auto ids = numbers_in<std::uint64_t>(rows_);
    const auto found = std::find_if(ids.begin(), ids.end(), [](std::uint64_t id) { return id >> 63 != 0; });
    if (found != ids.end())
      report(column.dataset + ", row " + std::to_string(first + (found - ids.begin())) + ": the id " +
             std::to_string(*found) + " is too large; ids are whole numbers from 0 to 9223372036854775807");
  }

  /// Ids that do not ascend may still be unique; only then are all of them held at once.
  void check_unique(const StoredField& column) {
    std::vector<std::int64_t> ids;
    ids.reserve(static_cast<std::size_t>(about_.particles));
    read_pieces(column, "", [&](std::int64_t first, std::int64_t count) {
      file_.read_column(column, first, count, rows_);
      const auto piece = ids_in(rows_, column.type);
      ids.insert(ids.end(), piece.begin(), piece.end());
    });
    std::sort(ids.begin(), ids.end());
    const auto twice = std::adjacent_find(ids.begin(), ids.end());
    if (twice != ids.end()) report(column.dataset + ": id " + std::to_string(*twice) + " occurs twice");
  }

  void check_frame(std::int64_t frame) {
    std::vector<std::pair<std::string, std::uint64_t>> sums;
    for (const auto& quantity : about_.quantities) {
      if (!has_rows(quantity) || !goes_with_frames(quantity)) continue;
      if (!quantity.is_once && !file_.row_of(quantity, frame)) continue;
      Checksum sum;
      read_pieces(quantity, place_of(frame) + ": ", [&](std::int64_t first, std::int64_t count) {
        file_.read_rows(quantity, frame, first, count, rows_);
        sum.add(rows_);
      });
      sums.emplace_back(quantity.name, sum.value());
    }
    sums.emplace_back("numbers", check_numbers(frame));
    if (about_.has_checksums) compare(file_.read_frame_checksums(frame), sums, place_of(frame) + ": ");
    did(1000);
  }

  /// Reads a data set piece by piece, and reports the first number of it that is not finite.
  template <class Read>
  void read_pieces(const StoredField& field, const std::string& where, const Read& read) {
    const std::int64_t bytes = std::max<std::int64_t>(row_bytes(field), 1);
    const std::int64_t piece = std::max<std::int64_t>(piece_bytes / bytes, 1);
    bool is_finite = true;
    for (std::int64_t first = 0; first < about_.particles; first += piece) {
      const std::int64_t count = std::min(piece, about_.particles - first);
      read(first, count);
      result_.bytes += rows_.size();
      did(static_cast<std::int64_t>(rows_.size()));
      const auto found = is_finite ? first_not_finite(rows_, *field.type) : std::nullopt;
      if (!found) continue;
      is_finite = false;
      const auto row = first + static_cast<std::int64_t>(*found * size_of(*field.type)) / bytes;
      report(where + field.dataset + " has a number that is not finite in row " + std::to_string(row));
    }
  }

  /// Rows at steps that need not be those of positions.
  void check_own_rows(const StoredField& quantity) {
    for (std::int64_t index = 0; index < quantity.clock->frames(); ++index) {
      const std::int64_t row = quantity.clock->row(index);
      read_pieces(quantity, "row " + std::to_string(row) + ": ", [&](std::int64_t first, std::int64_t count) {
        file_.read_stored_rows(quantity, row, first, count, rows_);
      });
    }
  }

  /// The checksum of a frame's single numbers; reports those that are not finite.
  std::uint64_t check_numbers(std::int64_t frame) {
    for (const auto& [name, last] : about_.diagnostics) {
      if (!std::isfinite(file_.read_diagnostic(name, frame, 1)[0]))
        report(place_of(frame) + ": /diagnostics/" + name + " is not finite");
    }
    const auto edges = file_.read_edges(frame);
    if (edges && first_not_finite(std::span<const double>(*edges)))
      report(place_of(frame) + ": the edges of the box are not finite");
    return checksum_of_numbers(file_, frame);
  }

  /// Everything that has a checksum must be there, and have that one.
  void compare(const TrajectoryReader::Checksums& expected,
               const std::vector<std::pair<std::string, std::uint64_t>>& found, const std::string& where) {
    for (std::size_t index = 0; index < expected.of.size(); ++index) {
      const std::string& name = expected.of[index];
      const auto same =
          std::find_if(found.begin(), found.end(), [&name](const auto& sum) { return sum.first == name; });
      if (same == found.end()) {
        report(where + name + " has a checksum, but is missing or of another shape");
      } else if (same->second != expected.values[index]) {
        report(where + name + " does not have the checksum it was written with");
      }
      ++result_.checksums;
    }
  }

  const TrajectoryReader& file_;
  const TrajectoryDescription& about_;
  const std::function<void(double)>& progress_;
  Verification result_;
  std::vector<std::byte> rows_;
  double work_ = 0.0;
  double done_ = 0.0;
};

}  // namespace

Verification verify(const TrajectoryReader& file, const std::function<void(double)>& progress) {
  return Verifier(file, progress).result();
}

}  // namespace orrery
