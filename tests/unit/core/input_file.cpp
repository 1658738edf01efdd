#include "core/input_file.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace orrery {
namespace {

class InputFile : public testing::Test {
protected:
  void TearDown() override { std::filesystem::remove(path_); }
  std::string path_ = testing::TempDir() + "orrery_" + std::to_string(getpid()) + "_" +
                      testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(InputFile, MayBeAnyRegularFile) {
  std::ofstream(path_) << "text";
  EXPECT_EQ(problem_of_input_file(path_), "");
  EXPECT_NO_THROW(check_input_file(path_, "cannot read it"));
}

TEST_F(InputFile, IsMissing) {
  EXPECT_EQ(problem_of_input_file(path_), "No such file or directory");
}

TEST_F(InputFile, IsNoPipeWithAName) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  for (const Pipes pipes : {Pipes::refused, Pipes::unnamed})
    EXPECT_EQ(problem_of_input_file(path_, pipes),
              "it is a pipe, not a regular file; write its contents to a file");
  try {
    check_input_file(path_, "cannot read particles.file 'a.csv'");
    ADD_FAILURE() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::input_data);
    EXPECT_TRUE(std::string(error.what()).starts_with("cannot read particles.file 'a.csv': it is a pipe"));
  }
}

TEST_F(InputFile, IsAShellsPipeWhereThatIsOffered) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  EXPECT_EQ(problem_of_input_file(path, Pipes::unnamed), "");
  EXPECT_NE(problem_of_input_file(path), "");
  close(ends[0]);
  close(ends[1]);
}

TEST_F(InputFile, IsNoDirectoryDeviceOrSocket) {
  EXPECT_EQ(problem_of_input_file(testing::TempDir()), "it is a directory");
  EXPECT_EQ(problem_of_input_file("/dev/zero"), "it is a device, not a regular file");
  const int end = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path_.size(), sizeof(address.sun_path));
  path_.copy(address.sun_path, path_.size());
  ASSERT_EQ(bind(end, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);  // NOLINT
  EXPECT_EQ(problem_of_input_file(path_), "it is a socket, not a regular file");
  close(end);
}

TEST_F(InputFile, IsToldFromAnotherAndFromItselfAfterAChange) {
  std::ofstream(path_) << "text";
  const FileIdentity before = identity_of_file(path_);
  EXPECT_EQ(identity_of_file(path_), before);
  std::ofstream(path_, std::ios::app) << "more";
  EXPECT_NE(identity_of_file(path_), before);
  EXPECT_TRUE(identity_of_file(path_).is_same_file(before));
  EXPECT_FALSE(identity_of_file(testing::TempDir()).is_same_file(before));
}

}  // namespace
}  // namespace orrery
