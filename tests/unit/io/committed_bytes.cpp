#include "io/committed_bytes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace orrery {
namespace {

class CommittedBytesTest : public testing::Test {
protected:
  CommittedBytesTest() {
    std::string name = testing::TempDir() + "orrery-committed-XXXXXX";
    descriptor_ = mkstemp(name.data());
    unlink(name.c_str());
  }
  ~CommittedBytesTest() override { close(descriptor_); }

  static std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
  /// What others see.
  std::string in_file() const {
    std::string text(100'000, '\0');
    text.resize(static_cast<std::size_t>(pread(descriptor_, text.data(), text.size(), 0)));
    return text;
  }
  static std::string seen(const CommittedBytes& file, std::size_t count) {
    std::string text(count, '?');
    EXPECT_EQ(file.read(0, std::as_writable_bytes(std::span(text))), 0);
    return text;
  }

  int descriptor_;
};

TEST_F(CommittedBytesTest, HoldsBackWhatWouldChangeTheLastState) {
  CommittedBytes file(descriptor_);
  ASSERT_EQ(file.write(0, bytes("one two")), 0);
  EXPECT_EQ(in_file(), "one two");
  ASSERT_EQ(file.commit(0), 0);
  ASSERT_EQ(file.write(4, bytes("TWO three")), 0);  // partly behind the end
  EXPECT_EQ(in_file(), "one two three");
  EXPECT_EQ(seen(file, 15), std::string("one TWO three\0\0", 15));
  ASSERT_EQ(file.commit(0), 0);
  EXPECT_EQ(in_file(), "one TWO three");
}

TEST_F(CommittedBytesTest, KeepsPagesApart) {
  CommittedBytes file(descriptor_);
  const std::string old(20'000, 'o');
  ASSERT_EQ(file.write(0, bytes(old)), 0);
  ASSERT_EQ(file.commit(0), 0);
  const std::string fresh(9'000, 'n');
  ASSERT_EQ(file.write(3'000, bytes(fresh)), 0);
  ASSERT_EQ(file.write(19'000, bytes(fresh)), 0);
  const std::string expected = std::string(3'000, 'o') + fresh + std::string(7'000, 'o') + fresh;
  EXPECT_EQ(in_file().substr(0, 20'000), old);
  EXPECT_EQ(seen(file, expected.size()), expected);
  ASSERT_EQ(file.commit(5'000), 0);
  EXPECT_EQ(in_file(), expected);
}

TEST_F(CommittedBytesTest, IsLongerThanItsStateForThoseWhoLookAtTheEndFirst) {
  CommittedBytes file(descriptor_);
  ASSERT_EQ(file.write(0, bytes("one")), 0);
  ASSERT_EQ(file.lead(1000), 0);
  ASSERT_EQ(file.commit(0), 0);
  EXPECT_EQ(in_file(), "one" + std::string(1000, '\0'));
  ASSERT_EQ(file.write(3, bytes(" and much more")), 0);
  ASSERT_EQ(file.resize(7), 0);
  ASSERT_EQ(file.resize(9), 0);
  EXPECT_EQ(in_file().size(), 1003);
  EXPECT_EQ(seen(file, 9), std::string("one and\0\0", 9));
  ASSERT_EQ(file.commit(0), 0);
  ASSERT_EQ(file.restore(), 0);
  EXPECT_EQ(in_file(), std::string("one and\0\0", 9));
}

TEST_F(CommittedBytesTest, LetsTheLibraryGoWithoutWritingAnyMore) {
  CommittedBytes file(descriptor_);
  ASSERT_EQ(file.write(0, bytes("state")), 0);
  ASSERT_EQ(file.commit(0), 0);
  ASSERT_EQ(file.write(0, bytes("START and more")), 0);
  file.freeze();
  ASSERT_EQ(file.write(6, bytes("AND even more")), 0);
  ASSERT_EQ(file.resize(50), 0);
  EXPECT_EQ(seen(file, 19), "START AND even more");
  EXPECT_EQ(file.restore(), 0);
  EXPECT_EQ(in_file(), "state");
}

TEST_F(CommittedBytesTest, TakesBackWhatItCouldNotBringWhole) {
  CommittedBytes file(descriptor_);
  const std::string old(20'000, 'o'), fresh(2'000, 'n');
  ASSERT_EQ(file.write(0, bytes(old)), 0);
  ASSERT_EQ(file.commit(0), 0);
  ASSERT_EQ(file.write(100, bytes(fresh)), 0);
  ASSERT_EQ(file.write(17'000, bytes(fresh)), 0);
  // What lies behind the limit cannot be written, although it is there.
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit tight{10'000, limit.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  EXPECT_EQ(file.commit(0), EFBIG);  // the page of 0 comes last
  EXPECT_EQ(file.commit(17'000), EFBIG);
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(in_file(), old);
  EXPECT_EQ(file.commit(0), 0);
  EXPECT_EQ(in_file().substr(17'000, 2'000), fresh);
}

}  // namespace
}  // namespace orrery
