#include "harness/yaml/yaml.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::yaml {
namespace {

// "line:column message" of the problem, or "" when the text is read.
std::string problem_of(std::string_view text, const Limits& limits = {}) {
  try {
    parse(text, limits);
  } catch (const Problem& problem) {
    return fmt::format("{}:{} {}", problem.line, problem.column, problem.what());
  }
  return "";
}

TEST(Yaml, ReadsCoreScalars) {
  struct Case {
    std::string_view text;
    Kind kind;
    double number = 0;
  };
  const std::vector<Case> cases = {
      {"~", Kind::null},
      {"null", Kind::null},
      {"NULL", Kind::null},
      {"nUll", Kind::string},
      {"true", Kind::boolean, 1},
      {"FALSE", Kind::boolean, 0},
      {"yes", Kind::string},
      {"on", Kind::string},
      {"off", Kind::string},
      {"0", Kind::integer, 0},
      {"-12", Kind::integer, -12},
      {"+7", Kind::integer, 7},
      {"010", Kind::integer, 10},
      {"0o17", Kind::integer, 15},
      {"0x1F", Kind::integer, 31},
      {"0o8", Kind::string},
      {"0x", Kind::string},
      {"0b1", Kind::string},
      {"1_000", Kind::string},
      {"1.5", Kind::real, 1.5},
      {".5", Kind::real, 0.5},
      {"1.", Kind::real, 1},
      {"1e3", Kind::real, 1000},
      {"-1.5E-1", Kind::real, -0.15},
      {".", Kind::string},
      {"-x", Kind::string},
      {"1e", Kind::string},
      {"1.2.3", Kind::string},
      {"12:30", Kind::string},
      {"2024-01-01", Kind::string},
      {"'1'", Kind::string},
      {"\"true\"", Kind::string},
      {"!!str 12", Kind::string},
      {"!!int 12", Kind::integer, 12},
      {"!!float 12", Kind::real, 12},
      {"! 12", Kind::string},
      {"9223372036854775807", Kind::integer, 9223372036854775807.0},
      {"9223372036854775808", Kind::real, 9223372036854775808.0},
      {"1e999", Kind::real, INFINITY},
      {"-.inf", Kind::real, -INFINITY},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    const Node root = parse(fmt::format("key: {}\n", one.text));
    const Node* value = root.find("key");
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(kind_name(value->kind), kind_name(one.kind));
    if (value->kind == Kind::boolean) {
      EXPECT_EQ(value->boolean, one.number != 0);
    }
    if (value->kind == Kind::integer || value->kind == Kind::real) {
      EXPECT_EQ(value->real, one.number);
    }
    if (value->kind == Kind::integer && one.number < 1e15) {
      EXPECT_EQ(value->integer, static_cast<std::int64_t>(one.number));
    }
  }
  EXPECT_TRUE(std::isnan(parse(".nan").real));
}

TEST(Yaml, KeepsLinesColumnsAndOrder) {
  const Node root = parse(
      "# comment\nname: CI\non:\n  push:\n    branches: [main, 'rel/*']\njobs:\n  - a: |\n      x\n      "
      "y\n");
  ASSERT_EQ(root.entries.size(), 3U);
  EXPECT_EQ(root.line, 2);
  EXPECT_EQ(root.entries[1].key.text, "on");
  EXPECT_EQ(root.entries[1].key.line, 3);
  const Node* branches = root.find("on")->find("push")->find("branches");
  ASSERT_NE(branches, nullptr);
  ASSERT_EQ(branches->items.size(), 2U);
  EXPECT_EQ(branches->items[1].text, "rel/*");
  EXPECT_EQ(branches->items[1].line, 5);
  EXPECT_EQ(branches->items[1].column, 22);
  EXPECT_TRUE(branches->items[1].quoted);
  EXPECT_FALSE(branches->items[0].quoted);
  const Node* block = root.find("jobs")->items[0].find("a");
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->text, "x\ny\n");
  EXPECT_EQ(block->line, 7);
}

TEST(Yaml, ReadsCarriageReturnsByteOrderMarksAndEmptyTexts) {
  const Node root = parse(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 3\r\n");
  EXPECT_EQ(root.find("b")->text, "x\ny\n");
  EXPECT_EQ(root.find("c")->line, 5);
  EXPECT_TRUE(parse("").is_null());
  EXPECT_TRUE(parse("# nothing\n").is_null());
  EXPECT_TRUE(parse("---\n...\n").is_null());
}

TEST(Yaml, ExpandsAliasesWithTheLinesOfTheirAnchors) {
  const Node root = parse("a: &x\n  k: [1, 2]\nb: *x\nc: *x\n");
  EXPECT_EQ(root.find("b")->find("k")->items[1].integer, 2);
  EXPECT_EQ(root.find("b")->find("k")->line, 2);
  // GitHub Actions has anchors but no merge keys: `<<` is a key like any other.
  const Node merge = parse("a: &x {k: 1}\nb:\n  <<: *x\n");
  EXPECT_EQ(merge.find("b")->find("k"), nullptr);
  EXPECT_NE(merge.find("b")->find("<<"), nullptr);
}

TEST(Yaml, RejectsWithAPlace) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"a: 1\nb: 2\na: 3\n", "3:1 duplicate key 'a'"},
      {"1: x\n'1': y\n", "2:1 duplicate key '1'"},
      {"a: !thing x\n", "1:4 unknown tag '!thing'"},
      {"a: !!binary x\n", "1:4 unknown tag '!!binary'"},
      {"a: !!int x\n", "1:4 'x' is not a value of the tag '!!int'"},
      {"a: !!set {x}\n", "1:4 unknown tag '!!set'"},
      {"a: &a [*a]\n", "1:8 an alias to a node that it is itself part of"},
      {"a: *b\n", "1:4 an alias to 'b', which no anchor names"},
      {"? [a]\n: b\n", "1:1 a list or a mapping as a key"},
      {"a: 1\n---\nb: 2\n", "2:1 unexpected content after the document: a file holds one document"},
      {",", "1:1 ',' cannot begin a value"},
      {"a: \xFF\n", "1:4 not valid UTF-8"},
      {std::string_view("a: \0", 4), "1:4 control character U+0000"},
      {"a: b\n\x04", "2:1 control character U+0004"},
      {"a:\n\t- b\n", "2:2 a tab where spaces must indent"},
      {"a: [1, 2\n", "1:4 a list is not closed"},
      {"a: {b: 1\n", "1:4 a mapping is not closed"},
      {"a: [b, c }\n", "1:10 neither ',' nor ']'"},
      {"a: [b,, c]\n", "1:7 an entry is missing before ','"},
      {"a: [b,\nc]\n", "2:1 a line of a flow collection is not indented far enough"},
      {"a: 'b\n", "1:4 a quoted scalar is not closed"},
      {"a: \"b\nc\"\n", "2:1 a line of a quoted scalar is not indented far enough"},
      {"a: \"\\q\"\n", "1:5 unknown escape after '\\' in a double-quoted scalar"},
      {"a: \"\\ud800\"\n", "1:5 '\\u' names no character"},
      {"a: \"\\x4\"\n", "1:5 '\\x' needs 2 hexadecimal digits"},
      {"a: b: c\n", "1:5 a ':' within a value: put the value in quotes, or begin a mapping on the next line"},
      {"a: - b\n", "1:4 a list cannot begin on this line"},
      {"a: @b\n", "1:4 '@' cannot begin a value"},
      {"%a: 1\n", "2:1 a '%' directive without the '---' of its document"},
      {"a: b\n  c: d\n", "1:4 a key over more than one line: a ':' within a string needs quotes around it"},
      {"a: 1\n  b: 2\n", "1:4 a key over more than one line: a ':' within a string needs quotes around it"},
      {"a:\n  b: 1\n c: 2\n", "3:2 indented further than its neighbours"},
      {"a:\n  - b\n c: 2\n", "3:2 indented further than its neighbours"},
      {"a: 'b' c\n", "1:8 unexpected text behind a value"},
      {"a: b\nc\n", "2:1 a key without its ':'"},
      {"a: 1\n- b\n", "2:1 an entry of a list where a key must stand"},
      {"- a\nb: 1\n", "2:1 text without a place in the document"},
      {"a: |x\n", "1:5 text behind the '|' or '>' of a block scalar"},
      {"a: |\n   \n b\n", "2:4 an empty line indented further than the text of its block scalar"},
      {"a: 'b'#c\n", "1:7 a comment without white space before its '#'"},
      {"a: &b &c d\n", "1:7 a second anchor on one node"},
      {"a: !!str !!int d\n", "1:10 a second tag on one node"},
      {"a: &b 1\nc: &d *b\n", "2:4 an alias with an anchor or a tag of its own"},
      {"a: !e!x b\n", "1:4 the tag '!e!x' has a prefix that no %TAG declares"},
      {"a: !<x b\n", "1:4 a tag '!<' without its '>'"},
      {"a: & b\n", "1:5 an anchor without a name"},
      {"...\n... a\n", "2:5 unexpected text behind '...'"},
      {"[a\n---\n]", "2:1 a new document within a flow collection"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(problem_of(text), message) << text;
}

TEST(Yaml, TakesKeysThatDifferByCaseForOneWhereAsked) {
  EXPECT_EQ(problem_of("PATH: 1\nPath: 2\n"), "");
  const Limits github{.ignore_key_case = true};
  EXPECT_EQ(problem_of("PATH: 1\nPath: 2\n", github),
            "2:1 duplicate key 'Path' (keys that differ by case alone are one key)");
  EXPECT_EQ(problem_of("a: 1\na: 2\n", github), "2:1 duplicate key 'a'");
  std::string many;
  for (int i = 0; i < 40; ++i) many += fmt::format("key{}: {}\n", i, i);
  EXPECT_EQ(problem_of(many, github), "");
  EXPECT_EQ(problem_of(many + "KEY3: x\n", github),
            "41:1 duplicate key 'KEY3' (keys that differ by case alone are one key)");
  EXPECT_EQ(problem_of(many + "key39: x\n"), "41:1 duplicate key 'key39'");
}

TEST(Yaml, TakesTheClosingBracketBelowItsKey) {
  // The specification wants it further in; workflows are written so, and GitHub reads them.
  const Node root = parse("on:\n  push:\n    branches: [\n      main\n    ]\n  pull_request:\n");
  EXPECT_EQ(root.find("on")->find("push")->find("branches")->items[0].text, "main");
  EXPECT_NE(root.find("on")->find("pull_request"), nullptr);
}

TEST(Yaml, RejectsMegabytesOfBracketsAtOnce) {
  // A reader that looks for the end of a flow collection first takes gigabytes for this.
  EXPECT_EQ(problem_of(std::string(4'000'000, '[')), "1:101 nested deeper than 100 levels");
  EXPECT_EQ(problem_of(std::string(4'000'000, '{')), "1:101 nested deeper than 100 levels");
}

TEST(Yaml, KeepsItsLimits) {
  EXPECT_EQ(problem_of("a: bcdef", {.bytes = 4}), "1:1 8 bytes: larger than the limit of 4");
  EXPECT_EQ(problem_of("[[[a]]]", {.depth = 2}), "1:3 nested deeper than 2 levels");
  EXPECT_EQ(problem_of("[a, b, c]", {.nodes = 3}), "1:8 more than 3 nodes");
  EXPECT_EQ(problem_of("a: &a [1, 1, 1]\nb: [*a, *a]\n", {.nodes = 9}), "2:5 more than 9 nodes");
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += fmt::format("a{0}: &a{0} [", i);
    for (int j = 0; j < 10; ++j) bomb += fmt::format("{}*a{}", j == 0 ? "" : ", ", i - 1);
    bomb += "]\n";
  }
  EXPECT_EQ(problem_of(bomb), "6:25 more than 500000 nodes");
  const std::string text(1000, 'x');
  EXPECT_EQ(problem_of(fmt::format("a: &a {}\nb: [*a, *a, *a]\n", text), {.bytes = 2500}),
            "2:9 aliases make it larger than the limit of 2500 bytes");
  std::string nested;
  for (int i = 0; i < 90; ++i) nested += fmt::format("&a{} [", i);
  EXPECT_EQ(problem_of(nested + text + std::string(90, ']'), {.bytes = 20000}),
            "1:405 anchors hold more than 500000 nodes or 20000 bytes");
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 200; ++i) chain += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  EXPECT_EQ(problem_of(chain), "100:12 nested deeper than 100 levels");
}

TEST(Yaml, FindsKeysInLargeMappings) {
  std::string text;
  for (int i = 0; i < 16000; ++i) text += fmt::format("key{}: {}\n", i, i);
  const Node root = parse(text);
  for (int i = 0; i < 16000; ++i) {
    const Node* value = root.find(fmt::format("key{}", i));
    ASSERT_NE(value, nullptr);
    ASSERT_EQ(value->integer, i);
  }
  EXPECT_EQ(root.find("key16000"), nullptr);
  EXPECT_EQ(root.items.size(), 0U);
  EXPECT_EQ(root.entries[3].value.find("x"), nullptr);
}

}  // namespace
}  // namespace exitgate::yaml
