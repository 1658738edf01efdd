#include "observe/text_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/error.hpp"

namespace orrery {
namespace {

std::string contents(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(TextFile, KeepsWhatAFileHoldsUntilThereIsSomethingBetter) {
  const std::string path = testing::TempDir() + "orrery_result.json";
  std::ofstream(path) << "an earlier and longer result";
  {
    TextFile file("", path);
    file.write("new");
    EXPECT_EQ(contents(path), "an earlier and longer result");
    file.take_name();
    EXPECT_EQ(contents(path), "new");
  }
  std::filesystem::remove(path);
}

TEST(TextFile, SaysWhyItCannotBeMade) {
  try {
    TextFile("", "/nonexistent/x.json");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_STREQ(error.what(), "cannot write '/nonexistent/x.json': No such file or directory");
  }
}

TEST(TextFile, SaysWhyItCannotBeWritten) {
  TextFile full("", "/dev/full");
  EXPECT_THROW(full.write("text"), Error);
}

TEST(TextFile, ThatIsNoneTakesNothing) {
  TextFile none;
  EXPECT_FALSE(none.is_open());
  EXPECT_NO_THROW(none.write("text"));
  EXPECT_NO_THROW(none.take_name());
}

}  // namespace
}  // namespace orrery
