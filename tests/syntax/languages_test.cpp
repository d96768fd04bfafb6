// Every language's tree: what it holds, and that hostile text costs neither the stack nor hours.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <chrono>

#include "harness/syntax/tree.h"

namespace exitgate::syntax {
namespace {

struct Sample {
  const Language& (*language)();
  std::string_view call;  // `drop(x)` of the language, with its kind
  Kind kind;
  std::string_view broken;  // text with an error on line 2, and only there
  std::string_view open;    // nests as often as it is written
  std::string_view prefix;  // as well, without a bracket
};

class Languages : public testing::TestWithParam<Sample> {};

TEST_P(Languages, ReadTheirCallsWithoutErrors) {
  const auto tree = Tree::parse(GetParam().call, GetParam().language());
  ASSERT_TRUE(tree);
  EXPECT_TRUE(tree->errors().empty());
  int calls = 0;
  for (Id id = 0; id < tree->size(); ++id) {
    if (tree->is(id, GetParam().kind)) ++calls;
  }
  EXPECT_EQ(calls, 1);
}

TEST_P(Languages, SayWhereAnErrorIs) {
  const auto tree = Tree::parse(GetParam().broken, GetParam().language());
  ASSERT_TRUE(tree);
  ASSERT_FALSE(tree->errors().empty());
  EXPECT_EQ(tree->line(tree->errors().front()), 2);
  EXPECT_GT(tree->around(tree->errors().front()), tree->root());
}

TEST_P(Languages, StandDeepNestingAndBytesOfAnyKind) {
  std::string deep;
  for (int i = 0; i < 14'000; ++i) deep += GetParam().open;
  EXPECT_NO_THROW(Tree::parse(deep, GetParam().language(), 2'000'000));
  for (int i = 0; i < 100'000; ++i) deep += GetParam().open;
  EXPECT_FALSE(Tree::parse(deep, GetParam().language()));
  std::string prefixes;
  for (int i = 0; i < 100'000; ++i) prefixes += GetParam().prefix;
  EXPECT_FALSE(Tree::parse(prefixes, GetParam().language()));
  std::string flat;
  for (int i = 0; i < 40'000; ++i) flat += GetParam().call;
  EXPECT_TRUE(Tree::parse(flat, GetParam().language(), 60'000'000));
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += static_cast<char>((i * 7919) >> 3);
  EXPECT_NO_THROW(Tree::parse(bytes, GetParam().language(), 2'000'000));
  for (std::size_t length = 0; length < GetParam().call.size(); ++length)
    EXPECT_TRUE(Tree::parse(GetParam().call.substr(0, length), GetParam().language()));
}

TEST_P(Languages, EndAtTheTimeLimit) {
  std::string long_text;
  for (int i = 0; i < 200'000; ++i) long_text += GetParam().call;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(Tree::parse(long_text, GetParam().language(), 1'000));
  // Generous, for it runs beside others and under sanitizers; the whole text takes far longer.
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_TRUE(Tree::parse(GetParam().call, GetParam().language()));
}

INSTANTIATE_TEST_SUITE_P(
    Each, Languages,
    testing::Values(Sample{python, "drop(x)\n", Kind::call, "a = 1\nb = = 2\nc = 3\n", "([", "not "},
                    Sample{ruby, "drop(x) # <<~SQL\n", Kind::call, "a = 1\nb = = 2\nc = 3\n", "[{", "!"},
                    Sample{javascript, "drop(x);\n", Kind::call_expression, "a = 1;\nb = = 2;\nc = 3;\n",
                           "([", "if(a)"},
                    Sample{typescript, "drop(x as any);\n", Kind::call_expression,
                           "a = 1;\nb = = 2;\nc = 3;\n", "([", "!"},
                    Sample{tsx, "a = <p>{drop(x as any)}</p>;\n", Kind::call_expression,
                           "a = 1;\nb = = 2;\nc = 3;\n", "([", "!"},
                    Sample{go, "func _() { drop(x) }\n", Kind::call_expression,
                           "var a = 1\nvar b = = 2\nvar c = 3\n", "([", "!"},
                    Sample{java, "class A { int a = drop(x); }\n", Kind::method_invocation,
                           "class A { int a = 1;\nint b = = 2;\nint c = 3; }\n", "({", "!"}),
    [](const auto& sample) { return std::string(sample.param.language().name); });

TEST(Languages, AreParsedSideBySide) {
  const auto first = Tree::parse("def f\n  drop :x\nend\n", ruby());
  const auto second = Tree::parse("def f():\n    drop(x)\n");
  const auto third = Tree::parse("execute <<~SQL\n  DROP TABLE a\nSQL\n", ruby());
  ASSERT_TRUE(first && second && third);
  EXPECT_TRUE(first->errors().empty() && second->errors().empty() && third->errors().empty());
  EXPECT_EQ(first->kind(first->root()), Kind::program);
  EXPECT_EQ(second->kind(second->root()), Kind::module);
}

TEST(Languages, CallEveryFormOfACommentAComment) {
  for (const auto& [language, text] : {std::pair{&go, std::string_view("// a\n/* b */\npackage c\n")},
                                       std::pair{&java, std::string_view("// a\n/* b */\nclass C {}\n")}}) {
    const auto tree = Tree::parse(text, language());
    ASSERT_TRUE(tree);
    int comments = 0;
    for (Id id = 0; id < tree->size(); ++id) comments += tree->is(id, Kind::comment) ? 1 : 0;
    EXPECT_EQ(comments, 2) << language().name;
    EXPECT_EQ(tree->children(tree->root()).size(), 1U) << language().name;
  }
}

TEST(LanguageList, IsAskedByNameAndByFile) {
  EXPECT_EQ(language_named("python"), &python());
  EXPECT_EQ(language_named("TypeScript"), &typescript());
  EXPECT_EQ(language_named("cobol"), nullptr);
  EXPECT_EQ(language_of_file("a/b.MJS"), &javascript());
  EXPECT_EQ(language_of_file("a/b.tsx"), &tsx());
  EXPECT_EQ(language_of_file("go"), nullptr);
  EXPECT_EQ(language_of_file("go.d/README"), nullptr);
  for (const Language* language : languages()) EXPECT_FALSE(language->endings.empty()) << language->name;
}

}  // namespace
}  // namespace exitgate::syntax
