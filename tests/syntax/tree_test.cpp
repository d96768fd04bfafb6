#include "harness/syntax/tree.h"

#include <gmock/gmock.h>

#include "harness/syntax/names.h"

namespace exitgate::syntax {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Tree parsed(std::string_view source) {
  auto tree = Tree::parse(source);
  EXPECT_TRUE(tree.has_value());
  return std::move(*tree);
}

Id first(const Tree& tree, Kind kind) {
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, kind)) return id;
  }
  return kNoNode;
}

TEST(Tree, LinksEveryNodeToItsParentAndItsNextSibling) {
  const Tree tree = parsed("import os\n\ndef f(a, b):\n    return os.environ['X']  # read\n");
  ASSERT_TRUE(tree.is(tree.root(), Kind::module));
  std::size_t seen = 1;
  for (Id id = 0; id < tree.size(); ++id) {
    for (Id at = tree[id].first; at != kNoNode; at = tree[at].next) {
      EXPECT_EQ(tree.parent(at), id);
      EXPECT_GT(at, id);
      EXPECT_LE(tree[at].after, tree[id].after);
      EXPECT_GE(tree[at].start, tree[id].start);
      ++seen;
    }
  }
  EXPECT_EQ(seen, tree.size());
  EXPECT_EQ(tree[tree.root()].after, tree.size());
}

TEST(Tree, FindsChildrenByFieldAndByteOffsets) {
  const std::string source = "x = 1\ncall(first,  # why\n     second)\n";
  const Tree tree = parsed(source);
  const Id call = first(tree, Kind::call);
  ASSERT_NE(call, kNoNode);
  EXPECT_EQ(tree.line(call), 2);
  EXPECT_EQ(tree.text(tree.child(call, Field::function)), "call");
  std::vector<std::string> arguments;
  for (const Id id : tree.children(tree.child(call, Field::arguments))) arguments.emplace_back(tree.text(id));
  EXPECT_THAT(arguments, ElementsAre("first", "second"));
  EXPECT_TRUE(tree.is(tree.at(static_cast<std::uint32_t>(source.find("why"))), Kind::comment));
  EXPECT_EQ(tree.flat_text(call), "call(first, second)");
}

struct Newer {
  const char* name;
  const char* source;
};

// Syntax that is newer than the grammar, or no Python at all, must not hide what stands after it.
TEST(Tree, FindsAFunctionAfterWhatItCannotRead) {
  for (const auto& [name, source] : {
           Newer{"PEP 758, two types", "try:\n    pass\nexcept A, B:\n    pass\n"},
           Newer{"PEP 758, three types", "try:\n    pass\nexcept A, B, C:\n    pass\n"},
           Newer{"PEP 750", "name = t'hello {world}'\n"},
           Newer{"PEP 695", "type Pair[T] = tuple[T, T]\n"},
           Newer{"PEP 701", "f'{d['key']}'\n"},
           Newer{"Python 2", "print 'x'\nexec 'y'\nraise E, 'z'\n"},
           Newer{"an open string", "x = 'abc\n"},
           Newer{"a conflict", "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n"},
       }) {
    const std::string whole = std::string(source) + "\ndef after():\n    pass\n";
    const Tree tree = parsed(whole);
    const Id function = first(tree, Kind::function_definition);
    ASSERT_NE(function, kNoNode) << name;
    EXPECT_EQ(tree.text(tree.child(function, Field::name)), "after") << name;
  }
}

TEST(Tree, SaysWhereTheErrorIs) {
  const Tree tree = parsed("good = 1\nbad = = 2\n");
  ASSERT_FALSE(tree.errors().empty());
  EXPECT_EQ(tree.line(tree.errors()[0]), 2);
  EXPECT_THAT(parsed("good = 1\n").errors(), IsEmpty());
}

TEST(Tree, StandsDeepNestingAndBytesOfAnyKind) {
  const std::string deep = std::string(20000, '(') + std::string(20000, ')');
  EXPECT_GT(parsed(deep).size(), 0U);
  std::string chain = "x = a";
  for (int i = 0; i < 20000; ++i) chain += ".b";
  EXPECT_GT(parsed(chain).size(), 0U);
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>(i * 37 % 256);
  EXPECT_GT(parsed(bytes).size(), 0U);
  EXPECT_EQ(parsed("").size(), 1U);
}

TEST(Literal, IsTheTextOfAStringWithoutAnythingComputed) {
  const auto text_of = [](const std::string& source) {
    const Tree tree = parsed(source);
    const Id statement = tree[tree.root()].first;
    return literal(tree, tree[statement].first).value_or("(none)");
  };
  EXPECT_EQ(text_of("'a'"), "a");
  EXPECT_EQ(text_of("\"\"\"a\nb\"\"\""), "a\nb");
  EXPECT_EQ(text_of("''"), "");
  EXPECT_EQ(text_of("('a' 'b'\n 'c')"), "abc");
  EXPECT_EQ(text_of("r'a\\b'"), "a\\b");
  EXPECT_EQ(text_of("f'a'"), "a");
  EXPECT_EQ(text_of("f'{a}'"), "(none)");
  EXPECT_EQ(text_of("'a\\x41'"), "(none)");
  EXPECT_EQ(text_of("a"), "(none)");
}

TEST(Names, FollowImportsAliasesAndScopes) {
  const auto paths_of_last = [](const std::string& source) {
    const Tree tree = parsed(source);
    const Names names(tree);
    Id call = kNoNode;
    for (Id id = 0; id < tree.size(); ++id) {
      if (tree.is(id, Kind::call)) call = id;
    }
    return names.paths(tree.child(call, Field::function));
  };
  EXPECT_THAT(paths_of_last("import os\nos.getenv('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("import os as o\no.getenv('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("import os.path\nos.getenv('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("from os import getenv as g\ng('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("from os import *\ngetenv('X')"), ElementsAre("getenv", "os.getenv"));
  EXPECT_THAT(paths_of_last("from .a import b\nb.c('X')"), ElementsAre(".a.b.c"));
  EXPECT_THAT(paths_of_last("import os\ng = os.getenv\ng('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("import os\n(os.getenv)('X')"), ElementsAre("os.getenv"));
  EXPECT_THAT(paths_of_last("try:\n    from a import g\nexcept ImportError:\n    from b import g\ng()"),
              ElementsAre("a.g", "b.g"));
  // A name of a function's own hides the module's.
  EXPECT_THAT(paths_of_last("import os\ndef f(os):\n    os.getenv('X')"), IsEmpty());
  EXPECT_THAT(paths_of_last("import os\ndef f():\n    import my as os\n    os.getenv('X')"),
              ElementsAre("my.getenv"));
  EXPECT_THAT(paths_of_last("def f():\n    import os\nos.getenv('X')"), ElementsAre("os.getenv"));
  // A class's names are not seen in its methods.
  EXPECT_THAT(paths_of_last("from a import g\nclass C:\n    g = 1\n    def m(self):\n        g()"),
              ElementsAre("a.g"));
  EXPECT_THAT(paths_of_last("for os in []:\n    os.getenv('X')"), IsEmpty());
  EXPECT_THAT(paths_of_last("a = b\nb = a\na('X')"), IsEmpty());
}

}  // namespace
}  // namespace exitgate::syntax
