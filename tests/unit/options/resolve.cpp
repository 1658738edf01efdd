#include "options/resolve.hpp"

#include <gtest/gtest.h>

#include "configuration/simulation_options.hpp"
#include "options/option_text.hpp"

namespace orrery {
namespace {

Setting from(SourceRank rank, const std::string& key, const std::string& value) {
  return {key, value, rank, "there"};
}

TEST(Resolve, PrefersCommandLineOverEnvironmentOverFile) {
  const auto winners =
      winners_of({from(SourceRank::command_line, "a", "3"), from(SourceRank::environment, "a", "2"),
                  from(SourceRank::file, "a", "1"), from(SourceRank::file, "b", "1"),
                  from(SourceRank::environment, "b", "2"), from(SourceRank::file, "c", "1")});
  EXPECT_EQ(winners.at("a").value, "3");
  EXPECT_EQ(winners.at("b").value, "2");
  EXPECT_EQ(winners.at("c").value, "1");
}

TEST(Resolve, NamesPlaceValueAndWhatIsAccepted) {
  SimulationOptions options;
  OptionSet set;
  options.describe(set);
  const auto refusal = [&](SourceRank rank) {
    try {
      assign(winners_of({from(rank, "time.step", "-1")}), set);
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "there: time.step = '-1' is not valid; it takes a number above 0 [time]");
      return error.code();
    }
    return ExitCode::success;
  };
  EXPECT_EQ(refusal(SourceRank::command_line), ExitCode::usage);
  EXPECT_EQ(refusal(SourceRank::environment), ExitCode::configuration);
  EXPECT_EQ(refusal(SourceRank::file), ExitCode::configuration);
}

TEST(Resolve, BlamesAConflictOnTheSourceOfHighestPrecedence) {
  const OptionConflict conflict({"a", "b"}, "a and b do not go together");
  const auto winners =
      winners_of({from(SourceRank::file, "a", "1"), from(SourceRank::command_line, "b", "1")});
  const Error error = explain(conflict, winners);
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_STREQ(error.what(), "there, there: a and b do not go together");
  EXPECT_EQ(explain(conflict, winners_of({from(SourceRank::file, "a", "1")})).code(),
            ExitCode::configuration);
}

TEST(Resolve, BlamesWhatIsMissingOnWhatCallsForIt) {
  const OptionConflict conflict({"particles.density"}, "it is missing");
  const auto blamed = [&](const std::vector<Setting>& settings) {
    return explain(conflict, winners_of(settings));
  };
  Setting source = from(SourceRank::file, "particles.source", "lattice"),
          other = from(SourceRank::file, "time.end", "1");
  source.place = "a.ini:4";
  other.place = "a.ini:9";
  EXPECT_STREQ(blamed({source, other}).what(), "a.ini:4: it is missing");
  EXPECT_EQ(blamed({source, other}).code(), ExitCode::configuration);
  EXPECT_STREQ(blamed({other}).what(), "a.ini:9: it is missing");
  EXPECT_EQ(blamed({source, from(SourceRank::command_line, "time.end", "1")}).code(),
            ExitCode::configuration);
  EXPECT_EQ(blamed({source, from(SourceRank::command_line, "law.name", "attraction")}).code(),
            ExitCode::usage);
  EXPECT_EQ(blamed({}).code(), ExitCode::usage);
}

TEST(ConfigText, SetsTheSameValuesAgain) {
  SimulationOptions options;
  OptionSet set;
  options.describe(set);
  set.find("time.end")->assign("0.25");
  set.find("particles.low")->assign("-3 -4");
  const std::string text = config_text(set, {"run.dry-run"});
  EXPECT_NE(text.find("[time]\nstep = 1e-05\nend = 0.25\n"), std::string::npos) << text;
  EXPECT_NE(text.find("low = -3 -4\n"), std::string::npos);
  EXPECT_EQ(text.find("dry-run"), std::string::npos);
}

TEST(HelpText, HasEverySectionOnce) {
  SimulationOptions options;
  OptionSet set;
  options.describe(set);
  for (const std::string& page : {help_text(set), config_text(set, {})}) {
    std::string text = "\n";
    text += page;
    for (const auto& option : set.options()) {
      std::string section = "\n[";
      section += option.key.substr(0, option.key.find('.'));
      section += "]\n";
      const auto first = text.find(section);
      ASSERT_NE(first, std::string::npos) << option.key;
      EXPECT_EQ(text.find(section, first + 1), std::string::npos) << section;
    }
  }
}

TEST(HelpText, ShowsEveryOptionWithItsDefault) {
  SimulationOptions options;
  OptionSet set;
  options.describe(set);
  const std::string text = help_text(set);
  for (const auto& option : set.options())
    EXPECT_NE(text.find("--" + option.key), std::string::npos) << option.key;
  EXPECT_NE(text.find("a number above 0 [time]; default 1e-05"), std::string::npos) << text;
}

}  // namespace
}  // namespace orrery
