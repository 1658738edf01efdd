#include "domain/regions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/in_parts.hpp"
#include "shortrange/cell_grid.hpp"

namespace orrery {
namespace {

constexpr std::size_t row_width = 4;
constexpr std::size_t bins = 256;
/// For which weights are summed at once, so that their table stays small (0.5 MB) however many ranks there
/// are.
constexpr std::size_t nodes_at_a_time = 256;
/// Of sides about as long the last is cut: particles that are near each other along the first are near each
/// other in memory, and a border across them leaves short runs of those that are not near it.
constexpr double nearly = 0.95;

std::size_t bin_of(double coordinate, double low, double high) {
  const double place = (coordinate - low) / (high - low) * static_cast<double>(bins);
  if (!(place > 0.0)) return 0;
  return std::min(static_cast<std::size_t>(std::min(place, static_cast<double>(bins))), bins - 1);
}

/// The bin's lower edge at which the weight below is nearest to a share of all.
std::size_t nearest_edge(std::span<const std::int64_t> weights, double share) {
  double total = 0.0;
  for (const auto weight : weights) total += static_cast<double>(weight);
  double below = 0.0, best = std::numeric_limits<double>::infinity();
  std::size_t edge = bins / 2;
  for (std::size_t bin = 1; bin < bins; ++bin) {
    below += static_cast<double>(weights[bin - 1]);
    const double miss = std::abs(below - share * total);
    // Of equal ones, as in a box without particles, the one in the middle.
    const bool is_nearer_to_middle =
        std::abs(static_cast<double>(bin) - 0.5 * bins) < std::abs(static_cast<double>(edge) - 0.5 * bins);
    if (miss < best || (miss == best && is_nearer_to_middle)) {
      best = miss;
      edge = bin;
    }
  }
  return edge;
}

}  // namespace

Regions::Regions(const Communicator& ranks, const double* rows, std::size_t count, std::int64_t weight,
                 int threads) {
  Bounds bounds = Bounds::of_rows(rows, count, threads);
  ranks.minimum(bounds.low);
  ranks.maximum(bounds.high);
  if (bounds.empty()) bounds = {};  // no rank has any particles
  nodes_.push_back({.low = bounds.low, .high = bounds.high, .first_rank = 0, .ranks = ranks.size()});

  std::vector<std::size_t> node_of(count, 0);
  for (std::size_t begin = 0, end = 1; begin < end; begin = end, end = nodes_.size()) {
    for (std::size_t index = begin; index < end; ++index) choose_axis(nodes_[index]);
    for (std::size_t first = begin; first < end; first += nodes_at_a_time) {
      const std::size_t last = std::min(first + nodes_at_a_time, end);
      std::vector<std::int64_t> weights = weigh(first, last, rows, node_of, weight, threads);
      ranks.sum(weights);
      for (std::size_t index = first; index < last; ++index)
        if (nodes_[index].axis >= 0) cut(index, std::span(weights).subspan((index - first) * bins, bins));
    }
    in_parts(std::ssize(node_of), threads, [&](int, Range range) {
      for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end);
           ++row) {
        const Node& node = nodes_[node_of[row]];
        if (node_of[row] < begin || node.axis < 0) continue;
        const bool is_above = !(rows[row_width * row + static_cast<std::size_t>(node.axis)] < node.cut);
        node_of[row] = node.children + (is_above ? 1 : 0);
      }
    });
  }
}

void Regions::choose_axis(Node& node) {
  if (node.ranks == 1) return;
  node.axis = 0;
  for (int axis = 1; axis < 3; ++axis) {
    const auto a = static_cast<std::size_t>(axis), best = static_cast<std::size_t>(node.axis);
    if (node.high[a] - node.low[a] > nearly * (node.high[best] - node.low[best])) node.axis = axis;
  }
}

/// Weights of own particles in the bins of some nodes, shape (last - first, bins).
std::vector<std::int64_t> Regions::weigh(std::size_t first, std::size_t last, const double* rows,
                                         std::span<const std::size_t> node_of, std::int64_t weight,
                                         int threads) const {
  std::vector<std::vector<std::int64_t>> by_thread(static_cast<std::size_t>(threads));
  by_thread.front().resize((last - first) * bins, 0);
  in_parts(std::ssize(node_of), threads, [&](int part, Range range) {
    auto& weights = by_thread[static_cast<std::size_t>(part)];
    weights.resize((last - first) * bins, 0);
    for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row) {
      const std::size_t index = node_of[row];
      if (index < first || index >= last || nodes_[index].axis < 0) continue;
      const Node& node = nodes_[index];
      const auto axis = static_cast<std::size_t>(node.axis);
      weights[(index - first) * bins +
              bin_of(rows[row_width * row + axis], node.low[axis], node.high[axis])] += weight;
    }
  });
  for (std::size_t part = 1; part < by_thread.size(); ++part)
    for (std::size_t bin = 0; bin < by_thread[part].size(); ++bin)
      by_thread.front()[bin] += by_thread[part][bin];
  return std::move(by_thread.front());
}

/// Gives a node two children, each with the ranks and the weight of one side.
void Regions::cut(std::size_t index, std::span<const std::int64_t> weights) {
  const Node node = nodes_[index];
  const auto axis = static_cast<std::size_t>(node.axis);
  const int first_ranks = node.ranks / 2;
  const double share = static_cast<double>(first_ranks) / node.ranks;
  const std::size_t edge = nearest_edge(weights, share);
  const double cut = node.low[axis] + (node.high[axis] - node.low[axis]) * static_cast<double>(edge) / bins;
  Node below = node, above = node;
  below.axis = above.axis = -1;
  below.high[axis] = above.low[axis] = cut;
  below.ranks = first_ranks;
  above.first_rank += first_ranks;
  above.ranks -= first_ranks;
  nodes_[index].cut = cut;
  nodes_[index].children = nodes_.size();
  nodes_.push_back(below);
  nodes_.push_back(above);
}

int Regions::owner(const double* position) const {
  std::size_t index = 0;
  while (nodes_[index].axis >= 0) {
    const Node& node = nodes_[index];
    index = node.children + (position[node.axis] < node.cut ? 0 : 1);
  }
  return nodes_[index].first_rank;
}

}  // namespace orrery
