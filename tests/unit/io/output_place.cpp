#include "io/output_place.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace orrery {
namespace {

class OutputPlace : public testing::Test {
protected:
  void SetUp() override { std::filesystem::create_directory(directory_); }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string refusal(const std::string& path, bool overwrite = false, std::uint64_t bytes = 0) {
    try {
      check_output_place(path, overwrite, bytes);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::output);
      return error.what();
    }
    return "accepted";
  }
  std::string directory_ =
      testing::TempDir() + "orrery_place_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(OutputPlace, IsLeftAsItWas) {
  EXPECT_EQ(refusal(directory_ + "/x.h5md"), "accepted");
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(OutputPlace, KeepsAnExistingFileUnlessItMayBeReplaced) {
  std::ofstream(directory_ + "/x.h5md") << "precious";
  EXPECT_NE(refusal(directory_ + "/x.h5md").find("it exists"), std::string::npos);
  EXPECT_EQ(refusal(directory_ + "/x.h5md", true), "accepted");
  EXPECT_EQ(std::filesystem::file_size(directory_ + "/x.h5md"), 8U);
}

TEST_F(OutputPlace, NeedsADirectoryThatIsThere) {
  EXPECT_NE(refusal(directory_ + "/no/x.h5md").find("No such file or directory"), std::string::npos);
  std::ofstream(directory_ + "/file") << "x";
  EXPECT_NE(refusal(directory_ + "/file/x.h5md").find("is not a directory"), std::string::npos)
      << refusal(directory_ + "/file/x.h5md");
}

TEST_F(OutputPlace, IsCalledWhatItsOptionIsCalled) {
  const std::string path = directory_ + "/list.csv";
  std::ofstream(path) << "precious";
  try {
    check_output_place(path, false, 0, {.option = "--list", .overwrite = "--overwrite", .less = ""});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "cannot write --list '" + path + "': it exists; choose another name or set --overwrite");
  }
}

TEST_F(OutputPlace, IsNoDirectory) {
  std::filesystem::create_directory(directory_ + "/x.h5md");
  EXPECT_NE(refusal(directory_ + "/x.h5md", true).find("not a file"), std::string::npos);
}

TEST_F(OutputPlace, NeedsRoom) {
  const std::uint64_t free = free_bytes_at(directory_ + "/x.h5md");
  EXPECT_EQ(refusal(directory_ + "/x.h5md", false, free / 2), "accepted");
  EXPECT_NE(refusal(directory_ + "/x.h5md", false, std::uint64_t{1} << 60).find("are free in"),
            std::string::npos);
}

}  // namespace
}  // namespace orrery
