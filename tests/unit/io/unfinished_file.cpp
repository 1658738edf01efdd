#include "io/unfinished_file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "core/error.hpp"
#include "io/byte_file.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class UnfinishedFileTest : public testing::Test {
protected:
  UnfinishedFileTest() {
    std::string directory = testing::TempDir() + "orrery-unfinished-XXXXXX";
    directory_ = mkdtemp(directory.data());
    path_ = directory_ + "/file";
  }
  ~UnfinishedFileTest() override { fs::remove_all(directory_); }

  static std::string contents(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static void write(const UnfinishedFile& file, std::string_view text) {
    EXPECT_EQ(::write(file.descriptor(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  long entries() const { return std::distance(fs::directory_iterator(directory_), {}); }
  template <class Action>
  static std::string refusal(const Action& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::output);
      return error.what();
    }
    return "accepted";
  }

  std::string directory_, path_;
};

TEST_F(UnfinishedFileTest, HasANameOfItsOwnThatNobodyCanGuess) {
  const UnfinishedFile first("--file", path_), second("--file", path_);
  EXPECT_THAT(first.part_path(), StartsWith(path_ + "."));
  EXPECT_THAT(first.part_path(), EndsWith(".part"));
  EXPECT_EQ(first.part_path().size(), path_.size() + 18);
  EXPECT_NE(first.part_path(), second.part_path());
  const UnfinishedFile longest("--file", directory_ + "/" + std::string(255, 'x'));
  EXPECT_TRUE(fs::exists(longest.part_path()));
}

TEST_F(UnfinishedFileTest, HasTheModeThatTheUserWants) {
  const mode_t before = umask(027);
  {
    UnfinishedFile file("--file", path_);
    file.finish();
  }
  umask(before);
  EXPECT_EQ(fs::status(path_).permissions(), static_cast<fs::perms>(0640));
}

TEST_F(UnfinishedFileTest, IsGoneAtASignal) {
  std::ofstream(path_) << "older";
  const UnfinishedFile first("--file", path_);
  UnfinishedFile second("--other", directory_ + "/other");
  second.finish();
  EXPECT_EQ(entries(), 3);
  UnfinishedFile::remove_all();
  EXPECT_EQ(entries(), 2);
  EXPECT_EQ(contents(path_), "older");
}

TEST_F(UnfinishedFileTest, ReplacesWhatALinkLeadsTo) {
  fs::create_directory(directory_ + "/elsewhere");
  const std::string real = directory_ + "/elsewhere/real";
  std::ofstream(real) << "older";
  fs::create_symlink("elsewhere/real", directory_ + "/second");
  fs::create_symlink("second", path_);
  {
    UnfinishedFile file("--file", path_);
    EXPECT_THAT(file.part_path(), StartsWith(real + "."));
    write(file, "new");
    file.finish();
  }
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(contents(real), "new");
  fs::remove(real);
  UnfinishedFile file("--file", path_);  // which leads nowhere now
  write(file, "newer");
  file.finish();
  EXPECT_EQ(contents(real), "newer");
}

TEST_F(UnfinishedFileTest, RefusesLinksThatGoRoundOrThatOthersPlanted) {
  fs::create_symlink("b", directory_ + "/a");
  fs::create_symlink("a", directory_ + "/b");
  EXPECT_THAT(refusal([&] { UnfinishedFile("--file", directory_ + "/a"); }), HasSubstr("symbolic links"));
  if (geteuid() != 0) GTEST_SKIP() << "only root can make a link of somebody else";
  const std::string shared = directory_ + "/shared", victim = directory_ + "/victim";
  std::ofstream(victim) << "precious";
  fs::create_directory(shared);
  ASSERT_EQ(chmod(shared.c_str(), 01777), 0);
  fs::create_symlink(victim, shared + "/file");
  ASSERT_EQ(lchown((shared + "/file").c_str(), 65534, 65534), 0);
  EXPECT_THAT(refusal([&] { UnfinishedFile("--file", shared + "/file"); }),
              HasSubstr("a link of another user"));
  EXPECT_EQ(contents(victim), "precious");
}

TEST_F(UnfinishedFileTest, HasOneWriterAtATime) {
  std::ofstream(path_) << "older";
  std::optional<UnfinishedFile> first(std::in_place, "--file", path_);
  const auto begin = [&] { UnfinishedFile("--file", path_); };
  EXPECT_EQ(refusal(begin), "cannot write --file '" + path_ +
                                "': another run is writing it; wait for that, or choose another name");
  first->finish();
  EXPECT_THAT(refusal(begin), HasSubstr("another run is writing it")) << "under its name too";
  first.reset();
  EXPECT_EQ(refusal(begin), "accepted");
}

TEST_F(UnfinishedFileTest, OfTwoThatBeginTogetherOneTakesTheName) {
  for (const bool allowed : {false, true}) {
    fs::remove(path_);
    UnfinishedFile first("--file", path_, {.allowed = allowed, .option = "--overwrite"});
    UnfinishedFile second("--file", path_, {.allowed = allowed, .option = "--overwrite"});
    write(first, "first");
    write(second, "second");
    second.finish();
    EXPECT_THAT(refusal([&] { first.finish(); }),
                HasSubstr(allowed ? "another run is writing it"
                                  : "it exists; choose another name or set --overwrite"));
    EXPECT_EQ(contents(path_), "second");
  }
}

TEST_F(UnfinishedFileTest, TakesTheNameOfAFileThatOthersHaveMovedAway) {
  std::ofstream(path_) << "older";
  UnfinishedFile file("--file", path_);
  write(file, "new");
  fs::rename(path_, directory_ + "/kept");
  std::ofstream(path_) << "another";
  file.finish();
  EXPECT_EQ(contents(path_), "new");
  EXPECT_EQ(contents(directory_ + "/kept"), "older");
  EXPECT_EQ(entries(), 2);
}

TEST_F(UnfinishedFileTest, LeavesDevicesWhereTheyAre) {
  UnfinishedFile file("--file", "/dev/null");
  write(file, "text");
  file.finish();
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_EQ(entries(), 0);
}

/// Such as /dev/stdout of a shell's `> file`: the file stays, and what is in it.
TEST_F(UnfinishedFileTest, WritesToAnOpenFileAsItIs) {
  const int open_file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  EXPECT_EQ(::write(open_file, "one ", 4), 4);
  UnfinishedFile file("--file", "/proc/self/fd/" + std::to_string(open_file));
  write(file, "two");
  file.finish();
  EXPECT_EQ(contents(path_), "one two");
  EXPECT_EQ(entries(), 1);
  close(open_file);
}

}  // namespace
}  // namespace orrery
