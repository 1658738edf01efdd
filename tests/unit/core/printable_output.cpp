#include "core/printable_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>

namespace orrery {
namespace {

TEST(PrintableOutput, LetsNoControlCharacterThrough) {
  std::ostringstream stream;
  {
    const PrintableOutput printable(stream);
    stream << "a\x1b[31m" << std::string("\r\x07\n\t") << 'b' << '\x1b' << "\xE2\x80\xAE\n";
  }
  EXPECT_EQ(stream.str(), "a?[31m??\n\tb??\n");
}

TEST(PrintableOutput, PutsCharactersTogetherThatComeInPieces) {
  std::ostringstream stream;
  {
    const PrintableOutput printable(stream);
    stream << "\xE2" << '\x82' << "\xACx\xC3";
    EXPECT_EQ(stream.str(), "\xE2\x82\xACx");
    stream << "\xA9\xF0\x9D" << std::flush;
    EXPECT_EQ(stream.str(), "\xE2\x82\xACx\xC3\xA9??") << "flushed, it will not be finished";
    stream << "\xC2"
           << "\x9B";  // a control character in two pieces
  }
  EXPECT_EQ(stream.str(), "\xE2\x82\xACx\xC3\xA9???");
}

TEST(PrintableOutput, PrintsWhatSteersATerminalWhereThatIsMeant) {
  std::ostringstream stream;
  print_control(stream, "\r\033[K");
  {
    const PrintableOutput printable(stream);
    stream << "\033";
    print_control(stream, "\033[K");
  }
  EXPECT_EQ(stream.str(), "\r\033[K?\033[K");
}

TEST(PrintableOutput, KeepsItsPlaceAboveAnotherSink) {
  std::ostringstream stream, other;
  {
    const PrintableOutput printable(stream);
    std::streambuf* const former = exchange_sink(stream, other.rdbuf());
    stream << "a\x1b" << std::flush;
    EXPECT_EQ(exchange_sink(stream, former), other.rdbuf());
    stream << "b";
  }
  EXPECT_EQ(other.str(), "a?");
  EXPECT_EQ(stream.str(), "b");
}

TEST(PrintableOutput, TellsOfWhatWasLost) {
  std::ofstream full("/dev/full");
  std::ostringstream messages;
  const PrintableOutput printable(full);
  full << "x" << std::flush << "y";
  EXPECT_EQ(failure_of(full), ENOSPC);
  EXPECT_EQ(checked_end(0, full, messages), 74);
  EXPECT_EQ(checked_end(65, full, messages), 65) << "the first failure counts";
  EXPECT_EQ(messages.str().find("orrery: cannot write to standard output: No space left on device"), 0U);
}

TEST(PrintableOutput, HasNothingToSayWhereNothingWasLost) {
  std::ostringstream stream, messages;
  const PrintableOutput printable(stream);
  stream << "x";
  EXPECT_EQ(checked_end(0, stream, messages), 0);
  EXPECT_EQ(checked_end(1, stream, messages), 1);
  EXPECT_EQ(messages.str(), "");
}

TEST(StandardDescriptors, AreOccupiedSoThatNoFileTakesTheirPlace) {
  const int kept = dup(STDIN_FILENO);
  close(STDIN_FILENO);
  occupy_standard_descriptors();
  const int next = open("/dev/null", O_RDONLY);
  EXPECT_GT(next, STDERR_FILENO);
  close(next);
  if (kept >= 0) {
    dup2(kept, STDIN_FILENO);
    close(kept);
  }
}

}  // namespace
}  // namespace orrery
