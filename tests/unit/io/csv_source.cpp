#include "io/csv_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"
#include "io/open_source.hpp"
#include "io/row_reader.hpp"
#include "laws/rotation.hpp"

namespace orrery {
namespace {

class CsvSource : public testing::Test {
protected:
  std::string write(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return path_;
  }
  std::unique_ptr<ParticleSource> open(const std::string& text) {
    ParticleOptions options;
    options.source = SourceKind::file;
    options.file = write(text);
    return open_file_source(options, law_.dimensions(), law_.parameters());
  }
  /// The message with which a text is refused, from the line number on.
  std::string refusal(const std::string& text) {
    try {
      open(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input_data);
      const std::string message = error.what();
      return message.starts_with(path_) ? message.substr(path_.size()) : message;
    }
    return "accepted";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  RotationLaw law_;
  std::string path_ = testing::TempDir() + "orrery_csv_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

TEST_F(CsvSource, ReadsRowsInOrder) {
  const auto source = open("x,y,speed\n0.3,0.5,1\n0,-0.5,-1\n-0.1,-0.4,3\n");
  ASSERT_EQ(source->count(), 3);
  EXPECT_TRUE(source->consecutive_ids());
  ParticleRows rows(2, 1, 0);
  source->read({0, 2}, rows);
  EXPECT_EQ(rows.position[1], (std::vector<double>{0.5, -0.5}));
  source->read({2, 3}, rows);
  EXPECT_EQ(rows.id[0], ParticleId{2});
  EXPECT_EQ(rows.parameter[0][0], 3.0);
}

TEST_F(CsvSource, ReadsWholeNumbersBelowABound) {
  const std::vector<ParameterColumn> species{
      {.name = "species", .dataset = "species", .description = "", .values = 2, .need = "two masses"}};
  const auto opened = [&](const std::string& text) {
    ParticleOptions options;
    options.file = write(text);
    return open_file_source(options, 2, species);
  };
  ParticleRows rows(2, 1, 0);
  opened("species,id,x,y\n1,3,0,0\n0,7,0,0\n")->read({0, 2}, rows);
  EXPECT_EQ(rows.parameter[0], (std::vector<double>{1, 0}));
  const auto refusal_of = [&](const std::string& text) -> std::string {
    try {
      opened(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input_data);
      return std::string(error.what()).substr(path_.size());
    }
    return "accepted";
  };
  for (const std::string value : {"2", "-1", "0.5"}) {
    EXPECT_EQ(refusal_of("x,y,species,id\n0,0,1,3\n0,0," + value + ",9\n"),
              ":3: particle 9 has species " + value + ", which is no whole number from 0 to 1 (two masses)");
  }
  EXPECT_EQ(refusal_of("x,y\n0,0\n"),
            ":1: column 'species' is missing (two masses); the columns are x,y,species and perhaps id");
}

TEST_F(CsvSource, TakesColumnsInAnyOrderBlanksCommentsAndCarriageReturns) {
  const auto source =
      open("\xEF\xBB\xBF# made by hand\r\n\r\nspeed , y, x\r\n 1, 2 ,3\r\n# between\r\n\r\n4,5,6");
  ASSERT_EQ(source->count(), 2);
  ParticleRows rows(2, 1, 0);
  source->read({0, 2}, rows);
  EXPECT_EQ(rows.position[0], (std::vector<double>{3, 6}));
  EXPECT_EQ(rows.parameter[0], (std::vector<double>{1, 4}));
}

TEST_F(CsvSource, TellsThatIdsDoNotAscend) {
  const auto source = open("id,x,y,speed\n9,1,0,0\n2,2,0,0\n5,3,0,0\n");
  EXPECT_FALSE(source->consecutive_ids());
  EXPECT_FALSE(source->is_sorted());
  EXPECT_EQ(source->place_of(2), "line 4");
  ParticleRows rows(2, 1, 0);
  source->read({0, 3}, rows);
  EXPECT_EQ(rows.id, (std::vector<ParticleId>{ParticleId{9}, ParticleId{2}, ParticleId{5}}));
  EXPECT_EQ(rows.position[0], (std::vector<double>{1, 2, 3}));
  EXPECT_TRUE(open("id,x,y,speed\n2,1,0,0\n9,2,0,0\n")->is_sorted());
  EXPECT_FALSE(open("id,x,y,speed\n2,1,0,0\n2,2,0,0\n")->is_sorted());
}

TEST_F(CsvSource, AcceptsATableWithoutRows) {
  EXPECT_EQ(open("x,y,speed\n")->count(), 0);
}

TEST_F(CsvSource, ReadsPointsAloneFromAmongOtherColumns) {
  CsvReader plane(write("name,y,id,x\nred,1,9,2\nblue,3,9,4\n"));
  ASSERT_EQ(plane.axes(), 2);
  ASSERT_EQ(plane.count(), 2);
  EXPECT_FALSE(plane.has_ids());
  ParticleRows rows(2, 0, 0);
  plane.read_next(2, rows);
  EXPECT_EQ(rows.position[0], (std::vector<double>{2, 4}));
  EXPECT_EQ(rows.position[1], (std::vector<double>{1, 3}));
  EXPECT_EQ(CsvReader(write("z,y,x\n")).axes(), 3);
  for (const auto* const text : {"", "x,z\n", "x,y,y\n"}) EXPECT_THROW(CsvReader(write(text)), Error) << text;
}

TEST_F(CsvSource, RefusesBadTablesByLine) {
  EXPECT_EQ(refusal(""), ":1: the file is empty; the first line names the columns: x,y,speed and perhaps id");
  EXPECT_EQ(refusal("x,y\n1,2\n"), ":1: column 'speed' is missing; the columns are x,y,speed and perhaps id");
  EXPECT_EQ(refusal("x,y,sped,mass\n"),
            ":1: column 'speed' is missing; the columns are x,y,speed and perhaps id");
  EXPECT_EQ(refusal("x,y,x,speed\n"), ":1: column 'x' is duplicated");
  EXPECT_EQ(refusal("x,y,speed\n1,2,3\n1,2\n"), ":3: 2 values, but the header names 3 columns");
  EXPECT_EQ(refusal("x,y,speed\n1,2,3,4\n"), ":2: 4 values, but the header names 3 columns");
  EXPECT_EQ(refusal("x,y,speed\n1,a,3\n"), ":2: column 'y': 'a' is not a finite number");
  EXPECT_EQ(refusal("x,y,speed\n1,2,nan\n"), ":2: column 'speed': 'nan' is not a finite number");
  EXPECT_EQ(refusal("x,y,speed\n1,inf,3\n"), ":2: column 'y': 'inf' is not a finite number");
  EXPECT_EQ(refusal("x,y,speed\n1,,3\n"), ":2: column 'y': '' is not a finite number");
  EXPECT_EQ(refusal("x,y,speed,id\n1,2,3,-4\n"),
            ":2: column 'id': '-4' is not a whole number from 0 to 9223372036854775807");
}

TEST_F(CsvSource, SaysWhichColumnsItPassesOver) {
  EXPECT_THAT(open("x,mass,y,speed,\n1,2,3,4,\n")->start().notes,
              testing::ElementsAre(testing::HasSubstr("columns 'mass', '' are not used")));
  EXPECT_THAT(open("x,y,speed,id\n1,2,3,4\n")->start().notes, testing::IsEmpty());
}

TEST_F(CsvSource, TellsLinesBehindAHeaderInAComment) {
  const auto source = open("# table\n# id x y speed\n# of 2020\n4 1 2 3\n\n4 1 2 3\n");
  EXPECT_EQ(source->place_of(0), "line 4");
  EXPECT_EQ(source->place_of(1), "line 6");
}

TEST_F(CsvSource, RefusesFilesThatAreNotThereOrOfUnknownKind) {
  ParticleOptions options;
  options.source = SourceKind::file;
  for (const char* name : {"/nonexistent/x.csv", "x.txt", "/nonexistent/x.h5md"}) {
    options.file = name;
    EXPECT_THROW(open_file_source(options, law_.dimensions(), law_.parameters()), Error) << name;
  }
}

}  // namespace
}  // namespace orrery
