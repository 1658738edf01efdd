#include "core/printable.hpp"

#include <gmock/gmock.h>

namespace orrery {
namespace {

TEST(Printable, KeepsTextInAnyAlphabet) {
  EXPECT_EQ(printable("a\tb\nx = 1, \xC3\xA9, \xE2\x82\xAC, \xF0\x9D\x84\x9E"),
            "a\tb\nx = 1, \xC3\xA9, \xE2\x82\xAC, \xF0\x9D\x84\x9E");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, TakesTheStingOutOfControlCharacters) {
  EXPECT_EQ(printable("a\x1b[31mb\r\x07\x7f"), "a?[31mb???");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m"),
            "a?31m");  // the same in one character
}

TEST(Printable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(printable("\xA0x\xFF"), "?x?");
  EXPECT_EQ(printable("cut \xE2\x82"), "cut ??");
  EXPECT_EQ(printable("\xC3(\xC0\x80"), "?(??");
  EXPECT_EQ(printable("\xE0\x80\x9B"), "???");       // overlong, and a control character
  EXPECT_EQ(printable("\xED\xA0\x80"), "???");       // a surrogate
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "????");  // beyond Unicode
}

TEST(Printable, ReplacesWhatTurnsTheDirectionOfWritingOrPartsLines) {
  EXPECT_EQ(printable("gpj.\xE2\x80\xAEh5md"), "gpj.?h5md");  // U+202E
  EXPECT_EQ(printable("a\xE2\x81\xA6z\xD8\x9C"), "a?z?");     // U+2066, U+061C
  EXPECT_EQ(printable("a\xE2\x80\xA8z"), "a?z");              // U+2028
}

TEST(Printable, TellsHowLongACharacterIs) {
  EXPECT_EQ(shown_length(""), 0U);
  EXPECT_EQ(shown_length("ab"), 1U);
  EXPECT_EQ(shown_length("\xE2\x82\xAC"), 3U);
  EXPECT_EQ(shown_length("\xE2\x82"), 0U);
  EXPECT_EQ(shown_length("\n"), 0U);
  EXPECT_EQ(announced_length('\xE2'), 3U);
  EXPECT_EQ(announced_length('\xFF'), 1U);
}

}  // namespace
}  // namespace orrery
