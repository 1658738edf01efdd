#include "core/option_set.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

enum class Wall { hard, soft };

struct Fields {
  double length = 1.5;
  std::uint64_t count = 3;
  bool flag = false;
  std::string name = "a";
  Vec2 centre{0, 0};
  int choice = 1;
  std::vector<std::uint64_t> counts{1, 2};
  std::vector<std::string> names{"one"};
  std::vector<double> masses{1.0}, shares;
  PerAxis<double> lengths = PerAxis<double>::all(0);
  PerAxis<std::uint64_t> cells = PerAxis<std::uint64_t>::all(8);
  PerAxis<Wall> walls = PerAxis<Wall>::all(Wall::soft);
};

OptionSet describe(Fields& fields) {
  OptionSet set;
  set.add("box.length", fields.length, {.least = 0.0, .most = 10.0, .above = true}, {"edge", "length"});
  set.add("box.count", fields.count, 1, 5, {"how many"});
  set.add("box.flag", fields.flag, {"whether"});
  set.add("box.name", fields.name, {"what"});
  set.add("box.centre", fields.centre, false, {"where"});
  set.add_choice("box.choice", fields.choice, {{"one", 1}, {"two", 2}}, {"which"});
  set.add("box.counts", fields.counts, 1, 1000, {"how many each time"});
  set.add("box.masses", fields.masses, {.least = 0.0, .above = true}, "", {"mass of each", "mass"});
  set.add("box.shares", fields.shares, {.least = 0.0, .most = 1.0}, "equal", {"share of each"});
  set.add_names("box.names", fields.names, {"one", "two", "three"}, {"which ones"});
  set.add("box.lengths", fields.lengths, {.least = 0.0, .most = 100.0, .above = true}, "auto", {"edges"});
  set.add("box.cells", fields.cells, 1, 1000, {"cells"});
  set.add_choice("box.walls", fields.walls, {{"hard", Wall::hard}, {"soft", Wall::soft}}, {"walls"});
  return set;
}

TEST(OptionSet, KeepsDefaultsUntilAssigned) {
  Fields fields;
  const OptionSet set = describe(fields);
  EXPECT_EQ(set.find("box.length")->default_text, "1.5");
  EXPECT_TRUE(set.find("box.length")->assign("2.5"));
  EXPECT_EQ(fields.length, 2.5);
  EXPECT_EQ(set.find("box.length")->text(), "2.5");
  EXPECT_EQ(set.find("box.length")->default_text, "1.5");
}

TEST(OptionSet, TakesListsOfNumbers) {
  Fields fields;
  const OptionSet set = describe(fields);
  EXPECT_EQ(set.find("box.masses")->text(), "1");
  EXPECT_TRUE(set.find("box.masses")->assign("1, 2.5,3e2"));
  EXPECT_EQ(fields.masses, (std::vector<double>{1, 2.5, 300}));
  EXPECT_EQ(set.find("box.masses")->text(), "1,2.5,300");
  for (const char* text : {"", "1,", "1 2", "1,0", "-1", "1,x", "equal"})
    EXPECT_FALSE(set.find("box.masses")->assign(text)) << text;
  EXPECT_EQ(fields.masses.size(), 3);
  EXPECT_EQ(set.find("box.shares")->text(), "equal");
  EXPECT_TRUE(set.find("box.shares")->assign("0.25,0.75"));
  EXPECT_EQ(fields.shares, (std::vector<double>{0.25, 0.75}));
  EXPECT_FALSE(set.find("box.shares")->assign("0.25,1.75"));
  EXPECT_TRUE(set.find("box.shares")->assign("equal"));
  EXPECT_TRUE(fields.shares.empty());
}

TEST(OptionSet, RefusesWhatIsOutOfRangeAndLeavesTheFieldAlone) {
  Fields fields;
  const OptionSet set = describe(fields);
  for (const char* text : {"0", "-1", "10.5", "x", ""})
    EXPECT_FALSE(set.find("box.length")->assign(text)) << text;
  for (const char* text : {"0", "6", "2.5", "-1"}) EXPECT_FALSE(set.find("box.count")->assign(text)) << text;
  for (const char* text : {"1", "1 2 3", "1,,2", "1 x", "1,"})
    EXPECT_FALSE(set.find("box.centre")->assign(text)) << text;
  EXPECT_FALSE(set.find("box.choice")->assign("three"));
  EXPECT_FALSE(set.find("box.flag")->assign("maybe"));
  EXPECT_EQ(fields.length, 1.5);
  EXPECT_EQ(fields.count, 3U);
}

TEST(OptionSet, TakesTwoNumbersPartedByBlankOrComma) {
  Fields fields;
  const OptionSet set = describe(fields);
  for (const char* text : {"1 -2", "1,-2", " 1 , -2 "}) {
    fields.centre = {0, 0};
    EXPECT_TRUE(set.find("box.centre")->assign(text)) << text;
    EXPECT_EQ(fields.centre, (Vec2{1, -2}));
  }
}

TEST(OptionSet, TakesListsPartedByCommas) {
  Fields fields;
  const OptionSet set = describe(fields);
  EXPECT_EQ(set.find("box.counts")->default_text, "1,2");
  EXPECT_TRUE(set.find("box.counts")->assign("5, 1e3,1"));
  EXPECT_EQ(fields.counts, (std::vector<std::uint64_t>{5, 1000, 1}));
  EXPECT_TRUE(set.find("box.names")->assign("three,one"));
  EXPECT_EQ(fields.names, (std::vector<std::string>{"three", "one"}));
  for (const char* text : {"", "1,,2", "1,", "1 2", "0", "1001", "x"})
    EXPECT_FALSE(set.find("box.counts")->assign(text)) << text;
  for (const char* text : {"", "one,", "four", "one two"})
    EXPECT_FALSE(set.find("box.names")->assign(text)) << text;
  EXPECT_EQ(fields.counts.size(), 3U);
  EXPECT_EQ(fields.names.size(), 2U);
}

TEST(OptionSet, TakesOneValueForAllAxesOrOneForEach) {
  Fields fields;
  const OptionSet set = describe(fields);
  EXPECT_EQ(set.find("box.lengths")->default_text, "auto");
  EXPECT_TRUE(set.find("box.lengths")->assign("2.5"));
  EXPECT_EQ(fields.lengths, (PerAxis<double>{{2.5, 2.5, 2.5}, 1}));
  EXPECT_EQ(set.find("box.lengths")->text(), "2.5");
  EXPECT_TRUE(set.find("box.lengths")->assign("1, 2"));
  EXPECT_EQ(fields.lengths, (PerAxis<double>{{1, 2, 0}, 2}));
  EXPECT_TRUE(set.find("box.lengths")->assign("1 2 1e-300"));
  EXPECT_EQ(fields.lengths, (PerAxis<double>{{1, 2, 1e-300}, 3}));
  EXPECT_EQ(set.find("box.lengths")->text(), "1 2 1e-300");

  EXPECT_TRUE(set.find("box.cells")->assign("1e2,3,4"));
  EXPECT_EQ(fields.cells, (PerAxis<std::uint64_t>{{100, 3, 4}, 3}));
  EXPECT_EQ(set.find("box.cells")->text(), "100 3 4");

  EXPECT_EQ(set.find("box.walls")->default_text, "soft");
  EXPECT_TRUE(set.find("box.walls")->assign("hard"));
  EXPECT_EQ(fields.walls, PerAxis<Wall>::all(Wall::hard));
  EXPECT_TRUE(set.find("box.walls")->assign("hard,soft, hard"));
  EXPECT_EQ(fields.walls, (PerAxis<Wall>{{Wall::hard, Wall::soft, Wall::hard}, 3}));
  EXPECT_EQ(set.find("box.walls")->text(), "hard soft hard");
}

TEST(OptionSet, TakesTheNameOfZeroForAllAxesAtOnce) {
  Fields fields;
  const OptionSet set = describe(fields);
  for (const char* text : {"auto", "0", " auto "}) {
    fields.lengths = {{1, 2, 3}, 3};
    EXPECT_TRUE(set.find("box.lengths")->assign(text)) << text;
    EXPECT_EQ(fields.lengths, PerAxis<double>::all(0)) << text;
    EXPECT_EQ(set.find("box.lengths")->text(), "auto");
  }
  EXPECT_FALSE(set.find("box.lengths")->assign("auto 1 1"));
  EXPECT_FALSE(set.find("box.lengths")->assign("0 0 0"));
}

TEST(OptionSet, RefusesWhatIsNoValueForEveryAxis) {
  Fields fields;
  const OptionSet set = describe(fields);
  for (const char* text : {"", "1 2 3 4", "1,,2", ",1", "1,", "-1", "1 x", "101", "1 0 1", "nan"})
    EXPECT_FALSE(set.find("box.lengths")->assign(text)) << text;
  for (const char* text : {"", "0", "1 2 1001", "1 2 3 4", "2.5", "1 -2"})
    EXPECT_FALSE(set.find("box.cells")->assign(text)) << text;
  for (const char* text : {"", "hard soft soft hard", "hard,,soft", "firm", "hard firm"})
    EXPECT_FALSE(set.find("box.walls")->assign(text)) << text;
  EXPECT_EQ(fields.lengths, PerAxis<double>::all(0));
  EXPECT_EQ(fields.cells, PerAxis<std::uint64_t>::all(8));
  EXPECT_EQ(fields.walls, PerAxis<Wall>::all(Wall::soft));
}

TEST(OptionSet, PrintsValuesThatReadBackTheSame) {
  Fields fields;
  fields.lengths = {{0.1, 1e-300, 0}, 2};
  fields.cells = {{1, 2, 3}, 3};
  fields.walls = {{Wall::soft, Wall::hard, Wall::soft}, 3};
  fields.centre = {0.1, -1e-300};
  fields.choice = 2;
  const OptionSet set = describe(fields);
  for (const auto& option : set.options()) {
    const std::string text = option.text();
    EXPECT_TRUE(option.assign(text)) << option.key;
    EXPECT_EQ(option.text(), text);
  }
  EXPECT_EQ(fields.centre, (Vec2{0.1, -1e-300}));
  EXPECT_EQ(fields.choice, 2);
}

TEST(OptionSet, RefusesToDeclareAKeyTwice) {
  OptionSet set;
  double field = 0;
  set.add("a.b", field, {}, {"x"});
  EXPECT_THROW(set.add("a.b", field, {}, {"x"}), Error);
}

TEST(OptionSet, KnowsAnOptionByItsEarlierKey) {
  OptionSet set;
  double field = 0;
  set.add("a.b", field, {}, {"x"});
  set.renamed("a.old", "a.b");
  EXPECT_EQ(set.present_key("a.old"), "a.b");
  EXPECT_EQ(set.present_key("a.b"), "a.b");
  EXPECT_EQ(set.present_key("a.other"), "a.other");
  EXPECT_EQ(set.find("a.old"), nullptr);
  EXPECT_THROW(set.renamed("a.old", "a.b"), Error);    // it was another's already
  EXPECT_THROW(set.renamed("a.b", "a.b"), Error);      // it is the present one
  EXPECT_THROW(set.renamed("a.older", "a.c"), Error);  // there is no such option
}

}  // namespace
}  // namespace orrery
