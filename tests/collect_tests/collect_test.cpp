// Reports become the domain `tests`: brought ones from a real repository, and which file of the commit a path means.
#include "harness/collect/tests/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/tests/commit_paths.h"
#include "harness/facts/facts.h"

namespace exitgate::collect::tests {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Brought : public ::testing::Test {
 protected:
  Brought() {
    fs::create_directories(repo());
    git({"init", "-q", "-b", "main"});
  }
  fs::path repo() const { return folder_.path() / "repo"; }
  fs::path run() const { return folder_.path() / "run"; }
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"git", "-C", repo().string(), "-c", "user.name=a", "-c", "user.email=a@b.c"});
    const ProcessResult finished = exitgate::run({.arguments = std::move(arguments)});
    ASSERT_TRUE(finished.ok()) << finished.error;
  }
  void file(const std::string& path, const std::string& content) const {
    fs::create_directories((repo() / path).parent_path());
    write_file(repo() / path, content);
  }
  void commit() const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", "all"});
  }
  void collect(const std::string& configuration) {
    const auto config = config::parse(configuration, "exitgate.yaml");
    const auto repository = git::Repository::open(repo());
    commit_ = repository.resolve_commit("HEAD");
    const Checkout checkout{repository, commit_, repository.tree(commit_)};
    redact::Redactor redactor;
    redactor.add_secret("geheim-4711");
    fs::create_directories(run() / "facts");
    write_tests(read_brought(config, checkout, redactor, run()), config, checkout, redactor, run() / "facts");
  }
  // Each row as "a|b|c".
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(run() / "facts", {"tests"});
    std::vector<std::string> lines;
    auto query = facts.query(sql);
    for (const auto& row : query) {
      std::vector<std::string> columns;
      for (const auto& cell : row.cells()) columns.push_back(cell.value_or("NULL"));
      lines.push_back(join(columns, "|"));
    }
    return lines;
  }
  std::string commit_;

 private:
  TemporaryDirectory folder_;
};

TEST_F(Brought, AreReadMaskedAndKept) {
  file("src/cart.py", "");
  commit();
  file("artifacts/one.xml",
       "<testsuite name='pytest'><testcase classname='src.cart.T' name='a'><failure message='geheim-4711 "
       "leaked'/>"
       "</testcase></testsuite>");
  file("artifacts/two.xml", "<testsuite><testcase name='b'/>");
  file("artifacts/page.xml", "<html/>");
  file("cov.info", "SF:/home/runner/work/x/x/src/cart.py\nDA:1,1\nDA:2,0\nend_of_record\n");
  collect(
      "tests:\n  brought:\n    - {path: artifacts/*.xml, commit: HEAD, step: 'ci.yml: test'}\n    - "
      "cov.info\n    - none*.xml\n");
  EXPECT_THAT(
      rows("SELECT path, format, dialect, source, of, line, revision = '" + commit_ +
           "', step, tracked, kept, problem FROM tests.report ORDER BY id"),
      ElementsAre("artifacts/one.xml|junit|pytest|brought|commit|3|1|ci.yml: "
                  "test|0|logs/tests/brought/artifacts/one.xml|NULL",
                  ::testing::StartsWith(
                      "artifacts/two.xml|junit|NULL|brought|commit|3|1|ci.yml: test|0|logs/tests/brought/"
                      "artifacts/two.xml|it is not well-formed XML"),
                  "cov.info|lcov|NULL|brought|commit|4|NULL|NULL|0|logs/tests/brought/cov.info|NULL"));
  EXPECT_THAT(rows("SELECT report, class, name, status, file, message FROM tests.test_case ORDER BY report"),
              ElementsAre("1|src.cart.T|a|failed|src/cart.py|*** leaked", "2||b|unknown|NULL|NULL"));
  EXPECT_THAT(rows("SELECT file, tracked, lines, lines_hit FROM tests.coverage"),
              ElementsAre("src/cart.py|1|2|1"));
  EXPECT_THAT(rows("SELECT path, line, reason FROM tests.problem"),
              ElementsAre("none*.xml|5|no file fits it"));
  EXPECT_THAT(read_file(run() / "logs/tests/brought/artifacts/one.xml"), Not(HasSubstr("geheim-4711")));
}

// What lies in the commit is older than the commit, whatever the file's time says; what was written anew is not.
TEST_F(Brought, FilesOfTheCommitAreMarked) {
  file("old.xml", "<testsuite><testcase name='a'/></testsuite>");
  file("new.xml", "<testsuite><testcase name='a'/></testsuite>");
  file("log.xml", "<testsuite><testcase name='a'><error/></testcase></testsuite>");
  file("log.txt", "all is well");
  commit();
  file("new.xml", "<testsuite><testcase name='b'/></testsuite>");
  collect("tests:\n  brought: [old.xml, new.xml]\n  base: [old.xml]\n  logs: [log.xml, log.txt]\n");
  EXPECT_THAT(
      rows("SELECT path, of, tracked, written_at IS NULL FROM tests.report ORDER BY id"),
      ElementsAre("old.xml|commit|1|1", "new.xml|commit|0|0", "old.xml|base|1|1", "log.xml|commit|1|1"));
}

TEST_F(Brought, ABareRepositoryHasOnlyWhatTheCommitHas) {
  file("out/r.xml", "<testsuite><testcase name='a'/></testsuite>");
  commit();
  const auto bare = repo().parent_path() / "bare.git";
  git({"clone", "-q", "--bare", repo().string(), bare.string()});
  fs::remove_all(repo());
  fs::rename(bare, repo());
  collect("tests: {brought: ['out/*.xml']}\n");
  EXPECT_THAT(rows("SELECT path, tracked FROM tests.report"), ElementsAre("out/r.xml|1"));
}

TEST(CommitPaths, OfOtherMachines) {
  std::vector<git::TreeEntry> tree;
  for (const char* const path :
       {"setup.py", "backend/app/a.py", "backend/app/b.py", "web/src/a.js", "core/src/main/java/org/x/A.java",
        "old/src/main/java/org/x/A.java", "core/src/main/java/org/x/B.java"})
    tree.push_back({"100644", "blob", "", path});
  const CommitPaths paths(tree);
  const auto resolve = [&](const std::vector<std::vector<std::string>>& files, const std::string& root = "") {
    std::vector<std::string> meant;
    for (const auto& one : paths.resolve(files, root)) meant.push_back(one.value_or("-"));
    return meant;
  };
  EXPECT_THAT(resolve({{"/ci/x/backend/app/a.py"},
                       {"/ci/x/backend/app/b.py"},
                       {"/usr/lib/python3/setup.py"},
                       {"setup.py"}}),
              ElementsAre("backend/app/a.py", "backend/app/b.py", "-", "setup.py"));
  EXPECT_THAT(resolve({{"C:\\w\\backend\\app\\a.py"}, {"./backend/app/b.py"}, {"file:///w/x"}}),
              ElementsAre("backend/app/a.py", "backend/app/b.py", "-"));
  EXPECT_THAT(resolve({{"/ci/x/backend/app/a.py", "app/a.py"}, {"src/a.js"}}),
              ElementsAre("backend/app/a.py", "web/src/a.js"));
  // Of two that it may be, the one below the folder where the others are; else none.
  EXPECT_THAT(resolve({{"org/x/A.java"}, {"org/x/B.java"}}),
              ElementsAre("core/src/main/java/org/x/A.java", "core/src/main/java/org/x/B.java"));
  EXPECT_THAT(resolve({{"org/x/A.java"}}), ElementsAre("-"));
  EXPECT_THAT(resolve({{"/tmp/export/setup.py"}, {"../x.py"}, {""}}, "/tmp/export"),
              ElementsAre("setup.py", "-", "-"));
}

}  // namespace
}  // namespace exitgate::collect::tests
