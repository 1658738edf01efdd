// At which steps the quantities of a file have rows, and which rows were written.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/number_text.hpp"
#include "io/hdf5_dataset.hpp"
#include "io/hdf5_layout.hpp"
#include "io/hdf5_read.hpp"
#include "io/trajectory_reader.hpp"

namespace orrery {
namespace {

/// Rows at the end that are looked at one by one for whether they were written.
constexpr std::int64_t most_rows_in_advance = std::int64_t{1} << 20;
constexpr std::int64_t rows_at_a_time = 4096;

std::optional<std::int64_t> whole_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The number that rows hold which were never written, where the file chose one.
std::optional<double> chosen_fill(const Hdf5Handle& dataset) {
  const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, "cannot read a fill value");
  H5D_fill_value_t kind = H5D_FILL_VALUE_DEFAULT;
  double fill = 0.0;
  if (H5Pfill_value_defined(properties.get(), &kind) < 0 || kind != H5D_FILL_VALUE_USER_DEFINED ||
      H5Pget_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &fill) < 0)
    return std::nullopt;
  return fill;
}

}  // namespace

/// Clocks of all quantities. Those whose steps are one data set under several names share one.
void TrajectoryReader::set_clocks() {
  std::map<std::pair<haddr_t, std::int64_t>, std::shared_ptr<const StepClock>> known;
  for (auto& field : description_.quantities) {
    if (field.is_once) {
      field.clock = std::make_shared<StepClock>(StepClock::unknown(1));
      continue;
    }
    const std::int64_t rows = field.extents.empty() ? 0 : field.extents[0];
    const std::string steps = field.dataset.substr(0, field.dataset.rfind('/')) + "/step";
    H5O_info_t info;
    const bool is_there =
        is_dataset(file_.get(), steps) &&
        H5Oget_info_by_name2(file_.get(), steps.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0;
    const std::pair key(is_there ? info.addr : HADDR_UNDEF, rows);
    const auto same = known.find(key);
    if (is_there && same != known.end()) {
      field.clock = same->second;
      continue;
    }
    field.clock = std::make_shared<StepClock>(clock_of(field));
    if (is_there) known.emplace(key, field.clock);
  }
}

StepClock TrajectoryReader::clock_of(const StoredField& field) {
  TrajectoryDescription& d = description_;
  const std::int64_t rows = field.extents.empty() ? 0 : field.extents[0];
  const std::string dataset = field.dataset.substr(0, field.dataset.rfind('/')) + "/step";
  if (!is_dataset(file_.get(), dataset)) {
    d.problems.push_back("data set " + dataset + " is missing");
    return written_part(field, StepClock::unknown(rows));
  }
  const Hdf5Handle& steps = open(dataset);
  const auto extents = extents_of(steps.get());
  if (extents.size() > 1 || !element_type_of(steps)) {
    d.problems.push_back(dataset + " is not one number for each frame");
    return written_part(field, StepClock::unknown(d.says_valid_frames ? 0 : rows));
  }
  if (!extents.empty())
    return written_part(field,
                        listed_clock(steps, dataset, std::min(rows, static_cast<std::int64_t>(extents[0]))));
  std::int64_t increment = 0, offset = 0;
  check_hdf5(H5Dread(steps.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &increment),
             "cannot read " + dataset);
  const auto offsets = texts_of(file_.get(), dataset, "offset");
  if (offsets.size() == 1)
    offset = whole_number(offsets[0])
                 .value_or(static_cast<std::int64_t>(
                     std::clamp(parse_double(offsets[0]).value_or(0.0), -0x1p62, 0x1p62)));
  const bool is_positive = increment > 0 || rows <= 1;
  if (!is_positive ||
      (rows > 0 && rows > (std::numeric_limits<std::int64_t>::max() - std::max<std::int64_t>(offset, 0)) /
                              std::max<std::int64_t>(increment, 1))) {
    d.problems.push_back(dataset + " is an increment of " + std::to_string(increment) + " for " +
                         std::to_string(rows) + " rows, which gives no steps that grow");
    return written_part(field, StepClock::unknown(rows));
  }
  return written_part(field, StepClock::fixed(offset, std::max<std::int64_t>(increment, 1), rows));
}

StepClock TrajectoryReader::listed_clock(const Hdf5Handle& steps, const std::string& dataset,
                                         std::int64_t rows) {
  TrajectoryDescription& d = description_;
  const double most = storage_of(steps, dataset).most_bytes() / 8.0;
  if (static_cast<double>(rows) > most)
    refuse(dataset + " claims " + std::to_string(rows) + " steps, and the file does not hold as many");
  std::vector<std::int64_t> all(static_cast<std::size_t>(rows));
  read_block(steps, ElementType::int64, std::array{hsize_t{0}}, std::array{static_cast<hsize_t>(rows)},
             all.data(), "cannot read " + dataset);
  // Which frames are whole, such a file says itself.
  if (d.says_valid_frames) return StepClock::as_told(std::move(all));
  const auto fill = chosen_fill(steps);
  const bool is_step = fill && *fill != 0.0 && std::fabs(*fill) < 0x1p63;
  StepClock clock =
      StepClock::listed(all, is_step ? std::optional(static_cast<std::int64_t>(*fill)) : std::nullopt);
  if (clock.out_of_order() > 0)
    d.problems.push_back(dataset + " does not grow: " + std::to_string(clock.out_of_order()) +
                         (clock.out_of_order() == 1 ? " row is" : " rows are") + " left out");
  return clock;
}

/// Without rows at the end that were made in advance and never written.
StepClock TrajectoryReader::written_part(const StoredField& field, StepClock clock) const {
  if (description_.says_valid_frames || clock.frames() == 0) return clock;
  const Hdf5Handle& values = open(field.dataset);
  const Storage storage = storage_of(values, field.dataset);
  std::int64_t frames = clock.frames();
  const double row_bytes = [&] {
    double bytes =
        static_cast<double>(H5Tget_size(Hdf5Handle(H5Dget_type(values.get()), H5Tclose, "type").get()));
    for (std::size_t axis = 1; axis < field.extents.size(); ++axis)
      bytes *= static_cast<double>(field.extents[axis]);
    return bytes;
  }();
  // No more can have been written than there is; this also bounds the search below.
  if (row_bytes > 0.0 && storage.stored_bytes == 0) frames = 0;
  if (frames > most_rows_in_advance && row_bytes * static_cast<double>(frames) > storage.most_bytes())
    refuse(field.dataset + " claims " + std::to_string(frames) + " rows, and the file does not hold as many");
  while (row_bytes > 0.0 && frames > 0 && !is_row_stored(values, storage, clock.row(frames - 1))) --frames;
  // Where each row has a step of its own, that says whether it was written.
  if (field.name == "position" && !clock.is_listed())
    while (frames > 1 && is_fill(field, clock.row(frames - 1))) --frames;
  return clock.first(frames);
}

/// Whether a row of positions is nothing but the fill value. One particle may be at the origin, several in
/// one place are not.
bool TrajectoryReader::is_fill(const StoredField& field, std::int64_t row) const {
  const auto chosen = chosen_fill(open(field.dataset));
  if (!chosen && description_.particles < 2) return false;
  const double fill = chosen.value_or(0.0);
  std::vector<double> numbers;
  for (std::int64_t first = 0; first < description_.particles; first += rows_at_a_time) {
    const std::int64_t count = std::min(rows_at_a_time, description_.particles - first);
    numbers.resize(static_cast<std::size_t>(count * description_.axes));
    read_block(open(field.dataset), ElementType::float64,
               std::array{static_cast<hsize_t>(row), static_cast<hsize_t>(first), hsize_t{0}},
               std::array{hsize_t{1}, static_cast<hsize_t>(count), static_cast<hsize_t>(description_.axes)},
               numbers.data(), "cannot read " + field.dataset);
    if (std::any_of(numbers.begin(), numbers.end(), [fill](double number) {
          return number != fill && !(std::isnan(number) && std::isnan(fill));
        }))
      return false;
  }
  return true;
}

}  // namespace orrery
