#include "shortrange/pair_rows.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"

namespace orrery {
void PairRows::resize_owned(std::size_t count, std::size_t shares) {
  shares_ = shares;
  images_ = awaited_ = 0;
  mirrored_.clear();
  owned_ = count;
  position_.resize(width * first_image());
  force_.resize(width * first_image());
  set_nobody();
}

void PairRows::resize_images(std::size_t count, std::vector<std::int32_t> mirrored, std::size_t awaited) {
  images_ = count;
  ensure(first_image() + count <= most, "lists can name all rows");
  awaited_ = awaited;
  mirrored_ = std::move(mirrored);
  position_.resize(width * (first_image() + count));
  force_.resize(width * (first_image() + mirrored_.size()));
  set_nobody();
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

void PairRows::set_nobody() {
  std::fill_n(position(owned_), width * nobodies(), far_away_);
  std::fill_n(force(owned_), width * nobodies(), std::int64_t{0});
}

}  // namespace orrery
