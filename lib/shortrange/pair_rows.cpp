#include "shortrange/pair_rows.hpp"

#include <algorithm>

namespace orrery {
void PairRows::resize_owned(std::size_t count) {
  images_ = 0;
  owned_ = count;
  position_.resize(width * (count + 1));
  force_.resize(width * (count + 1));
  set_nobody();
}

void PairRows::resize_images(std::size_t count) {
  images_ = count;
  position_.resize(width * (owned_ + 1 + count));
  set_nobody();
}

void PairRows::set_nobody() {
  std::fill_n(position(nobody()), width, far_away_);
  std::fill_n(force(nobody()), width, std::int64_t{0});
}

}  // namespace orrery
