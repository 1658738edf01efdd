#include "io/xdmf_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orrery {
namespace {

using testing::HasSubstr;
using testing::Not;

StoredField field(const std::string& name, std::optional<ElementType> type,
                  std::vector<std::int64_t> extents) {
  return {.name = name,
          .dataset = "/particles/all/" + name,
          .type = type,
          .extents = std::move(extents),
          .unit = ""};
}

/// Seven particles over five frames.
TrajectoryDescription trajectory(std::int64_t axes = 3, ElementType type = ElementType::float64) {
  TrajectoryDescription made;
  made.group = "all";
  made.particles = 7;
  made.axes = static_cast<int>(axes);
  made.quantities = {field("position/value", type, {5, 7, axes})};
  return made;
}

std::string frame(const TrajectoryDescription& described, std::int64_t number = 2) {
  return xdmf_frame(described, "run.h5md", number, 40, 0.1);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(XdmfText, SelectsTheFrameFromTheDataSetOfAll) {
  EXPECT_EQ(frame(trajectory()),
            R"(  <Grid Name="step 40" GridType="Uniform">
    <Time Value="0.1"/>
    <Topology TopologyType="Polyvertex" NodesPerElement="1" NumberOfElements="7"/>
    <Geometry GeometryType="XYZ"><DataItem ItemType="HyperSlab" Dimensions="7 3"><DataItem Format="XML" NumberType="Int" Dimensions="3 3">2 0 0 1 1 1 1 7 3</DataItem><DataItem Format="HDF" NumberType="Float" Precision="8" Dimensions="3 7 3">run.h5md:/particles/all/position/value</DataItem></DataItem></Geometry>
  </Grid>
)");
}

TEST(XdmfText, TellsPlaneFromSpace) {
  const std::string text = frame(trajectory(2));
  EXPECT_THAT(text, HasSubstr(R"(GeometryType="XY">)"));
  EXPECT_THAT(text, HasSubstr(R"(Dimensions="3 3">2 0 0 1 1 1 1 7 2</DataItem>)"));
}

TEST(XdmfText, TellsTheTypeOfNumbers) {
  EXPECT_THAT(frame(trajectory(3, ElementType::float32)), HasSubstr(R"(NumberType="Float" Precision="4")"));
  auto described = trajectory();
  described.columns = {field("id", ElementType::int64, {7})};
  EXPECT_THAT(frame(described), HasSubstr(R"(NumberType="Int" Precision="8" Dimensions="7">run.h5md:)"));
  described.columns = {field("id", ElementType::uint64, {7})};
  EXPECT_THAT(frame(described), HasSubstr(R"(NumberType="Int" Precision="8" Dimensions="7">run.h5md:)"));
}

TEST(XdmfText, TellsScalarsVectorsAndTensors) {
  auto described = trajectory();
  described.quantities.push_back(field("charge", ElementType::float64, {5, 7}));
  described.quantities.push_back(field("velocity", ElementType::float64, {5, 7, 2}));
  described.quantities.push_back(field("stress", ElementType::float64, {5, 7, 3, 3}));
  described.columns = {field("moment", ElementType::float32, {7, 4})};
  const std::string text = frame(described);
  EXPECT_THAT(text, HasSubstr(R"(Name="charge" AttributeType="Scalar")"));
  EXPECT_THAT(text, HasSubstr(R"(Dimensions="3 2">2 0 1 1 1 7</DataItem>)"));
  EXPECT_THAT(text, HasSubstr(R"(Name="velocity" AttributeType="Vector")"));
  EXPECT_THAT(text, HasSubstr(R"(Name="stress" AttributeType="Tensor")"));
  EXPECT_THAT(text, HasSubstr(R"(Dimensions="3 4">2 0 0 0 1 1 1 1 1 7 3 3</DataItem>)"));
  EXPECT_THAT(text, HasSubstr(R"(Name="moment" AttributeType="Matrix")"));
}

TEST(XdmfText, LeavesOutWhatItCannotDescribe) {
  auto described = trajectory();
  described.quantities.push_back(field("fewer", ElementType::float64, {5, 6, 3}));
  described.quantities.push_back(field("a:b", ElementType::float64, {5, 7, 3}));
  described.quantities.push_back(field("flat", ElementType::float64, {5}));
  described.columns = {field("species", std::nullopt, {7}), field("none", ElementType::float64, {}),
                       field("empty", ElementType::float64, {7, 0})};
  EXPECT_EQ(frame(described), frame(trajectory()));
}

TEST(XdmfText, EscapesNames) {
  auto described = trajectory();
  described.columns = {field("a<b>&\"c\"", ElementType::float64, {7})};
  const std::string text = xdmf_frame(described, "p&q.h5md", 0, 0, 0.0);
  EXPECT_THAT(text, HasSubstr(R"(Name="a&lt;b&gt;&amp;&quot;c&quot;")"));
  EXPECT_EQ(count(text, ">p&amp;q.h5md:/"), 2U);
}

TEST(XdmfText, HoldsFramesOfNoParticles) {
  auto described = trajectory();
  described.particles = 0;
  described.quantities = {field("position/value", ElementType::float64, {5, 0, 3})};
  described.columns = {field("id", ElementType::int64, {0})};
  EXPECT_THAT(frame(described), HasSubstr(R"(NumberOfElements="0"/>)"));
  EXPECT_THAT(frame(described), HasSubstr(R"(Dimensions="3 3">2 0 0 1 1 1 1 0 3</DataItem>)"));
  EXPECT_THAT(frame(described), Not(HasSubstr("Attribute")));
}

TEST(XdmfText, NamesFramesInOrderWithAllDigitsOfTheirTimes) {
  const std::vector<std::int64_t> steps{0, 10, 20};
  const std::vector<double> times{0.0, 0.1 + 0.2, 1e-300};
  const std::string text = xdmf_text(trajectory(), "run.h5md", steps, times);
  EXPECT_EQ(count(text, "<Time "), 3U);
  EXPECT_LT(text.find(R"("step 0")"), text.find(R"("step 10")"));
  EXPECT_THAT(text, HasSubstr(R"(<Time Value="0.30000000000000004"/>)"));
  EXPECT_THAT(text, HasSubstr(R"(<Time Value="1e-300"/>)"));
}

TEST(XdmfText, OfNoFramesHoldsAnEmptyGrid) {
  const std::string text = xdmf_text(trajectory(), "run.h5md", {}, {});
  EXPECT_THAT(text, HasSubstr(R"(NumberOfElements="0")"));
  EXPECT_THAT(text, Not(HasSubstr("<Time")));
}

TEST(XdmfText, SaysWhichNamesItCannotHold) {
  for (const char* name : {"run.h5md", "../my run.h5md", "a&b'c\"<>#%|[].h5md"})
    EXPECT_EQ(xdmf_name_problem(name), "") << name;
  for (const char* name : {"", "a:b", "a\\b", " a", "a ", "a\tb", "a\nb", "\xc3\xa9", "\x7f"})
    EXPECT_NE(xdmf_name_problem(name), "") << name;
}

TEST(XdmfText, GoesBesideTheTrajectory) {
  EXPECT_EQ(xdmf_path_of("run.h5md"), "run.xdmf2");
  EXPECT_EQ(xdmf_path_of("some.dir/run.1.h5md"), "some.dir/run.1.xdmf2");
}

}  // namespace
}  // namespace orrery
