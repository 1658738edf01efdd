#include "inspect/printable.hpp"

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
}

}  // namespace
}  // namespace orrery
