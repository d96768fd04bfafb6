#include "harness/base/text.h"

#include <gmock/gmock.h>

namespace exitgate {
namespace {

using testing::ElementsAre;

TEST(Nearest, FindsASlipOfThePenAndNothingFarther) {
  const std::vector<std::string> keys = {"steps", "roles", "environment"};
  EXPECT_EQ(nearest("step", keys), "steps");
  EXPECT_EQ(nearest("enviroment", keys), "environment");
  EXPECT_EQ(nearest("gates", keys), std::nullopt);
  EXPECT_EQ(did_you_mean("rolse", keys), " (did you mean 'roles'?)");
  EXPECT_EQ(did_you_mean("unheard-of", keys), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a::b:", ':'), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ':'), ElementsAre(""));
}

TEST(Trim, TakesWhiteSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Utf8, NamesTheFirstInvalidByte) {
  EXPECT_EQ(invalid_utf8("grün €𝄞"), std::nullopt);
  EXPECT_EQ(invalid_utf8("a\xC0\xAF"), 1U) << "over-long";
  EXPECT_EQ(invalid_utf8("ab\xED\xA0\x80"), 2U) << "a surrogate";
  EXPECT_EQ(invalid_utf8("\xF4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(invalid_utf8("abc\xE2\x82"), 3U) << "cut off";
  EXPECT_EQ(valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(invalid_utf8("eight bytes of ASCII, and a letter: ä, and then\xFF"), 48U);
  EXPECT_EQ(invalid_utf8("12345678\x80"), 8U);
  EXPECT_EQ(invalid_utf8("1234567ä 1234567ä 12345678"), std::nullopt);
}

TEST(Printable, LetsNothingThroughThatSteersATerminal) {
  EXPECT_EQ(printable("grün €𝄞.txt"), "grün €𝄞.txt");
  EXPECT_EQ(printable("a\x1B[2Jb\r\nc\x7F\td"), "a?[2Jb  c? d");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "2J, \xC2\xA0z"),
            "a?2J, \xC2\xA0z")
      << "U+009B starts a command as well";
  EXPECT_EQ(printable("a\xFFz\xC2"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
}

TEST(Printable, HoldsNoCommandOfARunner) {
  EXPECT_EQ(printable("a ##[error]x"), "a ##\\[error]x");
  EXPECT_EQ(printable("##vso[task.setvariable x]"), "##\\vso[task.setvariable x]");
  EXPECT_EQ(printable("##teamCity[x"), "##\\teamCity[x");
  EXPECT_EQ(printable("###[x ##\\[ ## [ ##a b["), "###\\[x ##\\[ ## [ ##a b[");
  EXPECT_EQ(printable(printable("##[error]x")), printable("##[error]x"));
}

TEST(Printable, KeepsTheOrderAndTheLine) {
  EXPECT_EQ(printable("a\u202eb\u2066c\u2069"), "a?b?c?") << "right-to-left overrides and isolates";
  EXPECT_EQ(printable("a\u2028b\u2029c\u0085d\ve\ff"), "a b c d e f");
  EXPECT_EQ(printable("\u200fא"), "\u200fא");
}

TEST(Printable, ShowsTheBeginningOfALongName) {
  EXPECT_EQ(printable_name(std::string(200, 'n')), std::string(200, 'n'));
  EXPECT_EQ(printable_name(std::string(201, 'n')), std::string(200, 'n'));
  EXPECT_EQ(printable_name(std::string(199, 'n') + "ü"), std::string(199, 'n') + "\xEF\xBF\xBD")
      << "cut in two";
}

TEST(Glob, MatchesTheWholeText) {
  EXPECT_TRUE(glob_match("ci.yml:*", "ci.yml:test:upload"));
  EXPECT_TRUE(glob_match("*/ci.yml", ".github/workflows/ci.yml"));
  EXPECT_TRUE(glob_match("a?c", "abc"));
  EXPECT_TRUE(glob_match("*a*b*", "xxaxxbxx"));
  EXPECT_FALSE(glob_match("ci.yml", "ci.yml:test"));
  EXPECT_FALSE(glob_match("*a*b", "xxbxxa"));
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_FALSE(glob_match("", "a"));
}

TEST(Text, GlobsMeetWhenATextFitsBoth) {
  struct Case {
    std::string_view one, other;
    bool meet;
  };
  for (const auto& [one, other, meet] : {Case{"a", "a", true},
                                         {"a", "ab", false},
                                         {"", "", true},
                                         {"", "*", true},
                                         {"logs-*", "logs-linux", true},
                                         {"logs-*", "log-*", false},
                                         {"*-linux", "*-macos", false},
                                         {"a*b", "ab", true},
                                         {"a*b", "a", false},
                                         {"ab*", "*b", true},
                                         {"ab*ba", "aba", false},
                                         {"a*c", "*b*", true},
                                         {"a?c", "abc", false},
                                         {"*x*", "*y*", true}}) {
    EXPECT_EQ(globs_meet(one, other), meet) << one << " and " << other;
    EXPECT_EQ(globs_meet(other, one), meet) << other << " and " << one;
  }
}

TEST(ShortHash, IsStable) {
  // FNV-1a's published vectors.
  EXPECT_EQ(short_hash(""), "cbf29ce484222325");
  EXPECT_EQ(short_hash("foobar"), "85944171f73967e8");
}

}  // namespace
}  // namespace exitgate
