#include "domain/image_shifts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace orrery::test {
namespace {

class Random {
public:
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(bits_() >> 11) * 0x1p-53);
  }

private:
  std::mt19937_64 bits_{5};
};

/// Rows of particles in some part of a box, and the bounds of these.
struct Part {
  std::vector<double> rows;
  Bounds bounds = Bounds::of_nothing();
};

Part part_of(Random& random, const std::array<double, 3>& lengths, int count) {
  std::array<double, 3> low{}, high{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double a = random.uniform(0.0, lengths[axis]), b = random.uniform(0.0, lengths[axis]);
    low[axis] = a;
    high[axis] = a + 0.6 * (b - a);
  }
  Part part;
  for (int particle = 0; particle < count; ++particle) {
    for (std::size_t axis = 0; axis < 3; ++axis) part.rows.push_back(random.uniform(low[axis], high[axis]));
    part.rows.push_back(0.0);
  }
  part.bounds = Bounds::of_rows(part.rows.data(), part.rows.size() / 4);
  return part;
}

/// Particles of one part within reach of the box of the other, each shift counted.
int images_near(const Part& from, const Bounds& there, const Periods& periods, double reach2) {
  const ShiftsOfImages shifts_of_images(there, false, 0, periods, reach2);
  int images = 0;
  for (std::size_t row = 0; row < from.rows.size(); row += 4)
    shifts_of_images.visit(from.rows.data() + row, [&](std::size_t) { ++images; });
  return images;
}

TEST(ImageShifts, MissNoPeer) {
  Random random;
  int near = 0, far = 0, near_without_images = 0;
  for (int turn = 0; turn < 20'000; ++turn) {
    const std::array<double, 3> lengths{random.uniform(5, 15), random.uniform(5, 15), random.uniform(5, 15)};
    Periods periods{};
    for (std::size_t axis = 0; axis < 3; ++axis)
      periods[axis] = random.uniform(0, 1) < 0.6 ? lengths[axis] : 0.0;
    const Part a = part_of(random, lengths, turn % 15), b = part_of(random, lengths, turn % 17);
    const double reach2 = std::pow(random.uniform(0.1, 3.0), 2);
    const bool is_near = may_be_near(a.bounds, b.bounds, periods, reach2);
    EXPECT_EQ(is_near, may_be_near(b.bounds, a.bounds, periods, reach2)) << turn;
    const int images = images_near(a, b.bounds, periods, reach2) + images_near(b, a.bounds, periods, reach2);
    EXPECT_TRUE(is_near || images == 0) << turn;
    near += is_near ? 1 : 0;
    far += is_near ? 0 : 1;
    near_without_images += is_near && images == 0 ? 1 : 0;
  }
  EXPECT_GT(near, 2000);
  EXPECT_GT(far, 2000);
  EXPECT_LT(near_without_images, near / 2) << "what may be near mostly is";
}

TEST(ImageShifts, FindNoPeersOfRanksWithoutParticles) {
  const Bounds some{{0.0, 0.0, 0.0}, {1.0, 1.0, 1.0}}, none = Bounds::of_nothing();
  EXPECT_TRUE(may_be_near(some, some, {}, 1.0));
  EXPECT_FALSE(may_be_near(some, none, {}, 1.0));
  EXPECT_FALSE(may_be_near(none, some, {4.0, 4.0, 4.0}, 100.0));
  EXPECT_FALSE(may_be_near(none, none, {4.0, 4.0, 4.0}, 100.0));
}

}  // namespace
}  // namespace orrery::test
