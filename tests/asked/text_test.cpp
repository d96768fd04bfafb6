// `check: text`: what it finds, what it says of what it cannot look at, and that its example goes the same way.
#include <gtest/gtest.h>

#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

std::string gate(const std::string& with,
                 const std::string& counterexample = "{file: a.py, content: \"print(1)\"}") {
  return "- {id: g, title: t, check: text, with: " + with + ", counterexample: " + counterexample + "}\n";
}

const std::string kPrint = R"({pattern: '\bprint\('})";

TEST(Text, SaysWhereThePatternOccurs) {
  EXPECT_EQ(
      try_gate(gate(kPrint), {{"src/a.py", "x = 1\n  print(x)\nprint(2); print(3)\n"}, {"b.md", "no\n"}}),
      "fail, red under its counterexample\n"
      "FAIL src/a.py:2: 'print(' must not occur\n"
      "FAIL src/a.py:3: 'print(' must not occur\n"
      "FAIL src/a.py:3: 'print(' must not occur\n");
  EXPECT_EQ(try_gate(gate(kPrint), {{"src/a.py", "x = 1\n"}}), "pass, red under its counterexample\n");
}

TEST(Text, TellsCodeFromCommentsAndStrings) {
  const Files files = {{"a.py", "# print(1)\ns = 'print(2)'\nprint(f'{print(3)} print(4)')\n"}};
  EXPECT_EQ(try_gate(gate(R"({pattern: '\bprint\(', in: code})"), files),
            "fail, red under its counterexample\n"
            "FAIL a.py:3: 'print(' must not occur in code\n"
            "FAIL a.py:3: 'print(' must not occur in code\n");
  EXPECT_EQ(try_gate(gate(R"({pattern: '\bprint\(', in: [comment, string]})",
                          "{file: a.py, content: \"# print(1)\"}"),
                     files),
            "fail, red under its counterexample\n"
            "FAIL a.py:1: 'print(' must not occur in a comment\n"
            "FAIL a.py:2: 'print(' must not occur in a string\n"
            "FAIL a.py:3: 'print(' must not occur in a string\n");
}

TEST(Text, IsUndecidedWhereNoGrammarKnowsTheFile) {
  EXPECT_EQ(
      try_gate(gate(R"({pattern: '\bprint\(', in: code})"), {{"a.lua", "print(1)\n"}, {"b.lua", "x\n"}}),
      "error: 1 subject could not be decided\n"
      "? a.lua:1: the pattern matches here, and no grammar knows whether this is code, a comment or a "
      "string\n");
  EXPECT_EQ(try_gate(gate(R"({pattern: '\bprint\(', in: code})"), {{"a.lua", "x\n"}}),
            "pass, red under its counterexample\n");
}

TEST(Text, SaysWhatItDoesNotSearch) {
  const std::string zero(1, '\0');
  EXPECT_EQ(try_gate(gate(kPrint),
                     {{"a.png", "print(1)"}, {"b.unknown", "x" + zero}, {"c.py", "x\n"}, {"l -> c.py", ""}}),
            "pass, red under its counterexample\n"
            "note: 2 binary files were not searched: a.png, b.unknown\n"
            "note: 1 symbolic link was not searched: l\n");
  EXPECT_EQ(try_gate(gate(kPrint), {{"b.py", "print(1) " + zero}, {"c.py", "x\n"}}),
            "error: 1 subject could not be decided\n"
            "? b.py: not searched: it has NUL bytes, as binary files have\n");
  EXPECT_EQ(try_gate(gate(kPrint), {{"b.txt", "x\n\xE9t\xE9\n"}}),
            "error: 1 subject could not be decided\n? b.txt: not searched: its line 2 is not valid UTF-8\n");
  EXPECT_EQ(try_gate(gate(R"({pattern: 'print', files: "*.csv"})", "{file: a.csv, content: print}"),
                     {{"b.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n"}}),
            "error: 1 subject could not be decided\n"
            "? b.csv: its content is not in the repository: it is a pointer of Git LFS\n");
}

TEST(Text, ReadsByteOrderMarksAndLineEndsAsEditorsDo) {
  using namespace std::string_literals;
  EXPECT_EQ(
      try_gate(gate("{pattern: '^print$'}", "{file: a.py, content: print}"),
               {{"a.txt", "\xEF\xBB\xBFprint\r\nx\r\nprint\r\n"}, {"b.txt", "\xFF\xFEp\0r\0i\0n\0t\0\n\0"s}}),
      "fail, red under its counterexample\n"
      "FAIL a.txt:1: 'print' must not occur\n"
      "FAIL a.txt:3: 'print' must not occur\n"
      "FAIL b.txt:1: 'print' must not occur\n");
}

TEST(Text, LinesAreNotCrossedUnlessAsked) {
  const Files files = {{"a.txt", "begin\nend\n"}};
  EXPECT_EQ(try_gate(gate(R"({pattern: 'begin\s+end'})", "{file: a.txt, content: begin end}"), files),
            "pass, red under its counterexample\n");
  EXPECT_EQ(
      try_gate(gate(R"({pattern: 'begin\s+end', multiline: true})", "{file: a.txt, content: begin end}"),
               files),
      "fail, red under its counterexample\nFAIL a.txt:1: 'begin' must not occur\n");
}

TEST(Text, MustOccur) {
  const std::string header = R"({pattern: 'Copyright', files: "src/**/*.py", must: occur, per: file})";
  EXPECT_EQ(try_gate(gate(header, "{file: src/x.py, content: x}"),
                     {{"src/a.py", "# Copyright\n"}, {"src/b/c.py", "x\n"}, {"d.py", "x\n"}}),
            "fail, red under its counterexample\nFAIL src/b/c.py: the pattern Copyright does not occur in "
            "this file\n");
  EXPECT_EQ(try_gate(gate(header, "{file: src/x.py, content: x}"), {{"src/a.py", "# Copyright\n"}}),
            "pass, red under its counterexample\n");
  // Nothing has to be given where its absence is the counterexample.
  EXPECT_EQ(try_gate("- {id: g, title: t, check: text, with: {pattern: License, must: occur}}\n",
                     {{"R.md", "License"}}),
            "pass, red under its counterexample\n");
  EXPECT_EQ(
      try_gate("- {id: g, title: t, check: text, with: {pattern: License, must: occur}}\n",
               {{"R.md", "none"}}),
      "fail, red under its counterexample\nFAIL R.md: the pattern License does not occur in this file\n");
}

// Nothing has to be given where its absence is the counterexample.
TEST(Text, ProvesByItselfThatSomethingMustOccur) {
  const auto said = [](const std::string& with, const Files& files) {
    return try_gate(
        "- {id: g, title: t, check: text, with: {pattern: 'MIT', files: \"*.py\", " + with + "}}\n", files);
  };
  const Files good = {{"a.py", "MIT MIT\n"}, {"b.py", "MIT\nMIT\n"}, {"c.md", "x\n"}};
  const Files bad = {{"a.py", "x\n"}, {"b.py", "x\n"}, {"c.md", "MIT\n"}};
  const std::string fails = "fail, red under its counterexample\nFAIL ";
  for (const std::string with : {"must: occur, per: file", "must: occur, per: repository", "must: occur",
                                 "at-least: 2, per: file", "at-least: 4"}) {
    EXPECT_EQ(said(with, good), "pass, red under its counterexample\n") << with;
    EXPECT_EQ(said(with, bad).substr(0, fails.size()), fails) << with;
    EXPECT_EQ(said(with + ", skip-when-empty: true", {{"c.md", "x\n"}}),
              "skip: no tracked file is among those that the gate looks at, red under its counterexample\n")
        << with;
  }
  EXPECT_EQ(said("at-least: 2, per: file", {{"a.py", "MIT MIT\n"}, {"b.py", "MIT\n"}}),
            fails + "b.py: the pattern MIT occurs once in this file, and at least 2 are required\n");
}

TEST(Text, CountsUpToALimit) {
  EXPECT_EQ(try_gate(gate("{pattern: TODO, at-most: 2}", "{file: a, content: TODO TODO TODO}"),
                     {{"a", "TODO\n"}, {"b", "TODO\nTODO TODO\n"}}),
            "fail, red under its counterexample\nFAIL b:2: the pattern TODO occurs 4 times, and at most 2 "
            "are allowed\n");
  EXPECT_EQ(try_gate(gate("{pattern: TODO, at-most: 2, per: file}", "{file: a, content: TODO TODO TODO}"),
                     {{"a", "TODO\n"}, {"b", "TODO\nTODO\n"}}),
            "pass, red under its counterexample\n");
}

TEST(Text, SaysItInTheAuthorsWords) {
  EXPECT_EQ(try_gate(gate(R"({pattern: 'print\((?P<what>\w+)', message: "{what} is printed in {file}"})"),
                     {{"a.py", "print(x)\n"}}),
            "fail, red under its counterexample\nFAIL a.py:1: x is printed in a.py\n");
}

TEST(Text, MasksSecrets) {
  const std::string said =
      try_gate(gate("{pattern: 'postgres://.*'}", "{file: a, content: \"postgres://u:hunter22@h/d\"}"),
               {{"a.txt", "postgres://app:s3cr3tpass@db.example.org/app\n"}});
  EXPECT_NE(said.find("FAIL a.txt:1:"), std::string::npos) << said;
  EXPECT_EQ(said.find("s3cr3tpass"), std::string::npos) << said;
}

TEST(Text, IsNotAPassWithoutFiles) {
  EXPECT_EQ(try_gate(gate(R"({pattern: 'print', files: "srcs/*.py"})", "{file: srcs/a.py, content: print}"),
                     {{"a.py", "x\n"}}),
            "error: no tracked file is among those that the gate looks at (see 'files'; or write "
            "skip-when-empty: true)\n");
  EXPECT_EQ(try_gate(gate(R"({pattern: 'print', files: "srcs/*.py", skip-when-empty: true})",
                          "{file: srcs/a.py, content: print}"),
                     {{"a.py", "x\n"}}),
            "skip: no tracked file is among those that the gate looks at, red under its counterexample\n");
}

TEST(Text, NotesGlobsThatMatchNoFile) {
  const Files files = {{"src/payments/a.py", "x\n"}};
  const auto said = [&](const std::string& with) {
    return try_gate(gate("{pattern: print, " + with + "}", "{file: src/payments/b.py, content: print}"),
                    files);
  };
  const std::string pass = "pass, red under its counterexample\n";
  EXPECT_EQ(said("files: [src/payments/, src/payment/]"),
            pass + "note: the glob 'src/payment/' matches no file\n");
  EXPECT_EQ(
      said("files: [src/payments/, src]"),
      pass + "note: the glob 'src' matches no file: it is a folder; write 'src/' for the files below it\n");
  EXPECT_EQ(said("files: src/payments/, except: [tests/, src/payments]"),
            pass +
                "note: the glob 'tests/' of 'except' matches no file\n"
                "note: the glob 'src/payments' of 'except' matches no file: it is a folder; write "
                "'src/payments/' for the files below it\n");
  EXPECT_EQ(said("files: [src/payments/*.py, '**/*.py'], except: '{b,c}.py'"),
            pass + "note: the glob '{b,c}.py' of 'except' matches no file\n");
  EXPECT_EQ(said("ignore-case: true"), pass);
}

TEST(Text, IsBrokenWhenItsExampleStaysGreen) {
  EXPECT_EQ(
      try_gate(gate(R"({pattern: 'pritn\('})"), {{"a.py", "print(1)\n"}}),
      "error: the gate is broken: its counterexample leaves it at 'pass', green under its counterexample\n");
}

TEST(Text, MistakesAreSaidWhereTheyStand) {
  const auto said = [](const std::string& with,
                       const std::string& counterexample = "{file: a.py, content: x}") {
    return mistakes(gate_file("- id: g\n  title: t\n  check: text\n  with:\n    files: '*.py'\n    " + with +
                              "\n  counterexample: " + counterexample + "\n"));
  };
  EXPECT_EQ(
      said("pattern: 'a(b'"),
      "own.yaml:9: check 'text': parameter 'pattern' is not a regular expression: missing ): a(b\n"
      "  > the syntax is RE2's: no look-around and no back-references; in YAML, write it in single quotes\n");
  EXPECT_EQ(said("{pattern: x}").substr(0, 9), "own.yaml:");
  EXPECT_EQ(said("pattern: x\n    in: comments"),
            "own.yaml:10: check 'text': parameter 'in' names 'comments' (did you mean 'comment'?)\n"
            "  > write code, comment or string, or a list of them\n");
  EXPECT_EQ(said("pattern: x\n    must: ocur"),
            "own.yaml:10: check 'text': parameter 'must' is 'ocur' (did you mean 'occur'?)\n"
            "  > write occur or not-occur, or at-least and at-most\n");
  EXPECT_EQ(said("pattern: 'x(?P<name>y)'\n    message: '{nam} is'"),
            "own.yaml:10: check 'text': parameter 'message' names '{nam}', which there is not (did you mean "
            "'name'?)\n"
            "  > it may name name, match, file, line; write {{ for a brace\n");
  EXPECT_EQ(said("pattern: x", "{file: a.js, content: x}"),
            "own.yaml:10: 'counterexample': the example's file 'a.js' is not among the files that the gate "
            "looks at\n"
            "  > see the parameters 'files' and 'except'\n");
  EXPECT_EQ(said("pattern: x", "{files: {a.js: x, b.ts: y}}"),
            "own.yaml:10: 'counterexample': none of the example's files 'a.js', 'b.ts' is among the files "
            "that the gate looks at\n"
            "  > see the parameters 'files' and 'except'\n");
  EXPECT_EQ(mistakes(gate_file("- {id: g, title: t, check: text, with: {pattern: x}}\n")),
            "own.yaml:4: gate 'EG-OWN.g' has no counterexample: nothing would prove that it can fail\n"
            "  > give an example that must turn it red; `exitgate explain text` shows one\n");
}

}  // namespace
}  // namespace exitgate::asked
