#include "domain/ownership.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "core/in_parts.hpp"
#include "domain/migration.hpp"

namespace orrery {

Ownership::Ownership(const Communicator& ranks, std::int64_t count, int threads)
    : ranks_(ranks), threads_(threads), census_(ranks, count, threads) {}

std::vector<std::size_t> Ownership::rebalance(PairRows& rows) {
  constexpr double units = 1000.0;
  const double mean = work_ / std::max(1.0, static_cast<double>(rows.owned()));
  double max = mean;
  ranks_.maximum(std::span(&max, 1));
  const auto weight = max > 0.0 ? static_cast<std::int64_t>(std::max(1.0, units * mean / max)) : 1;
  regions_.emplace(ranks_, rows.position(0), rows.owned(), weight, threads_);
  work_ = 0.0;
  return migrate(rows);
}

std::vector<std::size_t> Ownership::migrate(PairRows& rows) {
  if (ranks_.size() == 1) return {};
  std::vector<int> owner(rows.owned());
  ranks_.apply([&] {
    in_parts(std::ssize(owner), threads_, [&](int, Range range) {
      for (auto row = static_cast<std::size_t>(range.begin); row < static_cast<std::size_t>(range.end); ++row)
        owner[row] = regions_->owner(rows.position(row));
    });
  });
  auto arrived = orrery::migrate(ranks_, rows.particles(), owner, threads_);
  rows.resize_owned(rows.owned(), static_cast<std::size_t>(threads_));
  return arrived;
}

bool Ownership::is_uneven() const {
  /// How much longer the slowest rank may take than ranks do on average.
  constexpr double max_imbalance = 0.05;
  const auto work = ranks_.pull_everywhere(work_);
  const double max = *std::max_element(work.begin(), work.end());
  const double mean = std::accumulate(work.begin(), work.end(), 0.0) / static_cast<double>(work.size());
  return max > (1.0 + max_imbalance) * mean;
}

std::optional<Miscount> Ownership::miscount(const PairRows& rows, Column<std::int64_t> index) const {
  const auto indices = rows.particles().owned(index);
  if (census_.is_complete(indices)) return std::nullopt;
  return census_.find_miscount(indices, rows.position(0)).value_or(Miscount{});
}

}  // namespace orrery
