#include "particles/starting_box.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace orrery {
namespace {

using testing::HasSubstr;

class StartingBox : public testing::Test {
protected:
  StartingBox() {
    particles_.describe(set_);
    box_.describe(set_);
  }

  void set(const std::string& key, const std::string& value) {
    ASSERT_TRUE(set_.find(key)->assign(value)) << key << " " << value;
  }

  Box box() const { return box_of(particles_, box_); }

  /// What is said against the settings, and the keys that are blamed are checked.
  std::string refusal(const std::vector<std::string>& keys) const {
    try {
      box_.validate();
      box();
    } catch (const OptionConflict& conflict) {
      EXPECT_EQ(conflict.keys(), keys);
      EXPECT_EQ(conflict.code(), ExitCode::configuration);
      return conflict.what();
    }
    return "accepted";
  }

  ParticleOptions particles_;
  BoxOptions box_;
  OptionSet set_;
};

TEST_F(StartingBox, IsPeriodicAndAsLargeAsTheLatticeAtItsDensity) {
  set("particles.source", "lattice");
  set("particles.cells", "20");
  set("particles.density", "0.8442");
  const Box made = box();
  EXPECT_EQ(made.axes, 3);
  for (int axis = 0; axis < 3; ++axis) {
    EXPECT_DOUBLE_EQ(made.lengths[static_cast<std::size_t>(axis)], 20 * std::cbrt(4 / 0.8442));
    EXPECT_EQ(made.boundary[static_cast<std::size_t>(axis)], Boundary::periodic);
  }
  EXPECT_NEAR(made.volume(), 32000 / 0.8442, 1e-9);
}

TEST_F(StartingBox, SetsTheLatticeWhenItsLengthsAreGiven) {
  set("particles.source", "lattice");
  set("particles.lattice", "square");
  set("particles.cells", "3 6");
  set("box.lengths", "1 2");
  set("box.boundary", "reflect,open");
  const Box made = box();
  EXPECT_EQ(made.axes, 2);
  EXPECT_EQ(made.lengths, (Vec3{1, 2, 0}));
  EXPECT_EQ(made.boundary[0], Boundary::reflect);
  EXPECT_EQ(made.boundary[1], Boundary::open);
  EXPECT_EQ(made.volume(), 2);
}

TEST_F(StartingBox, TakesItsAxesFromItsLengths) {
  set("particles.source", "random");
  set("box.lengths", "5");
  EXPECT_EQ(box().axes, 3);
  EXPECT_EQ(box().lengths, (Vec3{5, 5, 5}));
  set("box.lengths", "5 4");
  EXPECT_EQ(box().axes, 2);
  EXPECT_EQ(box().lengths, (Vec3{5, 4, 0}));
  set("particles.source", "file");
  set("box.lengths", "5 4 3");
  EXPECT_EQ(box().axes, 3);
  EXPECT_EQ(box().volume(), 60);
}

TEST_F(StartingBox, RefusesALatticeWithoutOrWithTwoSizes) {
  set("particles.source", "lattice");
  EXPECT_THAT(refusal({"particles.density", "box.lengths"}), HasSubstr("set one of them"));
  set("particles.density", "1");
  set("box.lengths", "10");
  EXPECT_THAT(refusal({"box.lengths", "particles.density"}), HasSubstr("leave one of them out"));
}

TEST_F(StartingBox, RefusesAStretchedLattice) {
  set("particles.source", "lattice");
  set("particles.cells", "2 2 3");
  set("box.lengths", "2 2 3.001");
  EXPECT_THAT(refusal({"box.lengths", "particles.cells"}), HasSubstr("is 1 along x but 1.000333"));
  set("box.lengths", "0.2 0.2 0.3");  // the same but for rounding
  EXPECT_EQ(box().lengths, (Vec3{0.2, 0.2, 0.3}));
}

TEST_F(StartingBox, RefusesValuesForOtherAxes) {
  set("particles.source", "lattice");
  set("particles.density", "1");
  set("particles.cells", "2 2");
  EXPECT_THAT(refusal({"particles.cells"}), HasSubstr("particles.cells has values for 2 axes"));
  set("particles.lattice", "square");
  EXPECT_EQ(box().axes, 2);
  set("box.boundary", "open,open,open");
  EXPECT_THAT(refusal({"box.boundary"}), HasSubstr("has 2; give one value for all axes, or 2"));
  set("particles.density", "0");
  set("box.lengths", "1 1 1");
  EXPECT_THAT(refusal({"box.lengths"}), HasSubstr("box.lengths has values for 3 axes"));
  set("particles.source", "random");
  set("box.boundary", "open,open");
  EXPECT_THAT(refusal({"box.boundary", "box.lengths"}), HasSubstr("2 names"));
  set("box.lengths", "1");
  EXPECT_THAT(refusal({"box.boundary"}), HasSubstr("box.lengths has 3"));
}

TEST_F(StartingBox, RefusesWhatSaysNothingOfTheBox) {
  for (const char* source : {"random", "file", "uniform"}) {
    set("particles.source", source);
    EXPECT_THAT(refusal({"box.lengths", "particles.source"}), HasSubstr("box.lengths is auto")) << source;
  }
}

TEST_F(StartingBox, RefusesPositionsDrawnOutsideOfIt) {
  set("box.lengths", "4");
  EXPECT_THAT(refusal({"box.lengths", "particles.source"}), HasSubstr("three axes"));
  set("box.lengths", "4 4");
  EXPECT_THAT(refusal({"particles.low", "particles.high", "box.lengths"}),
              HasSubstr("from -1 to 1 along x, but the box reaches from 0 to 4"));
  set("particles.low", "0 1");
  set("particles.high", "2 4");
  EXPECT_EQ(box().axes, 2);
}

TEST_F(StartingBox, RefusesADensityWithoutABox) {
  set("particles.source", "lattice");
  set("particles.density", "1e-320");
  EXPECT_THAT(refusal({"particles.density"}), HasSubstr("set a greater density"));
}

}  // namespace
}  // namespace orrery
