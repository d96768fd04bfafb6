// Files of environment variables, as python-dotenv reads them.
#include "harness/settings/dotenv.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"

namespace exitgate::settings {
namespace {

std::string entries(const std::string& text) {
  std::vector<std::string> all;
  for (const auto& one : parse_dotenv(text)) {
    all.push_back(fmt::format("{} {}{}", one.line, one.name, one.value ? "=" + *one.value : ""));
  }
  return join(all, ", ");
}

TEST(Dotenv, EntriesWithTheirLines) {
  EXPECT_EQ(entries("\xEF\xBB\xBF# comment\nA=1\n\n  export B = two words  # not this\r\nC=a#b\nD\nE=\n"),
            "2 A=1, 4 B=two words, 5 C=a#b, 6 D, 7 E=");
}

TEST(Dotenv, Quotes) {
  EXPECT_EQ(entries("A='x # y' # z\nB=\"two\nlines\"\nC=\"a\\\"b\"\n'D e'=1\nF=''\n"),
            "1 A=x # y, 2 B=two\nlines, 4 C=a\\\"b, 5 D e=1, 6 F=");
}

TEST(Dotenv, WhatIsNoEntryIsLeftOut) {
  EXPECT_EQ(entries("two words\nA=1\n=x\nB='never closed\nC=2\nD=\"x\" y\nE=3"), "2 A=1, 5 C=2, 7 E=3");
  EXPECT_EQ(entries(""), "");
  EXPECT_EQ(entries("#"), "");
  EXPECT_EQ(entries("A"), "1 A");
  EXPECT_EQ(entries("export"), "1 export");
}

// What is not closed is read to the end of its line once, not again and again.
TEST(Dotenv, AnyBytesAreRead) {
  std::string text;
  for (int i = 0; i < 256; ++i) text += static_cast<char>(i);
  EXPECT_NO_THROW(parse_dotenv(text + text));
}

}  // namespace
}  // namespace exitgate::settings
