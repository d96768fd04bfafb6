#include "harness/suites/resolve.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/gate/suite.h"

namespace exitgate::suites {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void no_run(const facts::Facts&, const check::Parameters&, check::Report&) {}
const check::Check kRows{
    .name = "rows", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = no_run};
const check::Check kProgram{
    .name = "program", .title = "", .why = "", .domains = {"commands"}, .parameters = {}, .run = no_run};
const check::Check kAnswers{
    .name = "answers", .title = "", .why = "", .domains = {"answers"}, .parameters = {}, .run = no_run};
const check::Registered kRegistered[] = {check::Registered(kRows), check::Registered(kProgram),
                                         check::Registered(kAnswers)};

std::string gate_file(const std::string& exit_gate, const std::string& check = "rows",
                      const std::string& more = "") {
  return more + "exit-gate: " + exit_gate +
         "\ntitle: T\ngates:\n"
         "  - {id: one, title: One, check: " +
         check +
         ", labels: [fast], counterexample: DELETE FROM ci.job}\n"
         "  - {id: two, title: Two, check: rows, labels: [slow], counterexample: DELETE FROM ci.job}\n";
}

// Repositories of a test, and a cache of its own.
class ResolveTest : public testing::Test {
 protected:
  ResolveTest() { ::unsetenv("EXITGATE_OFFLINE"); }

  static std::string git(const fs::path& folder, std::vector<std::string> arguments) {
    std::vector<std::string> all = {"git",
                                    "-C",
                                    folder.string(),
                                    "-c",
                                    "user.name=a",
                                    "-c",
                                    "user.email=a@b",
                                    "-c",
                                    "commit.gpgsign=false"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto result = run({.arguments = all});
    EXPECT_TRUE(result.ok()) << result.error;
    std::string output = result.output;
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output;
  }
  // A commit with these files.
  std::string commit(const std::string& name, const std::vector<std::pair<std::string, std::string>>& files) {
    const auto folder = root() / name;
    if (!fs::exists(folder)) {
      fs::create_directories(folder);
      git(folder, {"init", "--quiet", "-b", "main"});
    }
    for (const auto& [path, content] : files) {
      fs::create_directories((folder / path).parent_path());
      write_file(folder / path, content);
    }
    git(folder, {"add", "-A"});
    git(folder, {"commit", "--quiet", "--allow-empty", "-m", "c"});
    return git(folder, {"rev-parse", "HEAD"});
  }
  std::string url(const std::string& name) const { return "file://" + (root() / name).string(); }

  // The suite of a target whose commit has this exitgate.yaml and these files.
  gate::Suite load(const std::string& config,
                   const std::vector<std::pair<std::string, std::string>>& files = {}) {
    const auto id = commit("target", files);
    const auto repository = git::Repository::open(root() / "target");
    const auto parsed = config::parse(config, "exitgate.yaml");
    Root root;
    root.config = &parsed;
    root.repository = &repository;
    root.commit = id;
    return gate::load_suite({}, parsed, resolve(root, ObjectCache(this->root() / "cache")));
  }
  std::string mistake(const std::string& config,
                      const std::vector<std::pair<std::string, std::string>>& files = {}) {
    std::string text;
    for (const auto& one : load(config, files).mistakes) {
      if (one.message.find("the suite has no gates") != std::string::npos) continue;
      text += one.message + (one.hint.empty() ? "" : "\n  > " + one.hint) + "\n";
    }
    for (auto at = text.find(root().string()); at != std::string::npos; at = text.find(root().string()))
      text.replace(at, root().string().size(), "ROOT");
    return text;
  }
  static std::vector<std::string> names(const gate::Suite& suite) {
    std::vector<std::string> all;
    for (const auto& one : suite.mistakes) all.push_back(one.message);
    for (const auto& one : suite.gates) all.push_back(one.name);
    return all;
  }
  const fs::path& root() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_{"suites-test"};
};

TEST_F(ResolveTest, ReadsFilesAndFoldersOfTheCommit) {
  const auto suite = load("include:\n  - gates/a.yaml\n  - {path: more}\n",
                          {{"gates/a.yaml", gate_file("A", "rows", "include: [nested/b.yaml, ../c.yaml]\n")},
                           {"gates/nested/b.yaml", gate_file("B")},
                           {"c.yaml", "include: [more]\n"},
                           {"more/d.yml", gate_file("D")},
                           {"more/d.test.yaml", "tests: []\n"},
                           {"more/README.md", "text"}});
  EXPECT_THAT(names(suite), ElementsAre("A.one", "A.two", "B.one", "B.two", "D.one", "D.two"));
  EXPECT_EQ(suite.gates[2].where, "gates/nested/b.yaml:4");
  ASSERT_EQ(suite.files.size(), 4U);
  EXPECT_EQ(suite.files[0].name, "included/repository/gates/a.yaml");
  EXPECT_EQ(suite.files[0].include, "exitgate.yaml:2");
}

TEST_F(ResolveTest, ReadsTheCommitAndNotTheWorkTree) {
  commit("target", {{"a.yaml", gate_file("A")}});
  write_file(root() / "target" / "a.yaml", gate_file("B"));
  const auto repository = git::Repository::open(root() / "target");
  const auto parsed = config::parse("include: [a.yaml]\n", "exitgate.yaml");
  const auto suite =
      gate::load_suite({}, parsed, resolve({{}, &parsed, &repository, "HEAD"}, ObjectCache(std::nullopt)));
  EXPECT_THAT(names(suite), ElementsAre("A.one", "A.two"));
}

TEST_F(ResolveTest, ReadsACommitOfAnotherRepositoryAndKeepsIt) {
  const auto id = commit("team", {{"gates/ci.yaml", gate_file("T", "rows", "include: [../base.yaml]\n")},
                                  {"base.yaml", gate_file("B")}});
  commit("team", {{"gates/ci.yaml", gate_file("LATER")}});
  const auto config = "include:\n  - {git: '" + url("team") + "', commit: " + id + ", path: gates}\n";
  const auto suite = load(config);
  EXPECT_THAT(names(suite), ElementsAre("T.one", "T.two", "B.one", "B.two"));
  EXPECT_EQ(suite.gates[0].where, url("team") + "@" + id.substr(0, 12) + ":gates/ci.yaml:5");
  EXPECT_EQ(suite.files[0].name, "included/git-" + id + "/gates/ci.yaml");
  EXPECT_EQ(suite.files[0].origin, url("team") + "@" + id + ":gates/ci.yaml");
  // Its source is not needed any more.
  fs::remove_all(root() / "team");
  ::setenv("EXITGATE_OFFLINE", "1", 1);
  EXPECT_THAT(names(load(config)), ElementsAre("T.one", "T.two", "B.one", "B.two"));
  // Another commit is.
  EXPECT_THAT(mistake("include:\n  - {git: '" + url("team") + "', commit: " + std::string(40, 'a') + "}\n"),
              HasSubstr("exitgate.yaml:2: file://ROOT/team@aaaaaaaaaaaa is not on this machine, and "
                        "EXITGATE_OFFLINE forbids to fetch it\n  > "));
  ::unsetenv("EXITGATE_OFFLINE");
  EXPECT_THAT(mistake("include:\n  - {git: '" + url("team") + "', commit: " + std::string(40, 'a') + "}\n"),
              HasSubstr("exitgate.yaml:2: cannot fetch file://ROOT/team: "));
}

TEST_F(ResolveTest, NoticesAChangedCopy) {
  const auto id = commit("team", {{"ci.yaml", gate_file("T")}});
  const auto config = "include:\n  - {git: '" + url("team") + "', commit: " + id + "}\n";
  EXPECT_THAT(names(load(config)), ElementsAre("T.one", "T.two"));
  int changed = 0;
  for (const auto& entry : fs::directory_iterator(root() / "cache")) {
    auto text = read_file(entry.path());
    if (text.find("counterexample") == std::string::npos) continue;
    text.replace(text.find("DELETE"), 6, "UPDATE");
    write_file(entry.path(), text);
    ++changed;
  }
  ASSERT_EQ(changed, 1);
  EXPECT_THAT(mistake(config), HasSubstr("is not what its name says: it was changed\n  > delete the file"));
}

TEST_F(ResolveTest, TakesNoNameThatCanBeMoved) {
  const auto id = commit("team", {{"ci.yaml", gate_file("T")}});
  git(root() / "team", {"tag", "-a", "v1", "-m", "v1"});
  const auto tag = git(root() / "team", {"rev-parse", "v1"});
  const auto with = [&](const std::string& rest) {
    return mistake("include:\n  - {git: '" + url("team") + "'" + rest + "}\n");
  };
  EXPECT_EQ(with(""),
            "exitgate.yaml:2: an include from `git` needs the `commit`\n"
            "  > git ls-remote file://ROOT/team prints the commits of its branches and tags\n");
  EXPECT_EQ(with(", commit: v1"),
            "exitgate.yaml:2: 'v1' is not the full id of a commit: a branch or a tag can be moved\n"
            "  > write all 40 digits: git ls-remote file://ROOT/team v1\n");
  EXPECT_THAT(with(", commit: " + id.substr(0, 12)), HasSubstr("is not the full id of a commit"));
  EXPECT_EQ(with(", commit: " + tag), "exitgate.yaml:2: " + tag +
                                          " is a tag of file://ROOT/team, not a commit\n"
                                          "  > give the commit that it names: git rev-parse TAG^{commit}\n");
  EXPECT_THAT(with(", commit: " + std::string(40, 'a')), HasSubstr("file://ROOT/team has no commit aaaa"));
  EXPECT_THAT(mistake("include:\n  - {oci: 'registry.example/team/gates:v1'}\n"),
              HasSubstr("exitgate.yaml:2: 'oci': the reference has no digest: a tag can be moved"));
}

TEST_F(ResolveTest, NamesEachMistakeWithItsPlace) {
  EXPECT_EQ(mistake("include: [../other.yaml]\n"),
            "exitgate.yaml:1: cannot include '../other.yaml': it leads out of the repository\n");
  EXPECT_EQ(
      mistake("include: [/etc/gates.yaml]\n"),
      "exitgate.yaml:1: cannot include '/etc/gates.yaml': it must be relative to the file that names it\n");
  EXPECT_EQ(mistake("include: [nothing.yaml]\n"),
            "exitgate.yaml:1: there is no nothing.yaml\n"
            "  > it is read from the commit, not from the work tree: is it committed?\n");
  EXPECT_EQ(mistake("include: [docs]\n", {{"docs/a.md", ""}}),
            "exitgate.yaml:1: docs: the folder contains no gate files (*.yaml)\n"
            "  > name the folder that does: `path:`\n");
  EXPECT_EQ(mistake("include:\n  - {paths: gates}\n"),
            "exitgate.yaml:2: unknown key 'paths' in an include (did you mean 'path'?)\n"
            "  > the known keys are path, git, commit, oci, only, except, commands\n");
  EXPECT_EQ(mistake("include: gates\n"), "exitgate.yaml:1: 'include' must be a list, not a string\n");
  EXPECT_THAT(
      mistake("include:\n  - {git: 'https://user:secret@host/gates', commit: x}\n"),
      testing::AllOf(HasSubstr("exitgate.yaml:2: the URL must not hold a login\n  > logins belong to git"),
                     testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(mistake("include:\n  - {git: 'ext::sh -c true', commit: x}\n"),
              HasSubstr("exitgate.yaml:2: a git URL"));
  EXPECT_THAT(mistake("include:\n  - {git: '--upload-pack=x', commit: x}\n"),
              HasSubstr("exitgate.yaml:2: git URLs begin with"));
  EXPECT_EQ(mistake("include: [a.yaml]\n", {{"a.yaml", gate_file("A", "rows", "include: [b.yaml]\n")},
                                            {"b.yaml", gate_file("B", "rows", "include: [a.yaml]\n")}}),
            "b.yaml:1: a.yaml includes itself: a.yaml -> b.yaml -> a.yaml\n");
  EXPECT_EQ(mistake("include: [a.yaml, c.yaml]\n", {{"a.yaml", gate_file("A")}, {"c.yaml", gate_file("A")}}),
            "c.yaml:1: exit gate 'A' is already declared at a.yaml:1\n");
}

TEST_F(ResolveTest, ASymbolicLinkIsNotFollowed) {
  fs::create_directories(root() / "target");
  git(root() / "target", {"init", "--quiet", "-b", "main"});
  fs::create_symlink("/etc/hostname", root() / "target" / "link.yaml");
  EXPECT_THAT(mistake("include: [link.yaml]\n"), HasSubstr("link.yaml is neither a file nor a folder"));
}

TEST_F(ResolveTest, LeavesOutWhatIsNotAskedAndSaysSo) {
  const std::vector<std::pair<std::string, std::string>> files = {{"a.yaml", gate_file("A")},
                                                                  {"b.yaml", gate_file("B")}};
  const auto only =
      load("include:\n  - {path: a.yaml, only: [slow]}\n  - {path: b.yaml, except: [B.o*]}\n", files);
  EXPECT_THAT(names(only), ElementsAre("A.two", "B.two"));
  ASSERT_EQ(only.left_out.size(), 2U);
  EXPECT_EQ(only.left_out[0].gate, "A.one");
  EXPECT_EQ(only.left_out[1].by, "exitgate.yaml:3");
  EXPECT_EQ(
      mistake("include:\n  - path: a.yaml\n    only: [A.tow]\n", files),
      "exitgate.yaml:3: 'A.tow' is neither a gate nor a label of what is included (did you mean 'A.two'?)\n"
      "  > there are A, A.one, A.two, fast, slow\n");
  // An exit gate of which nothing is left is not there; and what is left out need not be understood.
  const auto none = load("include:\n  - {path: a.yaml, except: [A]}\n  - {path: b.yaml, only: [B.two]}\n",
                         {{"a.yaml", gate_file("A")}, {"b.yaml", gate_file("B", "of-a-later-version")}});
  EXPECT_THAT(names(none), ElementsAre("B.two"));
  EXPECT_EQ(none.exit_gates.size(), 1U);
}

TEST_F(ResolveTest, TheConfigurationIsLaidOverIncludedGates) {
  const auto suite = load(
      "include: [a.yaml]\nlabels: {A.one: [audit]}\nwaivers:\n"
      "  - {gate: A.two, finding: x, reason: r, expires: 2030-01-01}\n",
      {{"a.yaml", gate_file("A")}});
  EXPECT_THAT(suite.mistakes, IsEmpty());
  EXPECT_THAT(suite.gates.at(0).labels, ElementsAre("A", "fast", "audit"));
  EXPECT_EQ(suite.gates.at(1).waivers.size(), 1U);
}

TEST_F(ResolveTest, GatesOfOthersRunNothingUnlessTheyMay) {
  const auto id =
      commit("team", {{"p.yaml", gate_file("P", "program")}, {"q.yaml", gate_file("Q", "answers")}});
  const auto config = "include:\n  - {git: '" + url("team") + "', commit: " + id;
  EXPECT_EQ(
      mistake(config + "}\n"),
      "file://ROOT/team@" + id.substr(0, 12) +
          ":p.yaml:4: gate 'P.one' runs a program, which an included suite may do only where the include "
          "allows it\n  > read what it does, then write `commands: true` at "
          "exitgate.yaml:2\nfile://ROOT/team@" +
          id.substr(0, 12) +
          ":q.yaml:4: gate 'Q.one' queries the database, which an included suite may do only where the "
          "include "
          "allows it\n  > read what it does, then write `commands: true` at exitgate.yaml:2\n");
  EXPECT_THAT(names(load(config + ", commands: true}\n")), ElementsAre("P.one", "P.two", "Q.one", "Q.two"));
  EXPECT_THAT(names(load(config + ", only: [slow]}\n")), ElementsAre("P.two", "Q.two"));
  // Those of the same repository may: exitgate.yaml itself could say the same.
  EXPECT_THAT(names(load("include: [p.yaml]\n", {{"p.yaml", gate_file("P", "program")}})),
              ElementsAre("P.one", "P.two"));
  EXPECT_THAT(mistake("include:\n  - {path: p.yaml, commands: true}\n"), HasSubstr("'commands' belongs to"));
  // Trust is not handed on: each include on the path must say so.
  const auto outer = commit("outer", {{"o.yaml", gate_file("O", "rows",
                                                           "include:\n  - {git: '" + url("team") +
                                                               "', commit: " + id + ", commands: true}\n")}});
  const auto nested = "include:\n  - {git: '" + url("outer") + "', commit: " + outer;
  EXPECT_THAT(mistake(nested + "}\n"), HasSubstr("folders of this machine"));
}

TEST_F(ResolveTest, ADeepChainEnds) {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 12; ++i) {
    files.emplace_back(
        "g" + std::to_string(i) + ".yaml",
        gate_file("G" + std::to_string(i), "rows", "include: [g" + std::to_string(i + 1) + ".yaml]\n"));
  }
  EXPECT_EQ(mistake("include: [g0.yaml]\n", files),
            "g8.yaml:1: includes are nested more than 8 deep\n  > include the file from exitgate.yaml\n");
}

}  // namespace
}  // namespace exitgate::suites
