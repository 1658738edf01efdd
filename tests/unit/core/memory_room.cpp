#include "core/memory_room.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <stdexcept>
#include <system_error>

#include "core/out_of_memory.hpp"

namespace orrery {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// A system as far as control groups go: files below a directory of their own.
class ControlGroups : public testing::Test {
protected:
  void TearDown() override { std::filesystem::remove_all(root_); }

  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path place = root_ + path;
    std::filesystem::create_directories(place.parent_path());
    std::ofstream(place) << text;
  }

  /// A group with what it may take and takes [MiB]; 0: no limit.
  void write_group(const std::string& path, std::uint64_t limit, std::uint64_t usage,
                   std::uint64_t files = 0) const {
    write(path + "/memory.max", limit == 0 ? "max\n" : std::to_string(limit * mebibyte) + "\n");
    write(path + "/memory.high", "max\n");
    write(path + "/memory.current", std::to_string(usage * mebibyte) + "\n");
    write(path + "/memory.stat", "anon 1\ninactive_file " + std::to_string(files * mebibyte) + "\n");
  }
  void write_first_version_group(const std::string& path, std::uint64_t limit, std::uint64_t usage,
                                 std::uint64_t files = 0) const {
    write(path + "/memory.limit_in_bytes",
          limit == 0 ? "9223372036854771712\n" : std::to_string(limit * mebibyte) + "\n");
    write(path + "/memory.usage_in_bytes", std::to_string(usage * mebibyte) + "\n");
    write(path + "/memory.stat",
          "inactive_file 7\ntotal_inactive_file " + std::to_string(files * mebibyte) + "\n");
  }

  MemoryRoom room() const { return control_group_room(root_); }

  std::string root_ =
      testing::TempDir() + "orrery_groups_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

constexpr const char* second_version_mount =
    "22 1 0:21 / /proc rw - proc proc rw\n31 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 "
    "rw\n";

TEST_F(ControlGroups, SetNoLimitWhereThereAreNone) {
  EXPECT_FALSE(room().is_limited());
  write("/proc/self/cgroup", "0::/\n");
  write("/proc/self/mountinfo", second_version_mount);
  EXPECT_FALSE(room().is_limited()) << "the top has no files of this kind";
}

TEST_F(ControlGroups, LeaveTheLeastOfAllAroundAProcess) {
  write("/proc/self/cgroup", "0::/system/job_12/step_0\n");
  write("/proc/self/mountinfo", second_version_mount);
  write_group("/sys/fs/cgroup/system/job_12/step_0", 0, 100);
  EXPECT_FALSE(room().is_limited());
  write_group("/sys/fs/cgroup/system/job_12", 500, 120);
  EXPECT_EQ(room().bytes, 380 * mebibyte);
  EXPECT_THAT(room().limit, testing::HasSubstr("control group"));
  write_group("/sys/fs/cgroup/system", 1000, 990);
  EXPECT_EQ(room().bytes, 10 * mebibyte) << "other jobs take from it too";
  write_group("/sys/fs/cgroup/system/job_12/step_0", 50, 100);
  EXPECT_EQ(room().bytes, 0U) << "already over it";
}

TEST_F(ControlGroups, CountMemoryOfFilesAsFree) {
  write("/proc/self/cgroup", "0::/job\n");
  write("/proc/self/mountinfo", second_version_mount);
  write_group("/sys/fs/cgroup/job", 500, 400, 350);
  EXPECT_EQ(room().bytes, 450 * mebibyte);
  write("/sys/fs/cgroup/job/memory.high", std::to_string(200 * mebibyte));
  EXPECT_EQ(room().bytes, 150 * mebibyte) << "beyond it a process is slowed down until it stands still";
}

TEST_F(ControlGroups, OfTheFirstVersionAreUnderstoodToo) {
  write("/proc/self/cgroup", "9:name=systemd:/user\n4:cpuset,memory:/job/12\n3:cpu:/\n0::/user\n");
  write("/proc/self/mountinfo",
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
        "36 31 0:33 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
  write_first_version_group("/sys/fs/cgroup/memory/job/12", 0, 100);
  EXPECT_FALSE(room().is_limited());
  write_first_version_group("/sys/fs/cgroup/memory/job", 300, 220, 20);
  EXPECT_EQ(room().bytes, 100 * mebibyte);
  write_first_version_group("/sys/fs/cgroup/memory", 90, 20);
  EXPECT_EQ(room().bytes, 70 * mebibyte);
}

TEST_F(ControlGroups, AreFoundInAContainerThatSeesItsOwnAsTheTop) {
  write("/proc/self/cgroup", "5:memory:/docker/abc/job\n");
  write("/proc/self/mountinfo",
        "35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  write_first_version_group("/sys/fs/cgroup/memory", 300, 100);
  write_first_version_group("/sys/fs/cgroup/memory/job", 250, 100);
  EXPECT_EQ(room().bytes, 150 * mebibyte);
}

TEST(MemoryRoom, IsWhatTheNodeHas) {
  const MemoryRoom node = node_memory_room();
  ASSERT_TRUE(node.is_limited());
  EXPECT_GT(node.bytes, mebibyte);
  EXPECT_EQ(node.limit, "on this node");
  EXPECT_LE(memory_room().bytes, MemoryRoom::unlimited - 1);
}

/// Sets a limit of address space while it lives.
class AddressSpace {
public:
  explicit AddressSpace(std::uint64_t bytes) {
    getrlimit(RLIMIT_AS, &before_);
    const struct rlimit limit { bytes, before_.rlim_max };
    setrlimit(RLIMIT_AS, &limit);
  }
  ~AddressSpace() { setrlimit(RLIMIT_AS, &before_); }
  AddressSpace(const AddressSpace&) = delete;
  AddressSpace& operator=(const AddressSpace&) = delete;

private:
  struct rlimit before_ {};
};

TEST(MemoryRoom, IsWhatTheLimitOfAddressSpaceLeavesToEachProcess) {
  EXPECT_FALSE(address_space_room().is_limited());
  const AddressSpace limit(std::uint64_t{1} << 50U);  // more than any node has: nothing else is to fail here
  const MemoryRoom room = address_space_room();
  EXPECT_LT(room.bytes, std::uint64_t{1} << 50U);
  EXPECT_GT(room.bytes, std::uint64_t{1} << 49U);
  EXPECT_THAT(room.limit, testing::HasSubstr("ulimit -v"));
}

TEST(MessageOf, SaysWhatMemoryWasWantedFor) {
  EXPECT_EQ(message_of(std::runtime_error("as it is")), "as it is");
  const std::string unknown = message_of(std::bad_alloc());
  EXPECT_THAT(unknown, testing::StartsWith("out of memory: "));
  EXPECT_THAT(unknown, testing::HasSubstr("are left on this node"));
  EXPECT_THAT(unknown, testing::HasSubstr("; use fewer particles"));
  note_memory_need(300 * mebibyte);
  EXPECT_THAT(message_of(std::bad_array_new_length()),
              testing::HasSubstr("out of memory: the run takes about 300.0 MiB on each rank, and "));
  EXPECT_THAT(message_of(std::length_error("vector::_M_default_append")),
              testing::HasSubstr("out of memory"));
  const std::system_error no_thread(std::make_error_code(std::errc::resource_unavailable_try_again));
  EXPECT_THAT(message_of(no_thread),
              testing::AllOf(testing::StartsWith("cannot start a thread"), testing::HasSubstr("300.0 MiB"),
                             testing::HasSubstr("run.threads")));
  note_memory_need(0);
  EXPECT_THAT(message_of(std::system_error(std::make_error_code(std::errc::io_error))),
              testing::Not(testing::HasSubstr("thread")));
}

}  // namespace
}  // namespace orrery
