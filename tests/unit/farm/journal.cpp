#include "farm/journal.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/error.hpp"
#include "farm/packet.hpp"

namespace orrery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class JournalFile : public testing::Test {
protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() / ("orrery_journal_" + std::to_string(getpid()));
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string text() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  Journal open(const std::string& identity = "work", std::int64_t tasks = 10) const {
    return {path_.string(), identity, tasks};
  }
  std::vector<std::int64_t> tasks_found() const {
    std::vector<std::int64_t> tasks;
    for (const auto& finished : open().take_finished()) tasks.push_back(finished.task);
    return tasks;
  }
  std::string refusal(const std::string& identity = "work", std::int64_t tasks = 10) const {
    try {
      open(identity, tasks);
      return "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::input_data);
      return error.what();
    }
  }

  std::filesystem::path path_;
};

TEST(Crc32, IsThatOfZlib) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);  // the check value of CRC-32/ISO-HDLC
  EXPECT_EQ(crc32(""), 0U);
}

TEST_F(JournalFile, KeepsResultsBitForBit) {
  const auto result = bytes_of(-0.1);
  {
    Journal journal = open("100% of\nthe work");
    journal.add_done(3, 2, 0.125, result);
    journal.add_done(0, 1, 1e-300, {});
    journal.add_failed(5, {1, "no\nroom"});
    journal.flush();
  }
  EXPECT_THAT(text(), HasSubstr("orrery-farm 1 10 100%25 of%0athe work\n"));
  EXPECT_THAT(text(), HasSubstr(" failed 5 1 no%0aroom\n"));
  Journal journal = open("100% of\nthe work");
  const auto finished = journal.take_finished();
  ASSERT_THAT(finished, SizeIs(2));
  EXPECT_EQ(finished[0].task, 3);
  EXPECT_EQ(finished[0].attempts, 2);
  EXPECT_EQ(finished[0].seconds, 0.125);
  EXPECT_EQ(finished[0].result, result);
  EXPECT_EQ(finished[1].seconds, 1e-300);
  EXPECT_THAT(finished[1].result, IsEmpty());
  EXPECT_EQ(journal.damaged_lines(), 0);
}

TEST_F(JournalFile, IsWithTheSystemAfterEveryFlush) {
  Journal journal = open();
  journal.add_done(1, 1, 1.0, {});
  EXPECT_THAT(text(), Not(HasSubstr("done")));
  journal.flush();
  EXPECT_THAT(text(), HasSubstr("done 1 1 1 -\n"));
}

TEST_F(JournalFile, SurvivesBeingCutAnywhere) {
  {
    Journal journal = open();
    for (int task = 0; task < 3; ++task) journal.add_done(task, 1, 0.5, bytes_of(task));
    journal.flush();
  }
  const std::string whole = text();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write(whole.substr(0, length));
    const std::string kept = whole.substr(0, length);
    const auto lines = std::count(kept.begin(), kept.end(), '\n');
    // A line that only lacks its end is whole.
    const bool lacks_only_its_end = whole[length] == '\n';
    const auto expected = std::max<std::int64_t>(0, lines - 1 + (lacks_only_its_end && lines > 0));
    EXPECT_EQ(std::ssize(tasks_found()), expected) << "cut after " << length;
    // And it can be gone on with.
    {
      Journal journal = open();
      journal.add_done(9, 1, 0.5, {});
      journal.flush();
    }
    auto found = tasks_found();
    EXPECT_EQ(std::ssize(found), expected + 1) << "cut after " << length;
    EXPECT_EQ(found.back(), 9);
  }
}

TEST_F(JournalFile, DoesNotTrustADamagedLine) {
  {
    Journal journal = open();
    for (int task = 0; task < 3; ++task) journal.add_done(task, 1, 0.5, bytes_of(task));
    journal.flush();
  }
  const std::string whole = text();
  const auto begin = whole.find('\n') + 1;
  const auto end = whole.find('\n', begin);
  for (auto at = begin; at < end; ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    write(damaged);
    Journal journal = open();
    const auto finished = journal.take_finished();
    ASSERT_THAT(finished, SizeIs(2)) << at;
    EXPECT_EQ(finished[0].task, 1);
    EXPECT_GE(journal.damaged_lines(), 1);
  }
}

TEST_F(JournalFile, IsRefusedForOtherWork) {
  { open(); }
  EXPECT_THAT(refusal("play"),
              HasSubstr("other work (orrery-farm 1 10 work; this is orrery-farm 1 10 play)"));
  EXPECT_THAT(refusal("work", 11), HasSubstr("other work"));
  EXPECT_EQ(refusal(), "");
}

TEST_F(JournalFile, IsNotMadeOfAnotherFile) {
  for (const std::string content : {"x,y\n1,2\n", "x", "\n\nnotes\n", "00000000 orrery-farm 1 10 work\n"}) {
    write(content);
    EXPECT_THAT(refusal(), HasSubstr("begins like no journal")) << content;
    EXPECT_EQ(text(), content);
  }
}

TEST_F(JournalFile, HasOneUserAtATime) {
  const Journal journal = open();
  EXPECT_THAT(refusal(), HasSubstr("in use by another run"));
}

TEST_F(JournalFile, IsNoDevice) {
  path_ = "/dev/zero";
  EXPECT_THAT(refusal(), HasSubstr("is no regular file"));
  path_ = "/nowhere";  // to be removed instead
}

TEST_F(JournalFile, CountsTasksThatHung) {
  { open(); }
  Journal::note_hung(path_.string(), 4, {2, "hung: for a minute"});
  const Journal journal = open();
  ASSERT_THAT(journal.hung(), SizeIs(1));
  EXPECT_EQ(journal.hung()[0].task, 4);
  EXPECT_EQ(journal.hung()[0].attempt, (Attempt{2, "hung: for a minute"}));
  Journal::note_hung("/nowhere/journal", 4, {2, ""});  // and no harm is done
}

TEST_F(JournalFile, SaysWhenItCannotBeWritten) {
  try {
    const Journal journal("/nowhere/journal", "work", 1);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_THAT(error.what(), HasSubstr("cannot write journal '/nowhere/journal': No such file"));
  }
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{10, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  try {
    open();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::output);
    EXPECT_THAT(error.what(), HasSubstr("File too large"));
  }
  setrlimit(RLIMIT_FSIZE, &old);
}

}  // namespace
}  // namespace orrery
