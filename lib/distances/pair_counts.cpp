#include "distances/pair_counts.hpp"

#include <algorithm>
#include <span>

#include "core/aligned_vector.hpp"
#include "distances/shared_loop.hpp"
#include "distances/tile_kernels.hpp"

namespace orrery {
namespace {

/// What one thread counts in: 32 bits, emptied into 64 before they can overflow.
class ThreadBins {
public:
  explicit ThreadBins(const HistogramBins& bins)
      : bins_(&bins), counts_(histogram_copies * bins.stride()), totals_(bins.stride()) {}

  void count(HistogramKernel kernel, const PointView& points, const Tile& tile) {
    const std::int64_t pairs = tile.rows.size() * tile.columns.size();
    if (pairs_ + pairs > most_pairs) empty();
    kernel(points, tile, *bins_, counts_.data());
    pairs_ += pairs;
  }

  void add_to(std::vector<std::int64_t>& sums) {
    empty();
    for (std::size_t bin = 0; bin < sums.size(); ++bin) sums[bin] += totals_[bin];
  }

private:
  static constexpr std::int64_t most_pairs = (std::int64_t{1} << 32) - 1;

  void empty() {
    for (std::size_t at = 0; at < counts_.size(); ++at) totals_[at % totals_.size()] += counts_[at];
    std::fill(counts_.begin(), counts_.end(), 0U);
    pairs_ = 0;
  }

  const HistogramBins* bins_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::int64_t> totals_;
  std::int64_t pairs_ = 0;
};

}  // namespace

std::vector<std::int64_t> count_in_bins(const Communicator& ranks, const PointSet& points, Metric metric,
                                        const HistogramBins& bins) {
  const int workers = threads_of_all(ranks);
  std::vector<std::int64_t> counts = ranks.apply([&] {
    const auto tiles = triangle_tiles(points.size(), workers);
    const HistogramKernel kernel = histogram_kernel(points.kernel_variant(metric));
    const PointView view = points.view();
    std::vector<ThreadBins> threads(static_cast<std::size_t>(omp_get_max_threads()), ThreadBins(bins));
    on_ranks_and_threads(ranks, std::ssize(tiles), [&](std::int64_t tile, int thread) {
      threads[static_cast<std::size_t>(thread)].count(kernel, view, tiles[static_cast<std::size_t>(tile)]);
    });
    std::vector<std::int64_t> sums(bins.stride());
    for (auto& thread : threads) thread.add_to(sums);
    return sums;
  });
  ranks.sum(counts);
  return counts;
}

std::int64_t count_below(const Communicator& ranks, const PointSet& points, Metric metric, double distance) {
  const int workers = threads_of_all(ranks);
  std::int64_t count = ranks.apply([&] {
    const auto tiles = triangle_tiles(points.size(), workers);
    const BelowKernels& kernels = below_kernels(points.kernel_variant(metric));
    const PointView view = points.view();
    const double raw = least_raw_reaching(metric, distance);
    std::atomic<std::int64_t> sum = 0;
    on_ranks_and_threads(ranks, std::ssize(tiles), [&](std::int64_t tile, int) {
      sum += kernels.count(view, tiles[static_cast<std::size_t>(tile)], raw);
    });
    return sum.load();
  });
  ranks.sum(std::span(&count, 1));
  return count;
}

}  // namespace orrery
