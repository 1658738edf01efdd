#include "io/unit_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace orrery {
namespace {

using testing::HasSubstr;

StoredStart start_with(const std::string& length, const std::string& time, const std::string& velocity = "") {
  StoredStart start;
  start.length_unit = length;
  start.time_unit = time;
  start.velocity_unit = velocity;
  return start;
}

std::string problem(const std::string& choice, const StoredStart& start, ExitCode code) {
  try {
    static_cast<void>(output_units(choice, start));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "";
}

TEST(UnitNames, AreNominalWhereNoFileTellsAny) {
  const UnitNames names = output_units("auto", {});
  EXPECT_EQ(names.length, "Angstrom");
  EXPECT_EQ(names.time, "ps");
  EXPECT_EQ(names.velocity(), "Angstrom ps-1");
  EXPECT_EQ(names.system(), "reduced");
  EXPECT_EQ(output_units("nominal", {}).system(), "reduced");
  EXPECT_EQ(output_units("none", {}).length, "");
}

TEST(UnitNames, AreThoseOfTheStartFile) {
  const UnitNames names = output_units("auto", start_with("nm", "ps", "nm ps-1"));
  EXPECT_EQ(names.length, "nm");
  EXPECT_EQ(names.time, "ps");
  EXPECT_EQ(names.system(), "nm ps");
  EXPECT_EQ(output_units("auto", start_with("Angstrom", "fs", "Angstrom/fs")).velocity(), "Angstrom fs-1");
  // One is told by the velocity.
  EXPECT_EQ(output_units("auto", start_with("nm", "", "nm ns-1")).time, "ns");
  EXPECT_EQ(output_units("auto", start_with("", "", "nm ps^-1")).length, "nm");
}

TEST(UnitNames, OfOurOwnReducedFilesMeanNothing) {
  StoredStart start = start_with("Angstrom", "ps", "Angstrom ps-1");
  start.has_nominal_units = true;
  EXPECT_EQ(output_units("auto", start).system(), "reduced");
  EXPECT_EQ(output_units("nm ps", start).system(), "nm ps");
  start.has_nominal_units = false;  // another program means them
  EXPECT_EQ(output_units("auto", start).system(), "Angstrom ps");
}

TEST(UnitNames, CannotBeChangedByTheRun) {
  for (const char* const choice : {"nominal", "A ps", "nm ns", "pm ps"}) {
    const std::string text = problem(choice, start_with("nm", "ps", "nm ps-1"), ExitCode::configuration);
    EXPECT_THAT(text, HasSubstr(choice));
    EXPECT_THAT(text, HasSubstr("'nm ps'"));
  }
  EXPECT_EQ(problem("nm ps", start_with("nm", "ps"), ExitCode::configuration), "");
  EXPECT_EQ(problem("A ps", start_with("angstrom", "ps"), ExitCode::configuration), "");
  EXPECT_EQ(problem("nm ps", start_with("nm", ""), ExitCode::configuration), "");
  EXPECT_EQ(output_units("nm ps", start_with("nm", "")).time, "ps");
}

TEST(UnitNames, OfOneFileHaveToAgree) {
  for (const char* const velocity : {"A ps-1", "nm fs-1", "km/h", "sqrt(eps/m)"}) {
    const std::string text = problem("auto", start_with("nm", "ps", velocity), ExitCode::input_data);
    EXPECT_THAT(text, HasSubstr(velocity));
    EXPECT_EQ(problem("none", start_with("nm", "ps", velocity), ExitCode::input_data), "");
  }
}

TEST(UnitNames, ThatReadersDoNotKnowAreKeptWithANote) {
  const UnitNames metres = output_units("auto", start_with("m", "s", "m s-1"));
  EXPECT_EQ(metres.velocity(), "m s-1");
  EXPECT_THAT(note_on_units(metres), HasSubstr("'m s'"));
  EXPECT_THAT(note_on_units(output_units("auto", start_with("nm", ""))), HasSubstr("no unit of time"));
  for (const auto& pair : known_unit_pairs()) EXPECT_EQ(note_on_units(output_units(pair, {})), "");
  EXPECT_EQ(note_on_units(output_units("nominal", {})), "");
  EXPECT_EQ(note_on_units(output_units("none", {})), "");
}

}  // namespace
}  // namespace orrery
