#include "options/config_line.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "core/error.hpp"
#include "options/option_sources.hpp"
#include "options/option_text.hpp"

namespace orrery {
namespace {

std::string value_in(std::string_view line) {
  const ConfigLine read = read_config_line(line);
  EXPECT_EQ(read.kind, ConfigLine::Kind::setting) << line;
  EXPECT_EQ(read.name, "key") << line;
  return read.value;
}

std::string refusal_of(std::string_view line) {
  try {
    read_config_line(line);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    return error.what();
  }
  return "accepted";
}

TEST(ConfigLine, ReadsValuesAsTheyStand) {
  EXPECT_EQ(value_in("key = a b"), "a b");
  EXPECT_EQ(value_in("  key=  a = [b] \t\r"), "a = [b]");
  EXPECT_EQ(value_in("key = a # b"), "a");
  EXPECT_EQ(value_in("key = a#b"), "a");
  EXPECT_EQ(value_in("key ="), "");
  EXPECT_EQ(value_in("key = C:\\new\\\"x\""), "C:\\new\\\"x\"");
  EXPECT_EQ(value_in("key = it's; so"), "it's; so");
}

TEST(ConfigLine, ReadsWhatStandsBetweenQuotes) {
  EXPECT_EQ(value_in("key = \" a # b \" # c"), " a # b ");
  EXPECT_EQ(value_in("key = \"\""), "");
  EXPECT_EQ(value_in("key = \"\\\"\\\\\\n\\r\\t\\x1b\\xC3\\xa9\"\r"), "\"\\\n\r\t\x1b\xC3\xA9");
}

TEST(ConfigLine, TellsSectionsAndComments) {
  EXPECT_EQ(read_config_line("[time] # of it").kind, ConfigLine::Kind::section);
  EXPECT_EQ(read_config_line(" [time]\r").name, "time");
  EXPECT_EQ(read_config_line("").kind, ConfigLine::Kind::blank);
  EXPECT_EQ(read_config_line(" # key = a").kind, ConfigLine::Kind::blank);
}

TEST(ConfigLine, RefusesWhatCouldBeMeantInTwoWays) {
  EXPECT_NE(refusal_of("key = \"a # b").find("lacks the one at its end"), std::string::npos);
  EXPECT_NE(refusal_of("key = \"a\" b").find("there is 'b'"), std::string::npos);
  EXPECT_NE(refusal_of("key = \"C:\\dir\"").find("write \\\\ for a backslash"), std::string::npos);
  EXPECT_NE(refusal_of("key = \"\\x1\"").find("two hexadecimal digits"), std::string::npos);
  EXPECT_NE(refusal_of("key = \"\\x00\"").find("two hexadecimal digits"), std::string::npos);
  EXPECT_NE(refusal_of(std::string("k\0e\0y", 5)).find("UTF-16"), std::string::npos);
  EXPECT_NE(refusal_of("key # = a").find("'key' is neither"), std::string::npos);
  EXPECT_NE(refusal_of("= a").find("is neither"), std::string::npos);
  EXPECT_LT(refusal_of(std::string(100'000, 'x')).size(), 200U);
}

TEST(ConfigLine, LeavesPlainValuesAsTheyAre) {
  for (const char* const plain :
       {"", "0.1 -0.3", "a.csv", "/tmp/a b.h5md", "a=b", "[x]", "it's", "\xC3\xA9", "a;b", "a\"b", "a\\b"})
    EXPECT_EQ(config_value(plain), plain);
  EXPECT_EQ(config_value("a#b"), "\"a#b\"");
  EXPECT_EQ(config_value("a\xE2\x80\xAE"), "\"a\\xe2\\x80\\xae\"") << "a direction of writing";
}

class ConfigurationText : public testing::Test {
protected:
  ConfigurationText() {
    set_.add("output.file", name_, {"name"});
    set_.add("run.log", other_, {"name"});
  }
  ~ConfigurationText() override { std::filesystem::remove(path_); }

  /// What the file gives back of the two names; line ends may be made those of other systems.
  std::pair<std::string, std::string> after_a_round(bool with_carriage_returns) {
    std::ofstream stream(path_, std::ios::binary);
    for (const char letter : config_text(set_, {})) {
      if (letter == '\n' && with_carriage_returns) stream << '\r';
      stream << letter;
    }
    stream.close();
    const auto settings = read_config_file(path_, set_);
    EXPECT_EQ(settings.size(), 2U);
    return {settings.at(0).value, settings.at(1).value};
  }

  std::string name_, other_;
  OptionSet set_;
  const std::string path_ = testing::TempDir() + "orrery_round.ini";
};

TEST(ConfigLine, ReadsBackEveryByte) {
  for (int byte = 1; byte < 256; ++byte) {
    for (const char* const neighbour : {"", "a", " ", "\""}) {
      const std::string value = neighbour + std::string(1, static_cast<char>(byte)) + neighbour;
      EXPECT_EQ(value_in("key = " + config_value(value)), value) << byte;
    }
  }
}

TEST_F(ConfigurationText, ReadsBackWhateverANameConsistsOf) {
  constexpr std::string_view odd = "#\"'\\ \t\r\n=[];:,%$\x01\x1b\x7f\xC3\xA9\xFFnrtx0a";
  std::mt19937 random(12);
  const auto draw = [&] {
    std::string text;
    for (auto left = random() % 12; left > 0; --left)
      text += random() % 4 == 0 ? static_cast<char>(1 + random() % 255) : odd[random() % odd.size()];
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    name_ = draw();
    other_ = draw();
    const auto [name, other] = after_a_round(round % 2 == 0);
    ASSERT_EQ(name, name_) << config_text(set_, {});
    ASSERT_EQ(other, other_) << config_text(set_, {});
  }
}

TEST_F(ConfigurationText, IsReadWithTheMarkOfUtf8AndWithoutAnEnd) {
  std::ofstream(path_, std::ios::binary) << "\xEF\xBB\xBF[output]\r\nfile = a.h5md\r\n[run]\nlog = b";
  const auto settings = read_config_file(path_, set_);
  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0].value, "a.h5md");
  EXPECT_EQ(settings[1].value, "b");
  EXPECT_EQ(settings[1].place, path_ + ":4");
}

TEST_F(ConfigurationText, IsNotWaitedForWhereItCannotCome) {
  EXPECT_THROW(read_config_file("/dev/zero", set_), Error);
  std::filesystem::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THROW(read_config_file(path_, set_), Error);
}

}  // namespace
}  // namespace orrery
