#include "simulation/crossings.hpp"

#include <algorithm>
#include <utility>

#include "comm/collective_error.hpp"
#include "comm/exchange_items.hpp"

namespace orrery {
namespace {

void add(const ImageNumbers& by, ImageNumbers& to) {
  for (std::size_t axis = 0; axis < to.size(); ++axis) {
    // A particle that crosses at every step of the longest run that can be asked for gets beyond.
    if (__builtin_add_overflow(to[axis], by[axis], &to[axis]))
      throw Error(ExitCode::simulation_failed,
                  "a particle is more than 2^31 periods away from where it began; set output.images to none");
  }
}

}  // namespace

Crossings::Crossings(const Communicator& ranks, std::int64_t count, std::vector<ImageNumbers> start)
    : ranks_(ranks), split_(count, ranks.size()), numbers_(std::move(start)) {}

void Crossings::note(std::span<const Crossing> crossings) {
  for (const auto& crossing : crossings) add(crossing.by, noted_[crossing.id]);
}

std::vector<ImageNumbers> Crossings::at_frame(std::span<const Crossing> pending) {
  auto outgoing = ranks_.apply([&] {
    std::vector<std::vector<Crossing>> by_rank(static_cast<std::size_t>(ranks_.size()));
    const auto put = [&](const Crossing& crossing) {
      by_rank[static_cast<std::size_t>(split_.owner(crossing.id))].push_back(crossing);
    };
    for (const auto& [id, by] : noted_) put({.id = id, .by = by});
    for (const auto& crossing : pending) put({.id = crossing.id, .by = crossing.by, .is_lasting = 0});
    noted_ = {};
    return by_rank;
  });
  const auto arrived = exchange_items(ranks_, std::move(outgoing));
  const Range mine = split_.part(ranks_.rank());
  return ranks_.apply([&] {
    const auto row_of = [&](const Crossing& crossing) {
      return static_cast<std::size_t>(crossing.id - mine.begin);
    };
    for (const auto& crossing : arrived)
      if (crossing.is_lasting != 0) add(crossing.by, numbers_[row_of(crossing)]);
    std::vector<ImageNumbers> found = numbers_;
    for (const auto& crossing : arrived)
      if (crossing.is_lasting == 0) add(crossing.by, found[row_of(crossing)]);
    return found;
  });
}

std::size_t Crossings::bytes() const {
  constexpr std::size_t entry = sizeof(std::pair<const std::int64_t, ImageNumbers>) + 2 * sizeof(void*);
  return numbers_.capacity() * sizeof(ImageNumbers) + noted_.size() * entry +
         noted_.bucket_count() * sizeof(void*);
}

}  // namespace orrery
