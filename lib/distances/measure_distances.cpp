#include "distances/measure_distances.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <ostream>
#include <span>

#include "bench/machine_limits.hpp"
#include "bench/spread.hpp"
#include "comm/thread_share.hpp"
#include "core/instruction_set.hpp"
#include "core/number_text.hpp"
#include "core/processors.hpp"
#include "core/stopwatch.hpp"
#include "distances/distance_matrix.hpp"
#include "distances/distance_report.hpp"
#include "distances/nearest_points.hpp"
#include "distances/pair_counts.hpp"
#include "distances/pair_list.hpp"
#include "distances/read_points.hpp"
#include "io/byte_file.hpp"
#include "io/output_place.hpp"

namespace orrery {
namespace {

/// A CSV file on the root; nothing elsewhere.
class CsvOutput {
public:
  CsvOutput(const std::string& option, const std::string& path, const Replacing& replacing)
      : place_(option, path, replacing), file_(place_) {}

  void append(std::string_view text) { file_.append(std::as_bytes(std::span(text))); }
  void finish() {
    file_.close();
    place_.finish();
  }

private:
  UnfinishedFile place_;
  ByteFile file_;
};

double most_over(const Communicator& ranks, double value) {
  ranks.maximum(std::span(&value, 1));
  return value;
}

/// Calls a collective function. @return seconds that it took, of the slowest rank
template <class Function>
double timed(const Communicator& ranks, const Function& function) {
  most_over(ranks, 0.0);  // all begin together
  const Stopwatch watch;
  function();
  return most_over(ranks, watch.seconds());
}

void warn_of_crowding(const ThreadShare& share, std::ostream& warnings) {
  const auto processors = std::ssize(share.all_processors);
  if (share.node_threads <= processors) return;
  warnings << "orrery: warning: " << share.node_threads << " threads on " << processors
           << (processors == 1 ? " processor" : " processors")
           << " (they will take turns); use fewer ranks, or set --threads\n"
           << std::flush;
}

/// Everything that needs no computing to be found wrong.
PointFile check_and_read(const DistanceOptions& options) {
  options.validate();
  for (const auto& output : options.outputs())
    check_output_place(output.path, options.overwrite, 0,
                       {.option = output.option, .overwrite = "--overwrite", .less = ""});
  PointFile points = read_point_file(options);
  const auto count = std::ssize(points.columns[0]);
  constexpr std::int64_t most_points = std::int64_t{1} << 31;  // pairs fit in 63 bits, and their bytes too
  if (count > most_points / 2)
    throw Error(ExitCode::input_data, "'" + options.points + "': more than 2^30 points");
  if (options.matrix_place() == MatrixPlace::hdf5 || options.matrix_place() == MatrixPlace::raw) {
    const int axes = static_cast<int>(points.columns.size());
    const std::uint64_t bytes =
        options.matrix_place() == MatrixPlace::raw
            ? matrix_bytes(count, options.precision)
            : MatrixFile::estimated_bytes(count, axes, options.precision, options.layout);
    check_output_place(
        options.matrix, options.overwrite, bytes,
        {.option = "--matrix", .overwrite = "--overwrite", .less = "or use --precision single"});
  }
  return points;
}

/// The tasks of one call, in the order in which they are done.
class Tasks {
public:
  Tasks(const Communicator& ranks, const DistanceOptions& options, const PointSet& points, int threads,
        std::string origin, std::ostream& out)
      : ranks_(ranks),
        options_(options),
        points_(points),
        threads_(threads),
        origin_(std::move(origin)),
        out_(out) {}

  void do_all() {
    if (ranks_.is_root()) print_distance_heading(out_);
    if (options_.matrix_place() != MatrixPlace::none) do_matrix();
    if (options_.histogram > 0) do_histogram();
    if (options_.below > 0.0) do_below();
    if (!options_.nearest.empty()) do_nearest();
    if (ranks_.is_root()) out_ << after_ << std::flush;
  }

private:
  void tell(const DistanceTask& task) {
    if (ranks_.is_root()) print_distance_task(out_, task);
  }

  void do_matrix() {
    const MatrixSource source{points_, options_.metric, options_.precision};
    DistanceTask task("matrix", points_.size());
    task.bytes = matrix_bytes(points_.size(), options_.precision);
    task.result = options_.matrix;
    switch (options_.matrix_place()) {
      case MatrixPlace::memory:
        task.seconds =
            spread_of(compute_in_memory(ranks_, source, static_cast<int>(options_.repeats))).median;
        task.result = "in memory";
        break;
      case MatrixPlace::raw:
        task.seconds = timed(ranks_, [&] { write_raw_matrix(ranks_, source, matrix_output()); });
        break;
      default:
        task.seconds = timed(ranks_, [&] {
          write_hdf5_matrix(ranks_, source, matrix_output(), options_.layout, attributes());
        });
    }
    if (task.bytes >= least_bytes_for_limit) task.memory_bytes_per_second = memory_limit(task.bytes);
    tell(task);
  }

  MatrixOutput matrix_output() const {
    return {.option = "--matrix", .path = options_.matrix, .replacing = replacing()};
  }

  /// What fits in the caches has no business with the memory.
  static constexpr std::uint64_t least_bytes_for_limit = std::uint64_t{1} << 28;

  /// Of three arrays that together are as large as the matrix: what a cache can do for it, it does for them.
  double memory_limit(std::uint64_t bytes) const {
    const RepeatRules rules{.repeats = 3, .least_seconds = 0.05, .most_seconds = 0.2};
    const auto array_bytes = std::min(static_cast<std::size_t>(bytes / 3), large_array_bytes());
    return 1e9 / measure_memory(ranks_, threads_, rules, array_bytes).least;
  }

  std::vector<std::pair<std::string, std::string>> attributes() const {
    std::vector<std::string> edges;
    for (const double edge : points_.edges()) edges.push_back(to_text(edge));
    std::string box = edges[0];
    for (std::size_t axis = 1; axis < edges.size(); ++axis) box.append(",").append(edges[axis]);
    if (!points_.periodic()) box.assign("none");
    return {{"metric", std::string(name_of(options_.metric))}, {"box", box}, {"points", origin_}};
  }

  void do_histogram() {
    const HistogramBins bins(options_.histogram, options_.most);
    std::vector<std::int64_t> counts;
    DistanceTask task("histogram", points_.size());
    task.seconds = timed(ranks_, [&] { counts = count_in_bins(ranks_, points_, options_.metric, bins); });
    task.result = options_.histogram_file.empty() ? "printed under the table" : options_.histogram_file;
    ranks_.apply([&] {
      if (!ranks_.is_root()) return;
      const std::string text = histogram_text(bins, counts);
      if (options_.histogram_file.empty()) {
        after_ += "\n" + text;
      } else {
        write_csv("--histogram-file", options_.histogram_file, text);
      }
    });
    tell(task);
  }

  void do_below() {
    DistanceTask task(options_.list.empty() ? "below" : "list", points_.size());
    std::int64_t count = 0;
    task.seconds = timed(ranks_, [&] {
      count = options_.list.empty() ? count_below(ranks_, points_, options_.metric, options_.below) : list();
    });
    task.result = std::to_string(count) + (count == 1 ? " pair" : " pairs") + " below " +
                  to_text(options_.below) + (options_.list.empty() ? "" : ", " + options_.list);
    tell(task);
  }

  std::int64_t list() const {
    std::optional<CsvOutput> file;
    ranks_.apply([&] {
      if (!ranks_.is_root()) return;
      file.emplace("--list", options_.list, replacing());
      file->append("i,j,distance\n");
    });
    const std::int64_t count = list_below(ranks_, points_, options_.metric, options_.below,
                                          [&](std::string_view text) { file->append(text); });
    ranks_.apply([&] {
      if (file) file->finish();
    });
    return count;
  }

  void do_nearest() {
    DistanceTask task("nearest", points_.size());
    NearestPoints nearest;
    task.seconds = timed(ranks_, [&] { nearest = find_nearest_points(ranks_, points_, options_.metric); });
    task.result = options_.nearest;
    ranks_.apply([&] {
      if (!ranks_.is_root()) return;
      std::string text = "point,nearest,distance\n";
      for (std::size_t point = 0; point < nearest.point.size(); ++point) {
        text.append(std::to_string(point)).append(",").append(std::to_string(nearest.point[point]));
        const double distance = nearest.distance[point];
        text.append(",").append(std::isfinite(distance) ? to_text(distance) : "inf").append("\n");
      }
      write_csv("--nearest", options_.nearest, text);
    });
    tell(task);
  }

  void write_csv(const std::string& option, const std::string& path, const std::string& text) const {
    write_file(option, path, text, replacing());
  }

  Replacing replacing() const { return {.allowed = options_.overwrite, .option = "--overwrite"}; }

  const Communicator& ranks_;
  const DistanceOptions& options_;
  const PointSet& points_;
  int threads_;
  std::string origin_;
  std::ostream& out_;
  std::string after_;  ///< printed below the table
};

}  // namespace

void measure_distances(const Communicator& ranks, const DistanceOptions& options, std::ostream& out,
                       std::ostream& warnings) {
  PointFile file = ranks.apply([&] { return ranks.is_root() ? check_and_read(options) : PointFile(); });
  push_points(ranks, file);
  const PointSet points =
      ranks.apply([&] { return PointSet(std::move(file.columns), std::move(file.edges)); });
  const std::string instruction_set =
      ranks.apply([&] { return choose_instruction_set(options.instruction_set, "--instruction-set"); });
  const ThreadShare share = share_threads(ranks, static_cast<int>(options.threads));
  const auto most_threads = static_cast<int>(most_over(ranks, share.threads));
  if (ranks.is_root()) {
    warn_of_crowding(share, warnings);
    print_distance_setup(out, {.origin = file.origin,
                               .points = points.size(),
                               .axes = points.axes(),
                               .metric = std::string(name_of(options.metric)),
                               .edges = points.periodic() ? points.edges() : std::vector<double>(),
                               .instruction_set = instruction_set,
                               .ranks = ranks.size(),
                               .threads = most_threads,
                               .processors = processor_list_text(share.processors)});
  }
  Tasks(ranks, options, points, share.threads, file.origin, out).do_all();
}

}  // namespace orrery
