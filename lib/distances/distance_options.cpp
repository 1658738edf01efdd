#include "distances/distance_options.hpp"

#include <filesystem>

#include "core/instruction_set.hpp"
#include "core/number_text.hpp"
#include "distances/histogram_bins.hpp"

namespace orrery {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ExitCode::usage, message);
}

}  // namespace

void DistanceOptions::describe(OptionSet& options) {
  options.add_choice("metric", metric,
                     {{"euclidean", Metric::euclidean},
                      {"squared", Metric::squared},
                      {"chebyshev", Metric::chebyshev},
                      {"manhattan", Metric::manhattan}},
                     {"which distance; squared is the square of the euclidean one"});
  options.add("box", box,
              {"periodic box: its edges with commas between them, 0 along an axis that is not periodic, or "
               "one for all; or frame, for that of the trajectory"});
  options.add("group", group, {"which group below /particles of a trajectory; without it the only one"});
  options.add("frame", frame, {"frame of a trajectory, from 0; last is the last valid one"});
  options.add_file("matrix", matrix, FileUse::written,
                   {"all distances: to a file, *.h5 or *.raw, or to memory, which only takes the time"});
  options.add_choice("precision", precision,
                     {{"double", ElementType::float64}, {"single", ElementType::float32}},
                     {"of the matrix; the computation is in double"});
  options.add_choice("layout", layout,
                     {{"contiguous", MatrixLayout::contiguous}, {"chunked", MatrixLayout::chunked}},
                     {"of the matrix in an HDF5 file: row after row, or in squares of 256 x 256"});
  options.add("repeats", repeats, 1, 1000,
              {"how often the matrix is computed in memory; the median of the times counts"});
  options.add("histogram", histogram, 0, HistogramBins::most_bins,
              {"bins of equal width from distance 0 to --max that pairs are counted in; 0 for none"});
  options.add("max", most, {.least = 0.0, .most = 1e150}, {"where the bins end", "length"});
  options.add_file("histogram-file", histogram_file, FileUse::written,
                   {"file for the counts (CSV), instead of the terminal"});
  options.add("below", below, {.least = 0.0}, {"count pairs with a distance below this; 0 for no", "length"});
  options.add_file("list", list, FileUse::written, {"file for these pairs (CSV)"});
  options.add_file("nearest", nearest, FileUse::written,
                   {"file for the nearest other point of each point (CSV)"});
  options.add("overwrite", overwrite, {"replace existing files"});
  options.add("threads", threads, 0, 4096,
              {"threads per rank; 0 shares the node's processors among its ranks"});
  std::vector<std::pair<std::string, std::string>> sets{{"auto", "auto"}};
  for (const auto& name : available_instruction_sets()) sets.emplace_back(name, name);
  options.add_choice("instruction-set", instruction_set, sets,
                     {"vector instructions to use: auto, or a name that this processor has"});
}

MatrixPlace DistanceOptions::matrix_place() const {
  if (matrix.empty()) return MatrixPlace::none;
  if (matrix == "memory") return MatrixPlace::memory;
  const auto ending = std::filesystem::path(matrix).extension();
  if (ending == ".h5" || ending == ".hdf5") return MatrixPlace::hdf5;
  if (ending == ".raw" || ending == ".bin") return MatrixPlace::raw;
  refuse("option --matrix: cannot tell the format of '" + matrix +
         "'; the name must end in .h5 or .raw, or be memory");
}

std::vector<double> DistanceOptions::box_edges() const {
  std::vector<double> edges;
  if (box.empty() || box_of_frame()) return edges;
  const auto invalid = [this] {
    refuse("option --box: '" + box +
           "' is not valid; it takes up to three lengths with commas between them, at least one above 0, or "
           "frame");
  };
  bool any = false;
  std::string_view rest = box;
  while (true) {
    const auto comma = rest.find(',');
    const auto edge = parse_double(trimmed(rest.substr(0, comma)));
    if (!edge || *edge < 0.0) invalid();
    edges.push_back(*edge);
    any = any || *edge > 0.0;
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (!any || edges.size() > 3) invalid();
  return edges;
}

std::int64_t DistanceOptions::frame_number() const {
  if (frame == "last") return -1;
  const auto number = parse_count(frame);
  constexpr std::uint64_t most_frames = std::uint64_t{1} << 62;
  if (!number || *number > most_frames)
    refuse("option --frame: '" + frame + "' is not valid; it takes a whole number from 0, or last");
  return static_cast<std::int64_t>(*number);
}

std::vector<NamedOutput> DistanceOptions::outputs() const {
  std::vector<NamedOutput> outputs;
  if (matrix_place() == MatrixPlace::hdf5 || matrix_place() == MatrixPlace::raw)
    outputs.push_back({"--matrix", matrix});
  if (!histogram_file.empty()) outputs.push_back({"--histogram-file", histogram_file});
  if (!list.empty()) outputs.push_back({"--list", list});
  if (!nearest.empty()) outputs.push_back({"--nearest", nearest});
  return outputs;
}

void DistanceOptions::validate() const {
  if (points.empty()) refuse("which points? orrery distances FILE ...; `orrery distances --help` has more");
  if (matrix.empty() && histogram == 0 && below == 0.0 && nearest.empty())
    refuse("nothing to do; ask for --matrix, --histogram, --below or --nearest");
  box_edges();
  frame_number();
  constexpr double least_most = 1e-150;
  if (histogram > 0 && most < least_most)
    refuse("option --histogram: where do the bins end? set --max, at least 1e-150");
  if (histogram == 0 && most > 0.0) refuse("option --max has no effect without --histogram");
  if (histogram == 0 && !histogram_file.empty())
    refuse("option --histogram-file has no effect without --histogram");
  if (below == 0.0 && !list.empty()) refuse("option --list has no effect without --below");
  if (layout != MatrixLayout::contiguous && matrix_place() != MatrixPlace::hdf5)
    refuse("option --layout has no effect without an HDF5 file for --matrix");
  if (precision != ElementType::float64 && matrix.empty())
    refuse("option --precision has no effect without --matrix");
  if (repeats > 1 && matrix_place() != MatrixPlace::memory)
    refuse("option --repeats has no effect without --matrix memory");
}

}  // namespace orrery
