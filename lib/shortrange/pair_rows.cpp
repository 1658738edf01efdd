#include "shortrange/pair_rows.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace orrery {

void PairRows::resize_owned(std::size_t count, std::size_t shares) {
  remote_ = 0;
  mirrored_.clear();
  particles_.resize_owned(count, rows_apart * shares + rows_apart / 2);
  force_.resize(width * first_image());
  set_padding();
}

void PairRows::resize_images(std::size_t count, std::vector<std::int32_t> mirrored, std::size_t remote) {
  ensure(first_image() + count <= most, "lists can name all rows");
  remote_ = remote;
  mirrored_ = std::move(mirrored);
  particles_.resize_ghosts(count);
  force_.resize(width * (first_image() + mirrored_.size()));
  set_padding();
}

void PairRows::fold_forces() {
  const std::int64_t* from = force(first_image());
  for (const std::int32_t row : mirrored_) {
    std::int64_t* const to = force(static_cast<std::size_t>(row));
    for (std::size_t axis = 0; axis < width; ++axis)
      to[axis] = static_cast<std::int64_t>(static_cast<std::uint64_t>(to[axis]) +
                                           static_cast<std::uint64_t>(from[axis]));
    from += width;
  }
}

void PairRows::set_padding() {
  const std::size_t padding = first_image() - owned();
  std::fill_n(position(owned()), width * padding, far_away_);
  std::fill_n(force(owned()), width * padding, std::int64_t{0});
}

}  // namespace orrery
