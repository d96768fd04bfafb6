// What a pattern of artifact names takes, as minimatch 9 answers (its own answers, asked once, stand here).
#include "harness/base/minimatch.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/base/brace_expansion.h"

namespace exitgate {
namespace {

using Strings = std::vector<std::string>;

TEST(Braces, AreExpandedAsBashDoes) {
  const std::vector<std::pair<std::string, Strings>> cases = {
      {"a{b,c}d", {"abd", "acd"}},
      {"a{b,}c", {"abc", "ac"}},
      {"a{0..3}d", {"a0d", "a1d", "a2d", "a3d"}},
      {"a{b,c{d,e}f}g", {"abg", "acdfg", "acefg"}},
      {"{a,b}{1,2}", {"a1", "a2", "b1", "b2"}},
      {"a{2..}b", {"a{2..}b"}},
      {"a{b}c", {"a{b}c"}},
      {"{08..10}", {"08", "09", "10"}},
      {"{3..1}", {"3", "2", "1"}},
      {"{a..e..2}", {"a", "c", "e"}},
      {"x{{a,b}}y", {"x{a}y", "x{b}y"}},
      {"{a},b}", {"a}", "b"}},
      {"{},a}b", {"{},a}b"}},
      {"a{},b}c", {"a}c", "abc"}},
      {"${a,b}", {"${a,b}"}},
      {"\\{a,b}", {"{a,b}"}},
      {"{a\\,b,c}", {"a,b", "c"}},
      {"{a,b", {"{a,b"}},
      {"{-01..1}", {"-01", "000", "001"}},
  };
  for (const auto& [pattern, wanted] : cases) EXPECT_EQ(expand_braces(pattern, 100), wanted) << pattern;
  EXPECT_EQ(expand_braces("{1..1000}", 100), std::nullopt);
  EXPECT_EQ(expand_braces(std::string(1000, '{') + "a,b" + std::string(1000, '}'), 100), std::nullopt);
}

struct Case {
  std::string pattern;
  Strings matching;
  Strings others;
};

TEST(Minimatch, TakesTheNamesThatItTakes) {
  const std::vector<Case> cases = {
      {"logs", {"logs"}, {"log", "logs2", "Logs"}},
      {"*", {"a"}, {".coverage"}},
      {"**", {"a"}, {".coverage"}},
      {"**/a*", {"ab"}, {"ba"}},
      {"a/*", {}, {"a", "ab"}},
      {"a/", {}, {"a"}},
      {"logs-*", {"logs-", "logs-.a"}, {"logs", "xlogs-a"}},
      {".*", {".coverage"}, {"a"}},
      {"*.xml", {"a.xml"}, {".xml", "a.xmlx"}},
      {"log?", {"logs"}, {"log", "logss"}},
      {"?og", {"log"}, {".og", "og"}},
      {"{a,b}-*", {"a-1", "b-"}, {"c-1", "a"}},
      {"[ab]-[0-9]*", {"a-1", "b-23"}, {"c-1", "a-x"}},
      {"[!a]x", {"bx"}, {"ax", ".x"}},
      {"x[]a]y", {"x]y", "xay"}, {"xby"}},
      {"x[a-]y", {"x-y", "xay"}, {"xby"}},
      {"[.]x", {".x"}, {"ax"}},
      {"a[b", {"a[b"}, {"ab"}},
      {"a[]b", {"a[]b"}, {"ab"}},
      {"x[b-a]", {}, {"xa", "xb", "x"}},
      {"@(a|b)c", {"ac", "bc"}, {"c", "abc"}},
      {"?(a)c", {"ac", "c"}, {"aac"}},
      {"+(ab)", {"ab", "abab"}, {"", "aba"}},
      {"x*(a|b)", {"x", "xabba"}, {"xc"}},
      {"@(a|+(b))c", {"ac", "bbc"}, {"c"}},
      {"@(a", {"@(a"}, {"a"}},
      {"?(*)x", {"ax", "x"}, {}},
      {"!a", {"b", ".a"}, {"a"}},
      {"!!a", {"a"}, {"b"}},
      {"!(a)", {"a", "b"}, {"(a)"}},
      {"#a", {}, {"#a", "a"}},
      {"\\#a", {"#a"}, {"a"}},
      {"\\*", {"*"}, {"a"}},
      {"a\\", {"a\\"}, {"a"}},
      {"\xC3\xA9?", {"\xC3\xA9\xC3\xA8"}, {"\xC3\xA9"}},
  };
  for (const auto& [pattern, matching, others] : cases) {
    const MinimatchPattern read(pattern);
    EXPECT_TRUE(read.is_exact()) << pattern;
    for (const std::string& name : matching) EXPECT_TRUE(read.can_match(name)) << pattern << ' ' << name;
    for (const std::string& name : others) EXPECT_FALSE(read.can_match(name)) << pattern << ' ' << name;
  }
}

TEST(Minimatch, OfWhatIsNotKnownSaysWhatCanBe) {
  const auto can = [](const std::string& pattern, const std::string& name) {
    return MinimatchPattern(pattern).can_match(name);
  };
  EXPECT_TRUE(can("logs-{a,b}", "logs-*"));
  EXPECT_TRUE(can("logs-{a,b}", "*-b"));
  EXPECT_FALSE(can("logs-{a,b}", "*-c"));
  EXPECT_FALSE(can("logs-?", "logs-*-a"));
  EXPECT_TRUE(can("*", "*"));
  EXPECT_TRUE(can("!a", "*"));
  EXPECT_TRUE(can("logs-${{ inputs.x }}-?", "logs-any-1"));
  EXPECT_FALSE(can("logs-${{ inputs.x }}-?", "log-any-1"));
  EXPECT_TRUE(can("{a,${{ inputs.x }}}", "b"));
  EXPECT_FALSE(MinimatchPattern("logs-${{ inputs.x }}").is_exact());
  // What is not read to its end can be anything.
  for (const std::string pattern : {"x!(a)", "[[:alpha:]]x", "{1..1000}", "[${{ inputs.x }}]", "a/../b"}) {
    EXPECT_FALSE(MinimatchPattern(pattern).is_exact()) << pattern;
    EXPECT_TRUE(can(pattern, "xb") || can(pattern, "bx") || can(pattern, "7")) << pattern;
  }
  EXPECT_FALSE(can("x!(a)", "b"));
}

TEST(Minimatch, EndsOnHostilePatterns) {
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "+(a|";
  nested += "b" + std::string(300, ')');
  for (const std::string& pattern : {nested, std::string(1900, '*') + "x", std::string(1900, '{'),
                                     "{a,b}" + std::string(1000, '[') + "{1..9}{1..9}{1..9}"}) {
    const MinimatchPattern read(pattern);
    read.can_match(std::string(200, 'a'));
  }
}

}  // namespace
}  // namespace exitgate
