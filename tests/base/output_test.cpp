#include "harness/base/output.h"

#include <gtest/gtest.h>

namespace exitgate {
namespace {

TEST(WithoutCommands, NoLineIsACommandOfARunner) {
  EXPECT_EQ(without_commands("::stop-commands::x\n  ::error file=a::b\n"),
            "\\::stop-commands::x\n  \\::error file=a::b\n");
  EXPECT_EQ(without_commands("\u00a0\u3000 ::warning::x"), "\u00a0\u3000 \\::warning::x")
      << "white space of any kind is trimmed before it";
  EXPECT_EQ(without_commands("\t::x\r::y"), " \\::x ::y");
  EXPECT_EQ(without_commands("a ::b\na::c::d\n:e\n"), "a ::b\na::c::d\n:e\n");
  EXPECT_EQ(without_commands("x ##[error]y\n##vso[z]\n"), "x ##\\[error]y\n##\\vso[z]\n");
}

TEST(WithoutCommands, LinesStayAndControlCharactersGo) {
  EXPECT_EQ(without_commands(""), "");
  EXPECT_EQ(without_commands("\n\na"), "\n\na");
  EXPECT_EQ(without_commands("a\n"), "a\n");
  EXPECT_EQ(without_commands("a\x1b[31mb\x07"), "a?[31mb?");
}

TEST(WithoutCommands, OwnColorsMayStay) {
  EXPECT_EQ(without_commands("\x1b[1;31mred\x1b[0m\x1b[2J\x1b]0;t\x07", true),
            "\x1b[1;31mred\x1b[0m?[2J?]0;t?");
  EXPECT_EQ(without_commands(" \x1b[1m::error::x\x1b[0m", true), " \x1b[1m\\::error::x\x1b[0m");
}

TEST(SayProblem, PutsEachLineOfTheHintBehindItsMark) {
  testing::internal::CaptureStderr();
  say_problem("nothing is sealed", "first\nthen");
  say_problem("no hint");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "exitgate: nothing is sealed\n  > first\n  > then\nexitgate: no hint\n");
}

}  // namespace
}  // namespace exitgate
