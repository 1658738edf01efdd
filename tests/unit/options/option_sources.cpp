#include "options/option_sources.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "configuration/simulation_options.hpp"

namespace orrery {
namespace {

class OptionSources : public testing::Test {
protected:
  OptionSources() { options_.describe(set_); }
  CommandLine command_line(const std::vector<std::string>& words) { return read_command_line(words, set_); }
  std::string command_line_refusal(const std::vector<std::string>& words) {
    try {
      command_line(words);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      return error.what();
    }
    return "accepted";
  }
  std::string file_refusal(const std::string& text) {
    const std::string path = testing::TempDir() + "orrery_refused.ini";
    std::ofstream(path) << text;
    try {
      read_config_file(path, set_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      std::filesystem::remove(path);
      return std::string(error.what()).substr(path.size());
    }
    return "accepted";
  }

  SimulationOptions options_;
  OptionSet set_;
};

TEST_F(OptionSources, TakeBothWaysOfWritingAnOption) {
  const auto read = command_line({"--time.end", "0.5", "case.ini", "--particles.count=7"});
  EXPECT_EQ(read.word, "case.ini");
  ASSERT_EQ(read.settings.size(), 2U);
  EXPECT_EQ(read.settings[0].value, "0.5");
  EXPECT_EQ(read.settings[1].key, "particles.count");
  EXPECT_EQ(read.settings[1].value, "7");
}

TEST_F(OptionSources, TakeNegativeNumbersPairsAndSwitches) {
  const auto read =
      command_line({"--particles.speed-low", "-1", "--rotation.centre", "-0.5", "2", "--output.overwrite",
                    "case.ini", "--run.dry-run=false", "--particles.low=-3"});
  EXPECT_EQ(read.word, "case.ini");
  ASSERT_EQ(read.settings.size(), 5U);
  EXPECT_EQ(read.settings[0].value, "-1");
  EXPECT_EQ(read.settings[1].value, "-0.5 2");
  EXPECT_EQ(read.settings[2].value, "true");
  EXPECT_EQ(read.settings[3].value, "false");
  EXPECT_EQ(read.settings[4].value, "-3");
}

TEST_F(OptionSources, CommandLineTakesOneNumberOrOneForEachAxis) {
  const auto cells_of = [this](std::vector<std::string> words) {
    words.insert(words.begin(), "--particles.cells");
    const auto read = command_line(words);
    EXPECT_EQ(read.word, "a.ini");
    return read.settings.front().value;
  };
  EXPECT_EQ(cells_of({"4", "a.ini"}), "4");
  EXPECT_EQ(cells_of({"4", "5", "a.ini"}), "4 5");
  EXPECT_EQ(cells_of({"4", "5", "6", "a.ini"}), "4 5 6");
  EXPECT_EQ(cells_of({"4", "5", "6", "--time.end", "7", "a.ini"}), "4 5 6");
}

TEST_F(OptionSources, RefuseMistakesOnTheCommandLine) {
  EXPECT_EQ(command_line_refusal({"--time.ende", "1"}),
            "option --time.ende: unknown option; did you mean time.end?");
  EXPECT_EQ(command_line_refusal({"--time.end", "1", "--time.end", "2"}), "option --time.end is given twice");
  EXPECT_NE(command_line_refusal({"a.ini", "b.ini"}).find("unexpected word 'b.ini'"), std::string::npos);
  EXPECT_NE(command_line_refusal({"-x"}).find("unknown option -x"), std::string::npos);
  EXPECT_NE(command_line_refusal({"--time.end"}), "accepted");
  EXPECT_NE(command_line_refusal({"--time"}), "accepted") << "no guessing of cut-off names";
}

TEST_F(OptionSources, NameTheCommandThatWasMistyped) {
  std::uint64_t repeats = 5;
  OptionSet set;
  set.add("repeats", repeats, 1, 10, {"how often"});
  const CommandSyntax syntax{.command = "orrery bench", .option = "--name VALUE", .word = "benchmark"};
  const auto refusal = [&](const std::vector<std::string>& words) -> std::string {
    try {
      read_command_line(words, set, syntax);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal({"rotation", "--repeats", "3"}), "accepted");
  EXPECT_EQ(refusal({"--repeat", "3"}), "option --repeat: unknown option; did you mean repeats?");
  EXPECT_NE(refusal({"--qwertyuiop", "3"}).find("`orrery bench --help` lists"), std::string::npos);
  EXPECT_NE(refusal({"-r", "3"}).find("options are written --name VALUE"), std::string::npos);
  EXPECT_NE(refusal({"rotation", "drift"}).find("there is one benchmark"), std::string::npos);
}

TEST_F(OptionSources, ReadEarlierKeysFromAllPlacesAndNameThePresentOnes) {
  const std::string path = testing::TempDir() + "orrery_earlier.ini";
  std::ofstream(path) << "[particles]\nleast-distance = 3\n";
  std::vector<Setting> all = command_line({"--particles.least-distance", "1"}).settings;
  const auto variables = read_environment({"ORRERY_PARTICLES_LEAST_DISTANCE=2"}, set_);
  const auto file = read_config_file(path, set_);
  std::filesystem::remove(path);
  all.insert(all.end(), variables.begin(), variables.end());
  all.insert(all.end(), file.begin(), file.end());
  ASSERT_EQ(all.size(), 3U);
  for (std::size_t index = 0; index < all.size(); ++index) {
    EXPECT_EQ(all[index].key, "particles.min-distance");
    EXPECT_EQ(all[index].written_key, "particles.least-distance");
    EXPECT_EQ(all[index].value, std::to_string(index + 1));
  }
  EXPECT_EQ(notes_on_renamed(all),
            std::vector<std::string>{"option --particles.least-distance: particles.least-distance is called "
                                     "particles.min-distance now; the earlier name is still read"});
  EXPECT_TRUE(notes_on_renamed(command_line({"--particles.min-distance", "1"}).settings).empty());
}

TEST_F(OptionSources, RefuseAnOptionByBothOfItsKeys) {
  EXPECT_EQ(command_line_refusal({"--particles.min-distance", "1", "--particles.least-distance", "1"}),
            "option --particles.least-distance is given twice");
  EXPECT_NE(
      file_refusal("[particles]\nleast-distance = 1\nmin-distance = 1\n").find("min-distance is set again"),
      std::string::npos);
  EXPECT_THROW(
      read_environment({"ORRERY_PARTICLES_LEAST_DISTANCE=2", "ORRERY_PARTICLES_MIN_DISTANCE=2"}, set_),
      Error);
}

TEST_F(OptionSources, ReadVariablesOfTheirOwnOnly) {
  const auto settings = read_environment({"HOME=/", "ORRERY_PARTICLES_SPEED_LOW=-2", "ORRERYX=1"}, set_);
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].key, "particles.speed-low");
  EXPECT_EQ(settings[0].value, "-2");
  EXPECT_EQ(settings[0].place, "variable ORRERY_PARTICLES_SPEED_LOW");
  try {
    read_environment({"ORRERY_TIME_ENDE=1"}, set_);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_STREQ(error.what(), "variable ORRERY_TIME_ENDE: unknown variable; did you mean ORRERY_TIME_END?");
  }
}

TEST_F(OptionSources, LetVariablesOfOtherProgramsPass) {
  const auto settings =
      read_environment({"ORRERY_ROOT=/opt", "ORRERY_DIR=/opt", "ORRERY_HOME=/opt", "ORRERY_PREFIX=/opt",
                        "ORRERY_VERSION=1", "ORRERY_INCLUDE=/opt", "ORRERY_LIBRARY_DIRS=/opt",
                        "ORRERY_BUILD_TESTS=ON", "ORRERY_TIME=1", "ORRERY_=1", "ORRERY_TIME_END=2"},
                       set_);
  ASSERT_EQ(settings.size(), 1U);
  EXPECT_EQ(settings[0].key, "time.end");
}

TEST_F(OptionSources, RefuseVariablesThatMissAnOptionByLittle) {
  const auto refusal = [this](const std::string& variable) -> std::string {
    try {
      read_environment({variable + "=1"}, set_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal("ORRERY_TIM_END"),
            "variable ORRERY_TIM_END: unknown variable; did you mean ORRERY_TIME_END?");
  EXPECT_NE(refusal("ORRERY_TIMEEND"), "accepted");
  EXPECT_NE(refusal("ORRERY_PARTICLE_SPEED_LOW"), "accepted");
  EXPECT_NE(refusal("ORRERY_TIME_DIRECTORY"), "accepted") << "a section, and no key of it";
}

TEST_F(OptionSources, ReadConfigurationFilesWithTheLineOfEverySetting) {
  const std::string path = testing::TempDir() + "orrery_case.ini";
  std::ofstream(path)
      << "# purpose\n\n[time]\nend = 0.5  # units of time\n[particles]\n  low = -1 -2\nfile =\n";
  const auto settings = read_config_file(path, set_);
  std::filesystem::remove(path);
  ASSERT_EQ(settings.size(), 3U);
  EXPECT_EQ(settings[0].key, "time.end");
  EXPECT_EQ(settings[0].value, "0.5");
  EXPECT_EQ(settings[0].place, path + ":4");
  EXPECT_EQ(settings[1].value, "-1 -2");
  EXPECT_EQ(settings[2].value, "");
}

TEST_F(OptionSources, RefuseMistakesInFilesByLine) {
  EXPECT_EQ(file_refusal("[time]\nende = 1\n"), ":2: time.ende: unknown key; did you mean time.end?");
  EXPECT_NE(file_refusal("[time]\nend = 1\n\nend = 2\n").find(":4: time.end is set again (first in "),
            std::string::npos);
  EXPECT_EQ(file_refusal("[time\n"), ":1: a section is written [name]");
  EXPECT_EQ(file_refusal("[time]\nend 1\n"), ":2: 'end 1' is neither [section] nor key = value");
  EXPECT_NE(file_refusal("end = 1\n").find(":1: end: unknown key"), std::string::npos);
}

TEST_F(OptionSources, RefuseFilesThatAreNotThere) {
  EXPECT_THROW(read_config_file("/nonexistent.ini", set_), Error);
  EXPECT_THROW(read_config_file(testing::TempDir(), set_), Error);
}

}  // namespace
}  // namespace orrery
