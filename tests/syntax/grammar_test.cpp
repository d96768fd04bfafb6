// Fetching the grammar: from npm or a cache, whole or not at all, and never something else under its name.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <filesystem>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate::syntax {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Grammar : public testing::Test {
 protected:
  Grammar() {
    fs::create_directories(folder_.path() / "bin");
    write_file(folder_.path() / "fetch.cmake", fmt::format("list(APPEND CMAKE_MODULE_PATH {})\n"
                                                           "include(TreeSitterGrammars)\n"
                                                           "exitgate_grammar(python grammar)\n"
                                                           "message(STATUS \"grammar: ${{grammar}}\")\n",
                                                           EXITGATE_MODULES));
  }

  fs::path cache() const { return folder_.path() / "cache"; }
  fs::path kept() const { return cache() / "tree-sitter-python-0.23.6"; }

  // Runs without a network: a proxy that nothing listens on stands for it. CMake breaks its messages into
  // lines as it likes; here they are one.
  ProcessResult fetch() const {
    const std::vector<std::string> environment = {fmt::format("PATH={}/bin", folder_.path().string()),
                                                  fmt::format("EXITGATE_CACHE={}", cache().string()),
                                                  "https_proxy=http://127.0.0.1:9", "HOME=/nonexistent"};
    auto finished = run({.arguments = {EXITGATE_CMAKE, "-P", (folder_.path() / "fetch.cmake").string()},
                         .directory = folder_.path(),
                         .environment = environment,
                         .merge_error = true});
    std::string flat;
    for (const auto& line : split(finished.output, '\n')) {
      if (trim(line).empty()) continue;
      flat += flat.empty() ? "" : " ";
      flat += trim(line);
    }
    finished.output = flat;
    return finished;
  }

  // A stand-in for npm that packs the real grammar, with `change` carried out on it first.
  void install_npm(const std::string& change = "true") const {
    const fs::path npm = folder_.path() / "bin/npm";
    write_file(npm, fmt::format("#!/bin/sh\nset -e\nexport PATH=/usr/bin:/bin\ntest \"$1 $2\" = 'pack "
                                "tree-sitter-python@0.23.6'\n"
                                "mkdir package\ncp -r {} package/src\n{}\n"
                                "tar czf tree-sitter-python-0.23.6.tgz package\n",
                                (fs::path(EXITGATE_GRAMMAR) / "src").string(), change));
    fs::permissions(npm, fs::perms::owner_all);
  }

  bool cache_is_empty() const { return !fs::exists(cache()) || fs::is_empty(cache()); }

  TemporaryDirectory folder_{"exitgate-grammar"};
};

TEST_F(Grammar, ComesFromNpmOnceAndThenFromTheCache) {
  install_npm();
  const auto first = fetch();
  ASSERT_TRUE(first.ok()) << first.output;
  EXPECT_THAT(first.output, AllOf(HasSubstr("Fetching the Python grammar"), HasSubstr(kept().string())));
  EXPECT_TRUE(fs::exists(kept() / "src/tree_sitter/parser.h"));
  EXPECT_EQ(std::distance(fs::directory_iterator(cache()), fs::directory_iterator()), 1);

  fs::remove(folder_.path() / "bin/npm");
  const auto second = fetch();
  EXPECT_TRUE(second.ok()) << second.output;
  EXPECT_EQ(second.output, fmt::format("-- grammar: {}", kept().string()));
}

TEST_F(Grammar, CanBePutThereByHand) {
  fs::create_directories(kept());
  fs::copy(fs::path(EXITGATE_GRAMMAR) / "src", kept() / "src", fs::copy_options::recursive);
  EXPECT_TRUE(fetch().ok());
}

TEST_F(Grammar, SaysWhatToDoWhenThereIsNoWayToGetIt) {
  const auto none = fetch();
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output, AllOf(HasSubstr("could not be fetched"), HasSubstr("npm is not installed"),
                                 HasSubstr("v0.23.6.tar.gz"), HasSubstr("To put it there by hand"),
                                 HasSubstr(kept().string() + "/src")));
  EXPECT_TRUE(cache_is_empty());
}

TEST_F(Grammar, OfSeveralFoldersIsPutThereByHandWithAllOfThem) {
  write_file(folder_.path() / "fetch.cmake", fmt::format("list(APPEND CMAKE_MODULE_PATH {})\n"
                                                         "include(TreeSitterGrammars)\n"
                                                         "exitgate_grammar(typescript grammar)\n",
                                                         EXITGATE_MODULES));
  const auto none = fetch();
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.output,
              AllOf(HasSubstr("The TypeScript grammar (tree-sitter-typescript 0.23.2) could not"),
                    HasSubstr("copy its folders typescript and common into")));
}

TEST_F(Grammar, IsNotKeptWhenItIsNotTheOneExpected) {
  install_npm("echo >> package/src/scanner.c");
  const auto changed = fetch();
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.output, AllOf(HasSubstr("src/scanner.c has SHA-256"), HasSubstr("expected 411b2357")));
  EXPECT_TRUE(cache_is_empty());
}

TEST_F(Grammar, IsNotKeptWhenAPartIsMissing) {
  install_npm("rm package/src/tree_sitter/array.h");
  const auto part = fetch();
  EXPECT_EQ(part.exit_code, 1);
  EXPECT_THAT(part.output, HasSubstr("src/tree_sitter/array.h is missing"));
  EXPECT_TRUE(cache_is_empty());
}

TEST_F(Grammar, ACacheThatWasChangedIsRejected) {
  fs::create_directories(kept());
  fs::copy(fs::path(EXITGATE_GRAMMAR) / "src", kept() / "src", fs::copy_options::recursive);
  write_file(kept() / "src/scanner.c", "int x;\n");
  const auto changed = fetch();
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.output, AllOf(HasSubstr("is not the one expected"),
                                    HasSubstr("Remove that folder, then configure again")));
}

}  // namespace
}  // namespace exitgate::syntax
