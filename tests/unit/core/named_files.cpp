#include "core/named_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace orrery {
namespace {

namespace fs = std::filesystem;

class NamedFiles : public testing::Test {
protected:
  NamedFiles() {
    fs::remove_all(directory_);
    fs::create_directories(directory_ / "inner");
    std::ofstream(directory_ / "a") << "a";
  }
  ~NamedFiles() override { fs::remove_all(directory_); }

  std::string in(const std::string& name) const { return (directory_ / name).string(); }

  const fs::path directory_ = fs::path(testing::TempDir()) / "orrery_named_files";
};

TEST_F(NamedFiles, AreOneByAnySpelling) {
  EXPECT_TRUE(is_same_file(in("a"), in("./inner/..//a")));
  EXPECT_TRUE(is_same_file(in("b"), in("inner/../b"))) << "nothing is there yet";
  EXPECT_TRUE(is_same_file(in("a"), fs::relative(in("a")).string()));
  EXPECT_FALSE(is_same_file(in("a"), in("b")));
  EXPECT_FALSE(is_same_file("", ""));
}

TEST_F(NamedFiles, AreOneThroughLinks) {
  fs::create_hard_link(in("a"), in("hard"));
  fs::create_symlink("a", in("soft"));
  fs::create_directory_symlink(directory_, in("inner/up"));
  EXPECT_TRUE(is_same_file(in("a"), in("hard")));
  EXPECT_TRUE(is_same_file(in("a"), in("soft")));
  EXPECT_TRUE(is_same_file(in("b"), in("inner/up/b")));
  fs::create_symlink("inner/up/c", in("first"));
  fs::create_symlink(in("first"), in("second"));
  EXPECT_TRUE(is_same_file(in("second"), in("c"))) << "a link to a link to what is not there yet";
  fs::create_symlink("loop", in("loop"));
  EXPECT_FALSE(is_same_file(in("loop"), in("a")));
}

TEST_F(NamedFiles, LieWithinADirectory) {
  EXPECT_TRUE(is_within(in("inner/x"), in("inner")));
  EXPECT_TRUE(is_within(in("inner/x/y"), in("inner/")));
  EXPECT_FALSE(is_within(in("innermost"), in("inner")));
  EXPECT_FALSE(is_within(in("a"), in("inner")));
}

std::string conflict_of(const std::vector<NamedFile>& files) {
  try {
    refuse_shared_files(files);
  } catch (const OptionConflict& conflict) {
    return conflict.what();
  }
  return "none";
}

TEST_F(NamedFiles, MayBeOneOnlyWhereNoneOfThemIsWritten) {
  const NamedFile read{"in", in("a"), FileUse::read}, written{"out", in("a"), FileUse::written};
  EXPECT_EQ(conflict_of({read, read}), "none");
  EXPECT_EQ(conflict_of({read, written}), conflict_of({written, read}));
  EXPECT_NE(conflict_of({read, written}).find("out is the same file as in, '" + in("a") + "'"),
            std::string::npos);
  EXPECT_NE(conflict_of({written, written}), "none");
  EXPECT_EQ(conflict_of({{"out", "/dev/null", FileUse::written}, {"log", "/dev/null", FileUse::written}}),
            "none");
  EXPECT_EQ(conflict_of({{"out", "", FileUse::written}, {"log", "", FileUse::written}}), "none");
}

TEST_F(NamedFiles, ComeFromTheOptionsThatNameSome) {
  std::string input = "i", output = "o", text = "o";
  OptionSet set;
  set.add_file("in", input, FileUse::read, {"help"});
  set.add_file("out", output, FileUse::written, {"help"});
  set.add("text", text, {"help"});
  const auto files = named_files(set);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "in");
  EXPECT_EQ(files[1].path, "o");
  EXPECT_EQ(files[1].use, FileUse::written);
}

}  // namespace
}  // namespace orrery
