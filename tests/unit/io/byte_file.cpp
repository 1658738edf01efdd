#include "io/byte_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "core/error.hpp"

namespace orrery {
namespace {

class ByteFileTest : public testing::Test {
protected:
  ByteFileTest() {
    std::string directory = testing::TempDir() + "orrery-byte-file-XXXXXX";
    directory_ = mkdtemp(directory.data());
    path_ = (directory_ / "file").string();
  }
  ~ByteFileTest() override { std::filesystem::remove_all(directory_); }

  static std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
  static std::string contents(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  std::filesystem::path directory_;
  std::string path_;
};

TEST_F(ByteFileTest, HasItsNameOnceItIsFinished) {
  std::ofstream(path_) << "before";
  UnfinishedFile place("--file", path_);
  ByteFile file(place);
  file.append(bytes("one "));
  file.append(bytes("two"));
  file.close();
  EXPECT_EQ(contents(path_), "before");
  place.finish();
  EXPECT_EQ(contents(path_), "one two");
  EXPECT_FALSE(std::filesystem::exists(place.part_path()));
}

TEST_F(ByteFileTest, LeavesNothingUnfinished) {
  {
    const UnfinishedFile place("--file", path_);
    const ByteFile file(place);
    file.write_at(0, bytes("half"));
    EXPECT_TRUE(std::filesystem::exists(place.part_path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(ByteFileTest, IsWrittenInAnyOrderByAnybody) {
  UnfinishedFile place("--file", path_);
  const ByteFile first(place);
  first.reserve(8);
  const ByteFile second(place);
  second.write_at(4, bytes("5678"));
  first.write_at(0, bytes("1234"));
  place.finish();
  EXPECT_EQ(contents(path_), "12345678");
}

TEST_F(ByteFileTest, NamesOptionAndFileWhenItFails) {
  try {
    write_file("--file", path_ + "/none", "text");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_EQ(std::string(error.what()),
              "cannot write --file '" + path_ + "/none': No such file or directory");
  }
  EXPECT_THROW(ByteFile("--file", path_, path_), Error);
}

}  // namespace
}  // namespace orrery
