// `check: files`: presence, names, sizes, modes, owners and contents.
#include <gtest/gtest.h>

#include "harness/asked/code_owners.h"
#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

std::string gate(const std::string& with, const std::string& counterexample = "") {
  return "- {id: g, title: t, check: files, with: " + with +
         (counterexample.empty() ? "" : ", counterexample: " + counterexample) + "}\n";
}

TEST(FilesCheck, MustBeThereOrNot) {
  const Files files = {{"README.md", "x"}, {"docs/a.md", "x"}, {"secrets/.env", "x"}};
  EXPECT_EQ(try_gate(gate("{files: [README.md, LICENSE*]}"), files),
            "fail, red under its counterexample\nFAIL : LICENSE* is missing: no tracked file matches it\n");
  EXPECT_EQ(try_gate(gate("{files: [README.md, \"docs/**/*.md\"]}"), files),
            "pass, red under its counterexample\n");
  EXPECT_EQ(try_gate(gate("{files: \"**/.env\", must: not-exist}", "{file: .env}"), files),
            "fail, red under its counterexample\nFAIL secrets/.env: is tracked, and must not be\n");
  EXPECT_EQ(try_gate(gate("{files: \"**/*.pem\", must: not-exist}", "{file: a/b.pem}"), files),
            "pass, red under its counterexample\n");
  EXPECT_EQ(try_gate(gate("{files: \"**/*.pem\", must: not-exist}", "{file: a/b.pem}"), {}),
            "error: no tracked file is among those that the gate looks at (see 'files'; or write "
            "skip-when-empty: true)\n");
}

// That a glob matches no file is the verdict where files must be there or must not.
TEST(FilesCheck, NotesGlobsThatMatchNoFile) {
  const Files files = {{"a.pem.md", "x"}, {"keys/x.md", "x"}};
  EXPECT_EQ(try_gate(gate("{files: [\"*.pem\", keys], must: not-exist}", "{file: b.pem}"), files),
            "pass, red under its counterexample\n"
            "note: the glob 'keys' matches no file: it is a folder; write 'keys/' for the files below it\n");
  EXPECT_EQ(try_gate(gate("{files: [a.pem.md, b], must: exist}"), files),
            "fail, red under its counterexample\nFAIL : b is missing: no tracked file matches it\n");
  EXPECT_EQ(try_gate(gate("{files: [a.pem.md, b], name: 'a.*'}", "{file: b}"), files),
            "pass, red under its counterexample\nnote: the glob 'b' matches no file\n");
}

TEST(FilesCheck, NameSizeAndMode) {
  EXPECT_EQ(try_gate(gate("{files: \"migrations/*.sql\", name: '\\d{4}_[a-z_]+\\.sql'}",
                          "{file: migrations/x.sql}"),
                     {{"migrations/0001_init.sql", ""}, {"migrations/2-Fix.sql", ""}}),
            "fail, red under its counterexample\nFAIL migrations/2-Fix.sql: has the "
            "name '2-Fix.sql', which must "
            "match \\d{4}_[a-z_]+\\.sql\n");
  EXPECT_EQ(try_gate(gate("{size-at-most: 1 kB}", "{file: a.bin, size: 5000000}"),
                     {{"a.png", std::string(1001, 'x')}, {"b", "x"}}),
            "fail, red under its counterexample\nFAIL a.png: has 1001 bytes, and may have 1000\n");
  EXPECT_EQ(try_gate(gate("{files: \"scripts/*\", mode: executable}", "{file: scripts/a}"),
                     {{"scripts/a*", "x"}, {"scripts/b", "x"}}),
            "fail, red under its counterexample\nFAIL scripts/b: is not executable, and must be\n");
  EXPECT_EQ(try_gate(gate("{mode: regular}", "{file: a, mode: symlink}"), {{"a", "x"}, {"l -> a", ""}}),
            "fail, red under its counterexample\nFAIL l: is a symbolic link, and must be a file\n");
}

TEST(FilesCheck, Owners) {
  const Files files = {{".github/CODEOWNERS", "* @org/all\n/db/ @org/db\n/docs/ # nobody\n"},
                       {"db/a.sql", ""},
                       {"docs/a.md", ""}};
  EXPECT_EQ(try_gate(gate("{owners: any}", "{files: {.github/CODEOWNERS: '', a.py: ''}}"), files),
            "fail, red under its counterexample\nFAIL docs/a.md: has no owner: "
            ".github/CODEOWNERS:3 names none\n");
  EXPECT_EQ(
      try_gate(gate("{files: db/, owners: \"@org/dba\"}", "{files: {.github/CODEOWNERS: '* @x', db/a: ''}}"),
               files),
      "fail, red under its counterexample\nFAIL db/a.sql: is owned by @org/db "
      "(.github/CODEOWNERS:2), and must be by "
      "@org/dba\n");
  EXPECT_EQ(try_gate(gate("{files: db/, owners: any}", "{file: db/a}"), {{"db/a", ""}}),
            "fail, red under its counterexample\nFAIL db/a: has no owner: no rule of CODEOWNERS fits it\n");
}

// The example's rules stand for the repository's, wherever either of them are.
TEST(FilesCheck, TheExamplesOwnersAreTheOnlyOnes) {
  const std::string by_rules = "{files: {CODEOWNERS: '/src/payments/', src/payments/a.py: ''}}";
  const std::string elsewhere = "{files: {.github/CODEOWNERS: '/docs/ @d', src/payments/a.py: ''}}";
  const std::string without = "{file: src/payments/a.py, content: ''}";
  for (const std::string place :
       {"CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".gitea/CODEOWNERS"}) {
    const std::string rules = place == ".gitea/CODEOWNERS" ? ".* @org/all\n" : "* @org/all\n";
    for (const auto& example : {by_rules, elsewhere, without}) {
      EXPECT_EQ(try_gate(gate("{files: src/payments/, owners: any}", example),
                         {{place, rules}, {"src/payments/pay.py", ""}}),
                "pass, red under its counterexample\n")
          << place << " " << example;
    }
    const std::string other = "{files: {CODEOWNERS: '* @org/b', src/payments/a.py: ''}}";
    EXPECT_EQ(try_gate(gate("{files: src/payments/, owners: \"@org/all\"}", other),
                       {{place, rules}, {"src/payments/pay.py", ""}}),
              "pass, red under its counterexample\n")
        << place;
    EXPECT_EQ(try_gate(gate("{files: src/payments/, owners: any}", other),
                       {{place, rules}, {"src/payments/pay.py", ""}})
                  .substr(0, 73),
              place == ".gitea/CODEOWNERS"  // there `*` is not a regular expression
                  ? "pass, red under its counterexample\n"
                  : "error: the gate is broken: its counterexample leaves it at 'pass', green ")
        << place;
  }
}

TEST(FilesCheck, WhatCannotBeSearchedIsNotMissing) {
  const std::string asked = "{files: LICENSE, must: exist, contains: MIT}";
  const std::string example = "{file: LICENSE, content: x}";
  EXPECT_EQ(try_gate(gate(asked, example), {{"LICENSE", "MIT\n"}}), "pass, red under its counterexample\n");
  EXPECT_EQ(try_gate(gate(asked, example), {{"README", "MIT\n"}}),
            "fail, red under its counterexample\nFAIL : LICENSE is missing: no tracked file matches it\n");
  EXPECT_EQ(try_gate(gate(asked, example),
                     {{"LICENSE", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n"}}),
            "error: 1 subject could not be decided\n"
            "? LICENSE: its content is not in the repository: it is a pointer of Git LFS\n");
  EXPECT_EQ(try_gate(gate(asked, example), {{"LICENSE -> README", ""}, {"README", "MIT\n"}}),
            "error: 1 subject could not be decided\n"
            "? LICENSE: no other file matches LICENSE, and this one is not searched\n"
            "note: 1 symbolic link was not searched: LICENSE\n");
  // Another file of the glob is there and searched.
  EXPECT_EQ(try_gate(gate("{files: docs/, must: exist, contains: MIT}", "{file: docs/a, content: x}"),
                     {{"docs/a.png", "x"}, {"docs/b", "MIT\n"}}),
            "pass, red under its counterexample\nnote: 1 binary file was not searched: docs/a.png\n");
  EXPECT_EQ(
      try_gate(gate("{files: a/LICENSE, must: exist, equals: LICENCE}", "{file: a/LICENSE, content: x}"),
               {{"a/LICENSE", "x"}}),
      "error: 1 subject could not be decided\n"
      "? a/LICENSE: 'LICENCE', which it is compared with, is not a text file of the commit\n");
}

// As in a partial clone.
TEST(FilesCheck, AMissingBlobIsNotAMissingFile) {
  const Files files = {{"LICENSE", "MIT\n"}, {"b", "MIT\n\n"}};
  const auto said = [&](const std::string& with, const std::string& example) {
    const auto tried = try_gates(gate_file(gate(with, example)), files, "LICENSE").front();
    return tried.said.substr(0, tried.said.find("blob")) + tried.said.substr(tried.said.find(" is missing"));
  };
  for (const std::string more : {"contains: MIT", "size-at-most: 1 kB", "equals: b"}) {
    EXPECT_EQ(
        said("{files: [LICENSE, b], must: exist, " + more + "}", "{file: LICENSE, content: x, size: 5000}"),
        "error: 1 subject could not be decided\n? LICENSE: its  is missing from the clone\n")
        << more;
  }
}

TEST(FilesCheck, ContentsAndTemplates) {
  EXPECT_EQ(try_gate(gate("{files: \"**/LICENSE\", equals: LICENSE}", "{file: a/LICENSE, content: x}"),
                     {{"LICENSE", "MIT\nyou may\n"},
                      {"a/LICENSE", "MIT\r\nyou may\r\n"},
                      {"b/LICENSE", "MIT\nyou must\n"},
                      {"c/LICENSE", "MIT\n"}}),
            "fail, red under its counterexample\n"
            "FAIL b/LICENSE: differs from 'LICENSE': line 2 is 'you must', and must be 'you may'\n"
            "FAIL c/LICENSE: differs from 'LICENSE': line 2 is '', and must be 'you may'\n");
  EXPECT_EQ(try_gate(gate("{files: .nvmrc, equals-text: \"20\\n\"}", "{file: .nvmrc, content: \"18\\n\"}"),
                     {{".nvmrc", "18\n"}}),
            "fail, red under its counterexample\nFAIL .nvmrc: differs from the text of the gate: line "
            "1 is '18', and must be '20'\n");
  EXPECT_EQ(try_gate(gate("{files: \"*.md\", contains: '^# '}", "{file: a.md, content: x}"),
                     {{"a.md", "# A\n"}, {"b.md", "B\n"}}),
            "fail, red under its counterexample\nFAIL b.md: does not contain ^# \n");
  EXPECT_EQ(try_gate(gate("{files: a/LICENSE, equals: LICENCE}", "{file: a/LICENSE, content: x}"),
                     {{"a/LICENSE", "x"}}),
            "error: 1 subject could not be decided\n"
            "? a/LICENSE: 'LICENCE', which it is compared with, is not a text file of the commit\n");
}

TEST(FilesCheck, MistakesAreSaidWhereTheyStand) {
  const auto said = [](const std::string& with) { return mistakes(gate_file(gate(with, "{file: a}"))); };
  EXPECT_EQ(said("{must: exist}"),
            "own.yaml:4: check 'files': parameter 'files' must be given\n  > name the files, as in files: "
            "LICENSE\n");
  EXPECT_EQ(said("{files: /a}"),
            "own.yaml:4: check 'files': parameter 'files': '/a' must not begin with '/' or '.'\n"
            "  > write paths from the repository's root, as docs/*.md\n");
  EXPECT_EQ(mistakes(gate_file(gate("{files: src/payments, owners: any}",
                                    "{files: {CODEOWNERS: '', src/payments/a.py: ''}}"))),
            "own.yaml:4: 'counterexample': as a glob, 'src/payments' does not match the example's file "
            "'src/payments/a.py': it is a folder\n"
            "  > write files: src/payments/ for all that is below it\n");
  EXPECT_EQ(said("{size-at-most: big}"),
            "own.yaml:4: check 'files': parameter 'size-at-most' must be a size\n"
            "  > write a number of bytes, or 500 kB, 2 MB, 1 MiB\n");
  EXPECT_EQ(said("{files: a, must: not-exist, name: x}"),
            "own.yaml:4: check 'files': parameter 'must' is not-exist, and so nothing else can be asked of "
            "the files\n"
            "  > its parameters are must, name, size-at-most, mode, owners, codeowners, contains, lacks, "
            "equals, equals-text, files, "
            "except, message, skip-when-empty\n");
}

std::string owners(OwnersProvider provider, const std::string& text, const std::string& path) {
  const auto owned = CodeOwners(provider, "CODEOWNERS", text).of(path);
  if (!owned) return "no rule";
  std::string all = std::to_string(owned->line) + ":";
  for (const auto& owner : owned->owners) all += " " + owner;
  return all;
}

// The example of GitHub's documentation.
TEST(CodeOwnersOfGitHub, LastMatchWins) {
  const std::string text =
      "*       @global-owner1 @global-owner2\n*.js    @js-owner #This is an inline comment.\n*.go "
      "docs@example.com\n"
      "*.txt @octo-org/octocats\n/build/logs/ @doctocat\ndocs/* docs@example.com\napps/ @octocat\n/docs/ "
      "@doctocat\n"
      "/scripts/ @doctocat @octocat\n**/logs @octocat\n/apps/ @octocat\n/apps/github\n";
  const auto of = [&](const std::string& path) { return owners(OwnersProvider::github, text, path); };
  EXPECT_EQ(of("a.c"), "1: @global-owner1 @global-owner2");
  EXPECT_EQ(of("x/a.js"), "2: @js-owner");
  EXPECT_EQ(of("build/logs/x/y"), "10: @octocat");
  EXPECT_EQ(of("docs/a.md"), "8: @doctocat");
  EXPECT_EQ(of("x/apps/a"), "7: @octocat");
  EXPECT_EQ(of("deep/logs/x"), "10: @octocat");
  EXPECT_EQ(of("apps/github/x"), "12:");
  EXPECT_EQ(owners(OwnersProvider::github, "docs/* @d\n", "docs/a/b.md"), "no rule");
  EXPECT_EQ(owners(OwnersProvider::github, "docs/* @d\n", "x/docs/b.md"), "no rule");
  EXPECT_EQ(owners(OwnersProvider::github, "a\\ b.txt @d\n", "a b.txt"), "1: @d");
  EXPECT_EQ(owners(OwnersProvider::github, "* @a\n!x.md @b\n[ab].md @c\n", "a.md"), "1: @a");
}

TEST(CodeOwnersOfGitLab, SectionsAddUp) {
  const std::string text =
      "* @all\n[Documentation] @docs\nee/docs/\n*.md\n[Database]\nmodel/db/ @db @dba\nREADME.md "
      "@db\n^[DOCUMENTATION]\n"
      "/LICENSE.md @legal\n!ee/docs/private/\n";
  const auto of = [&](const std::string& path) { return owners(OwnersProvider::gitlab, text, path); };
  EXPECT_EQ(of("a.c"), "1: @all");
  EXPECT_EQ(of("x/README.md"), "7: @all @docs @db");
  EXPECT_EQ(of("LICENSE.md"), "9: @all @legal");
  EXPECT_EQ(of("x/model/db/y/z"), "6: @all @db @dba");
  EXPECT_EQ(of("ee/docs/private/a.md"), "1: @all");
}

TEST(CodeOwnersOfGitea, AreRegularExpressionsThatAllCount) {
  const std::string text = ".*\\\\.go @go\n!web/.* @server\nweb/(a|b)/.* @web\n";
  const auto of = [&](const std::string& path) { return owners(OwnersProvider::gitea, text, path); };
  EXPECT_EQ(of("web/a/x.go"), "3: @go @web");
  EXPECT_EQ(of("a.txt"), "2: @server");
  EXPECT_EQ(of("web/c"), "no rule");
}

}  // namespace
}  // namespace exitgate::asked
