#include "core/option_set.hpp"

#include <gtest/gtest.h>

namespace orrery {
namespace {

struct Fields {
  double length = 1.5;
  std::uint64_t count = 3;
  bool flag = false;
  std::string name = "a";
  Vec2 centre{0, 0};
  int choice = 1;
  std::vector<std::uint64_t> counts{1, 2};
  std::vector<std::string> names{"one"};
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
  set.add_names("box.names", fields.names, {"one", "two", "three"}, {"which ones"});
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

TEST(OptionSet, PrintsValuesThatReadBackTheSame) {
  Fields fields;
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

TEST(NearestName, FindsMisspeltAndUnsectionedKeys) {
  const std::vector<std::string> keys{"time.step", "time.end", "particles.count"};
  EXPECT_EQ(nearest_name("time.stepp", keys), "time.step");
  EXPECT_EQ(nearest_name("count", keys), "particles.count");
  EXPECT_EQ(nearest_name("particle.count", keys), "particles.count");
  EXPECT_EQ(nearest_name("qwertyuiop.zxcvbnm", keys), "");
}

}  // namespace
}  // namespace orrery
