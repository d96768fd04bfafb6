// `check: syntax`: queries with their predicates, over each language that there is a grammar of.
#include <gtest/gtest.h>

#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

std::string gate(const std::string& language, const std::string& query, const std::string& counterexample,
                 const std::string& more = "") {
  return "- id: g\n  title: t\n  check: syntax\n  with:\n    language: " + language + "\n    query: '" +
         query + "'\n" + more + "  counterexample: " + counterexample + "\n";
}

const std::string kPrint = R"((call function: (identifier) @name (#eq? @name "print")) @finding)";

TEST(Syntax, FindsCallsAndNotWhatLooksLikeThem) {
  EXPECT_EQ(
      try_gate(gate("python", kPrint, "{file: a.py, content: print(1)}",
                    "    message: '{name} is called: {match}'\n"),
               {{"a.py", "# print(0)\ns = 'print(1)'\nobj.print(2)\n\ndef f():\n    print(\n        3)\n"},
                {"b.js", "print(1)"}}),
      "fail, red under its counterexample\nFAIL a.py:6: print is called: print(\n");
}

TEST(Syntax, KnowsThePredicates) {
  const Files files = {{"a.py", "get('a')\npost('b')\nput(x)\nread_a()\nread_b()\n"}};
  const auto said = [&](const std::string& predicate) {
    auto text = try_gate(gate("python", "(call function: (identifier) @f " + predicate + ")",
                              "{file: a.py, content: \"get(1)\\nread_a()\\nq()\"}"),
                         files);
    return text.substr(text.find('\n') + 1);
  };
  const auto all = [](std::initializer_list<std::string> names) {
    std::string text;
    const std::map<std::string, int> lines = {
        {"get", 1}, {"post", 2}, {"put", 3}, {"read_a", 4}, {"read_b", 5}};
    for (const auto& name : names)
      text += "FAIL a.py:" + std::to_string(lines.at(name)) + ": '" + name + "' must not occur\n";
    return text;
  };
  EXPECT_EQ(said(R"((#eq? @f "get"))"), all({"get"}));
  EXPECT_EQ(said(R"((#not-eq? @f "get"))"), all({"post", "put", "read_a", "read_b"}));
  EXPECT_EQ(said(R"((#match? @f "^read_"))"), all({"read_a", "read_b"}));
  EXPECT_EQ(said(R"x((#not-match? @f "^(read|p)"))x"), all({"get"}));
  EXPECT_EQ(said(R"((#any-of? @f "get" "put"))"), all({"get", "put"}));
  EXPECT_EQ(said(R"((#not-any-of? @f "get" "put"))"), all({"post", "read_a", "read_b"}));
}

TEST(Syntax, ComparesCapturesAndSeveralNodes) {
  EXPECT_EQ(try_gate(gate("python",
                          "(assignment left: (identifier) @a right: (identifier) @b (#eq? @a @b)) @finding",
                          "{file: a.py, content: x = x}"),
                     {{"a.py", "x = y\ny = y\n"}}),
            "fail, red under its counterexample\nFAIL a.py:2: 'y = y' must not occur\n");
  const auto several = [](const std::string& predicate) {
    return try_gate(
        gate("python", "(list (integer) @n . (integer) @n (#" + predicate + " @n \"1\")) @finding",
             "{file: a.py, content: \"[1, 1]\"}"),
        {{"a.py", "[1, 2]\n[1, 1]\n"}});
  };
  EXPECT_EQ(several("eq?"), "fail, red under its counterexample\nFAIL a.py:2: '[1, 1]' must not occur\n");
  EXPECT_EQ(several("any-eq?"),
            "fail, red under its counterexample\nFAIL a.py:1: '[1, 2]' must not occur\nFAIL a.py:2: '[1, 1]' "
            "must not occur\n");
}

TEST(Syntax, SpeaksEveryLanguage) {
  const auto red = [](const std::string& language, const std::string& query, const std::string& file,
                      const std::string& code) {
    const auto said = try_gate(gate(language, query, "{file: " + file + ", content: \"" + code + "\"}"),
                               {{file, code + "\n"}});
    EXPECT_EQ(said.substr(0, said.find(':')), "fail, red under its counterexample\nFAIL " + file) << said;
  };
  red("javascript", "(debugger_statement) @finding", "a.mjs", "debugger;");
  red("typescript", "(as_expression (predefined_type) @t) @finding", "a.ts", "const a = b as any;");
  red("ruby", "(call method: (identifier) @m (#eq? @m \"puts\"))", "a.rb", "puts(1)");
  red("go", "(call_expression function: (identifier) @f (#eq? @f \"panic\"))", "a.go",
      "package a\\nfunc f() { panic(1) }");
  red("java", "(method_invocation name: (identifier) @n (#eq? @n \"exit\")) @finding", "A.java",
      "class A { void f() { System.exit(1); } }");
}

TEST(Syntax, IsUndecidedOfWhatDoesNotParse) {
  EXPECT_EQ(try_gate(gate("python", kPrint, "{file: a.py, content: print(1)}"),
                     {{"a.py", "x = 1\n"}, {"b.py", "x = 1\ndef f(:\n  pass\n"}}),
            "error: 1 subject could not be decided\n"
            "? b.py:2: it does not parse as Python here, and something may be hidden in it\n");
}

TEST(Syntax, MustOccurInEachFile) {
  EXPECT_EQ(try_gate(gate("python", "(module (expression_statement (string)) @finding)",
                          "{file: a.py, content: x = 1}",
                          "    must: occur\n    per: file\n    message: '{file} has no docstring'\n"),
                     {{"a.py", "\"\"\"Doc.\"\"\"\n"}, {"b.py", "x = 1\n"}}),
            "fail, red under its counterexample\nFAIL b.py: b.py has no docstring\n");
}

// Nothing has to be given where its absence is the counterexample.
TEST(Syntax, ProvesByItselfThatSomethingMustOccur) {
  const auto said = [](const std::string& with, const Files& files) {
    return try_gate(
        "- {id: g, title: t, check: syntax, with: {language: python, query: '(return_statement) @r', " +
            with + "}}\n",
        files);
  };
  const std::string returns = "def f(x):\n    if x: return 1\n    return 2\n";
  const std::string fails = "fail, red under its counterexample\nFAIL ";
  for (const std::string with :
       {"must: occur, per: file", "must: occur, per: repository", "at-least: 2, per: file", "at-least: 4"}) {
    EXPECT_EQ(said(with, {{"a.py", returns}, {"b.py", returns}, {"c.md", "x\n"}}),
              "pass, red under its counterexample\n")
        << with;
    EXPECT_EQ(said(with, {{"a.py", "x = 1\n"}, {"b.py", "x = 1\n"}}).substr(0, fails.size()), fails) << with;
  }
}

TEST(Syntax, MistakesAreSaidWhereTheyStand) {
  const auto said = [](const std::string& language, const std::string& query) {
    return mistakes(gate_file(gate(language, query, "{file: a.py, content: x}")));
  };
  EXPECT_EQ(said("pyton", "(call) @finding").substr(0, 127),
            "own.yaml:8: check 'syntax': parameter 'language' is 'pyton' (did you mean 'python'?)\n"
            "  > the languages are go, java, javascript");
  EXPECT_EQ(said("python", "(cal) @finding"),
            "own.yaml:9: check 'syntax': parameter 'query', line 1, column 2: 'cal': there is no such node "
            "in the grammar\n"
            "  > `tree-sitter parse FILE` shows the nodes of a file\n");
  EXPECT_EQ(said("python", "(call)"),
            "own.yaml:9: check 'syntax': parameter 'query', line 1, column 1: it captures nothing, so that a "
            "finding would have no "
            "place\n  > write (call) @finding\n");
  EXPECT_EQ(
      said("python", "(call function: (_) @f (#equals? @f \"a\"))").substr(0, 97),
      "own.yaml:9: check 'syntax': parameter 'query', line 1, column 25: unknown predicate '#equals?'\n  ");
  EXPECT_EQ(said("python", "(call function: (_) @f (#match? @f \"a(\"))").substr(0, 70),
            "own.yaml:9: check 'syntax': parameter 'query', line 1, column 25: #mat");
  EXPECT_EQ(said("python", R"x((call function: (_) @f (#match? @f "^\w+$")))x"),
            "own.yaml:9: check 'syntax': parameter 'query', line 1, column 38: '\\w' in a string of a query "
            "is 'w'\n"
            "  > write '\\\\w': the query takes one backslash, and the regular expression gets the other\n");
}

}  // namespace
}  // namespace exitgate::asked
