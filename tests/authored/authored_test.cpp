#include "harness/authored/authored.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::authored {
namespace {

using yaml::Kind;
using yaml::Node;
using yaml::Problem;

// The whole tree, with kinds, texts and the line of all that has a text.
std::string notation(const Node& node) {
  std::string text = fmt::format("{}@{}", yaml::kind_name(node.kind), node.is_null() ? 0 : node.line);
  if (node.is_scalar()) return fmt::format("{}'{}'", text, node.text);
  for (const Node& item : node.items) text += " " + notation(item);
  for (const auto& entry : node.entries)
    text += fmt::format(" {}: {}", notation(entry.key), notation(entry.value));
  return "(" + text + ")";
}

// "line:column message" of the problem, or "" when the text is read.
std::string problem_of(std::string_view text) {
  try {
    read(text);
  } catch (const Problem& problem) {
    return fmt::format("{}:{} {}", problem.line, problem.column, problem.what());
  }
  return "";
}

TEST(Authored, ReadsATreeWithLines) {
  const Node root = read(
      "# why\nexit-gate: EG-A1\ngates:\n  - id: a\n    with: {min-days: 30, names: [x, 'y']}\n    "
      "counterexample: |\n      DELETE\n      FROM x\n");
  EXPECT_EQ(root.find("exit-gate")->line, 2);
  const Node& gate = root.find("gates")->items.at(0);
  EXPECT_EQ(gate.line, 4);
  EXPECT_EQ(gate.find("with")->find("min-days")->integer, 30);
  EXPECT_EQ(gate.find("with")->find("names")->items.at(1).text, "y");
  EXPECT_EQ(gate.find("with")->find("names")->line, 5);
  EXPECT_EQ(gate.find("counterexample")->text, "DELETE\nFROM x\n");
  EXPECT_EQ(gate.find("counterexample")->line, 6);
}

TEST(Authored, ResolvesScalarsByTheCoreSchema) {
  struct Case {
    std::string_view text;
    Kind kind;
  };
  const std::vector<Case> cases = {
      {"010", Kind::integer},
      {"0o10", Kind::integer},
      {"0x1F", Kind::integer},
      {"-7", Kind::integer},
      {"yes", Kind::string},
      {"on", Kind::string},
      {"1e3", Kind::real},
      {".inf", Kind::real},
      {"1_000", Kind::string},
      {"12:30", Kind::string},
      {"~", Kind::null},
      {"", Kind::null},
      {"null", Kind::null},
      {"'null'", Kind::string},
      {"true", Kind::boolean},
      {"\"true\"", Kind::string},
      {"2027-01-31", Kind::string},
      {"!!str 12", Kind::string},
      {"! 12", Kind::string},
      {"!!int 12", Kind::integer},
      {"!!float 12", Kind::real},
  };
  for (const Case& one : cases) {
    const Node root = read(fmt::format("key: {}\n", one.text));
    EXPECT_EQ(yaml::kind_name(root.find("key")->kind), yaml::kind_name(one.kind)) << one.text;
  }
  EXPECT_EQ(read("a: 010\n").find("a")->integer, 10);
}

TEST(Authored, ReadsWhatHasNoDocumentAsNull) {
  for (const char* text : {"", "\n", "# only a comment", "---\n", "---\n...\n"})
    EXPECT_TRUE(read(text).is_null()) << text;
}

TEST(Authored, ReadsBothEndsOfLinesAndAFileWithoutALastOne) {
  const std::string unix_text =
      "\xEF\xBB\xBF"
      "a: >-\n  x\n  y\n\nb:\n  - |\n    é\n\n  - c # d\n  - e";
  std::string dos_text;
  for (const char c : unix_text) dos_text += c == '\n' ? "\r\n" : std::string(1, c);
  EXPECT_EQ(notation(read(unix_text)), notation(read(dos_text)));
  EXPECT_EQ(notation(read(unix_text)), notation(yaml::parse(unix_text)));
}

TEST(Authored, ExpandsAliasesAndLeavesMergeKeysAlone) {
  const Node root = read("a: &x {k: 1}\nb: {<<: *x}\n? c\n: [*x, *x]\n");
  EXPECT_EQ(root.find("b")->find("k"), nullptr);
  EXPECT_EQ(root.find("b")->find("<<")->find("k")->integer, 1);
  EXPECT_EQ(root.find("c")->items.at(1).find("k")->integer, 1);
}

// The strict reader's word comes first: none of these reaches yaml-cpp, which takes all memory for the first,
// crashes a naive walk with the second and accepts the others.
TEST(Authored, RejectsWhatTheStrictReaderRejects) {
  EXPECT_EQ(problem_of(","), "1:1 ',' cannot begin a value");
  EXPECT_EQ(problem_of("a: &a [*a]\n"), "1:8 an alias to a node that it is itself part of");
  EXPECT_EQ(problem_of("a: 1\na: 2\n"), "2:1 duplicate key 'a'");
  EXPECT_EQ(problem_of("a: 1\n---\nb: 1\n"),
            "2:1 unexpected content after the document: a file holds one document");
  EXPECT_EQ(problem_of("a: \xFF\n"), "1:4 not valid UTF-8");
  EXPECT_EQ(problem_of("a: !thing x\n"), "1:4 unknown tag '!thing'");
  EXPECT_EQ(problem_of(std::string(4'000'000, '[')), "1:101 nested deeper than 100 levels");
}

// Texts that yaml-cpp 0.7 reads otherwise than YAML says. The strict reader reads each of them.
TEST(Authored, RejectsWhatTwoReadersReadDifferently) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"title: \"30\\_days\"\n",
       "1:8 two YAML readers read this differently, as the string \"30\u00A0days\" and as the string "
       "\"30\\xA0days\": quote it, or write it in a simpler form"},
      {"a:\n- \"a text of more than forty bytes, \\\n  é of which the first part "
       "\\\"is\\\"\\n\\tequal\\_\"\n",
       "2:3 two YAML readers read this differently, as the string \"…is\\\"\\n\\x09equal\u00A0"
       "\" and as the string \"…is\\\"\\n\\x09equal\\xA0\": quote it, or write it in a simpler form"},
      {"gates:\n  - id: a\n    labels: [ci, ?x]\n",
       "3:18 two YAML readers read this differently: one reads it, the other says \"unknown token\": quote "
       "it, or write it in a simpler form"},
      {"steps:\n  - a\n\t\n  - b\n",
       "3:1 two YAML readers read this differently: one reads it, the other says \"illegal tab when looking "
       "for indentation\": quote it, or write it in a simpler form"},
      {"a: 1\rb: 2\r",
       "1:7 two YAML readers read this differently: one reads it, the other says \"illegal map value\": "
       "quote it, or write it in a simpler form"},
      {"--- |\na: 1\n",
       "2:1 two YAML readers read this differently: one reads it, the other says \"a second document\": "
       "quote it, or write it in a simpler form"},
      {"with: {\"a\"\n  :b}\n",
       "1:8 two YAML readers read this differently: one reads it, the other says \"end of map flow not "
       "found\": quote it, or write it in a simpler form"},
      {"!\n",
       "1:2 two YAML readers read this differently, as the string \"\" and as null: quote it, or write it in "
       "a simpler form"},
      {"::\n:\n",
       "1:1 two YAML readers read this differently, as a mapping of 2 and as a mapping of 1: quote it, or "
       "write it in a simpler form"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(problem_of(text), message) << text;
}

// Whatever a text is: it is read as the strict reader reads it, or not at all.
TEST(Authored, ReadsAnyTextAsTheStrictReaderDoesOrNotAtAll) {
  const std::vector<std::string> words = {
      "a",   "b: ",  "key: ", "- ",   "\n",    "\n  ", "\n    ", "\n- ",   "\n  - ", "\nz: ", ": ",
      ":",   " #c",  "#",     "'",    "\"",    "\\",   "{",      "}",      "[",      "]",     ", ",
      "é",   "\t",   "*x",    "&x ",  "|",     ">",    "|-",     ">+",     "? ",     "?",     "~",
      "010", "yes",  "1e3",   "---",  "...",   "%",    "@",      "!!str ", "! ",     "'x'",   "\"y\"",
      "''",  "\r\n", "\r",    "<<: ", "\\x41", "\\P",  "true",   "null"};
  int alike = 0;
  int different = 0;
  for (unsigned seed = 0; seed < 40'000; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (auto parts = 1 + random() % 12; parts > 0; --parts) text += words[random() % words.size()];
    Node strict;
    try {
      strict = yaml::parse(text);
    } catch (const Problem& refused) {
      EXPECT_EQ(problem_of(text), fmt::format("{}:{} {}", refused.line, refused.column, refused.what()));
      continue;
    }
    try {
      const Node root = read(text);
      ++alike;
      // A node with a tag or an anchor begins there for yaml-cpp, and behind it for the strict reader.
      if (text.find_first_of("&!") == std::string::npos) {
        ASSERT_EQ(notation(root), notation(strict)) << "seed " << seed << "\n" << text;
      }
    } catch (const Problem& problem) {
      ++different;
      ASSERT_TRUE(std::string_view(problem.what()).starts_with("two YAML readers read this differently"))
          << problem.what() << "\nseed " << seed << "\n"
          << text;
    }
  }
  EXPECT_GT(alike, 10'000);
  EXPECT_GT(different, 500);
}

// The YAML in a document of ours: what stands between ```yaml and ```.
std::vector<std::string> examples_in(const std::string& document) {
  std::vector<std::string> examples;
  bool inside = false;
  for (const auto& line : split(document, '\n')) {
    if (line == "```yaml") {
      inside = true;
      examples.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      examples.back() += line + "\n";
    }
  }
  return examples;
}

TEST(Authored, ReadsTheProjectsGatesAndExamples) {
  const std::filesystem::path source = EXITGATE_SOURCE_DIR;
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& file : std::filesystem::recursive_directory_iterator(source / "gates")) {
    if (file.is_regular_file()) texts.emplace_back(file.path().string(), read_file(file.path()));
  }
  const auto gates = texts.size();
  for (const auto& file : std::filesystem::directory_iterator(source / "docs")) {
    if (file.path().extension() != ".md") continue;
    for (auto& text : examples_in(read_file(file.path())))
      texts.emplace_back(file.path().string(), std::move(text));
  }
  for (const auto& [name, text] : texts) {
    EXPECT_EQ(problem_of(text), "") << name << "\n" << text;
    EXPECT_EQ(notation(read(text)), notation(yaml::parse(text))) << name;
  }
  EXPECT_GE(gates, 6U);
  EXPECT_GT(texts.size(), gates);
}

}  // namespace
}  // namespace exitgate::authored
