// Commands of gates in the sealed export of a commit: what they may do, and what is kept of them.
#include "harness/collect/commands/collect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/facts.h"
#include "harness/patterns/output_pattern.h"
#include "harness/sandbox/containment.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class GateCommands : public testing::Test {
 protected:
  facts::Facts run(const std::vector<GateCommand>& commands) {
    auto repository = git::Repository::open(repository_.root());
    const std::string commit = repository.resolve_commit("HEAD");
    auto tree = repository.tree(commit);
    redact::Redactor redactor;
    redactor.add_secret("hunter2hunter2");
    collect_commands(Checkout{repository, commit, std::move(tree)}, commands, redactor, run_.path(),
                     [](std::string_view) {});
    return facts::Facts(run_.path() / "facts", {"commands"});
  }
  static GateCommand command(const std::string& run) {
    GateCommand one;
    one.gate = "EG-A1.one";
    one.file = "exitgate.yaml";
    one.line = 7;
    one.run = run;
    return one;
  }
  Rows lines_of(const std::string& run_text) {
    return rows(run({command(run_text)}), "SELECT text FROM commands.line ORDER BY position");
  }
  void commit() const {
    repository_.git({"add", "-A"});
    repository_.git({"-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "more"});
  }
  std::filesystem::path object_file(const std::string& oid) const {
    return repository_.root() / ".git/objects" / oid.substr(0, 2) / oid.substr(2);
  }
  // As a partial clone lacks it. Returns the blob's id.
  std::string remove_blob(const std::string& path) const {
    const ProcessResult found =
        exitgate::run({.arguments = {"git", "-C", repository_.root().string(), "rev-parse", "HEAD:" + path}});
    std::string oid(trim(found.output));
    EXPECT_TRUE(std::filesystem::remove(object_file(oid))) << path;
    return oid;
  }
  std::string log() const { return read_file(run_.path() / "logs/gates/EG-A1.one.log"); }

  TestRepository repository_{{{"src/a.py", "print(1)\n"}, {"run.sh", "echo ran\n"}}};
  TemporaryDirectory run_{"gate-commands"};
};

TEST_F(GateCommands, AreKeptWithExitCodeAndOutput) {
  auto one = command("grep -rn 'print(' . ; echo oops hunter2hunter2 >&2; exit 3");
  one.pattern = "^(?P<file>[^:]+):(?P<line>[0-9]+):";
  const auto facts = run({one});
  EXPECT_EQ(rows(facts,
                 "SELECT gate, file, line, directory, network, exit_code, outcome, completed, log, cut "
                 "FROM commands.run"),
            (Rows{"EG-A1.one|exitgate.yaml|7||0|3|exit code 3|1|logs/gates/EG-A1.one.log|0"}));
  EXPECT_EQ(rows(facts, "SELECT stream, text, captures FROM commands.line ORDER BY stream DESC"),
            (Rows{R"(output|./src/a.py:1:print(1)|{"file":"./src/a.py","line":"1"})", "error|oops ***|-"}));
  EXPECT_THAT(log(), HasSubstr("oops ***\n[exit code 3 after "));
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.sandbox WHERE contained = 'disk'"), 1);
}

TEST_F(GateCommands, AreNotRunOverAPartOfTheCommit) {
  const std::string oid = remove_blob("run.sh");
  const auto facts = run({command("touch ran")});
  EXPECT_EQ(rows(facts, "SELECT gate, file, reason FROM commands.problem"),
            Rows{"-|run.sh|blob " + oid + " is missing in the clone"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.run"), 0);
}

TEST_F(GateCommands, AreNotRunOverADamagedFile) {
  const auto path = object_file(remove_blob("run.sh"));
  write_file(path, "damaged");
  const auto facts = run({command("touch ran")});
  EXPECT_EQ(rows(facts, "SELECT file FROM commands.problem"), Rows{"run.sh"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.run"), 0);
}

TEST_F(GateCommands, NameSomeOfManyMissingFiles) {
  for (int i = 10; i < 40; ++i) {
    const auto number = std::to_string(i);
    write_file(repository_.root() / ("many" + number), number);
  }
  std::filesystem::create_symlink("/etc", repository_.root() / "etc");
  commit();
  for (int i = 10; i < 40; ++i) remove_blob("many" + std::to_string(i));
  const auto facts = run({command("touch ran")});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.problem WHERE file LIKE 'many%'"), 20);
  EXPECT_EQ(rows(facts, "SELECT reason FROM commands.problem WHERE file IS NULL"),
            Rows{"30 blobs of the commit are missing in the clone"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.problem"), 21);
}

TEST_F(GateCommands, RunWithoutALinkThatLeadsOut) {
  std::filesystem::create_symlink("/etc", repository_.root() / "etc");
  commit();
  const auto facts = run({command("ls")});
  EXPECT_EQ(rows(facts, "SELECT gate, file, reason FROM commands.problem"),
            Rows{"EG-A1.one|etc|it is a link that leads out of the repository"});
  EXPECT_EQ(rows(facts, "SELECT text FROM commands.line ORDER BY position"), (Rows{"run.sh", "src"}));
  EXPECT_THAT(log(), HasSubstr("[not in the copy of the commit: etc: it is a link that leads out"));
}

// The exit code of git is hidden, what it says is not.
TEST_F(GateCommands, KeepWhatGitSaysBehindAPipe) {
  const auto facts = run({command("git ls-files | while read -r file; do echo \"$file\"; done")});
  EXPECT_EQ(rows(facts, "SELECT exit_code FROM commands.run"), Rows{"0"});
  EXPECT_EQ(rows(facts, "SELECT stream, substr(text, 1, 27) FROM commands.line LIMIT 1"),
            Rows{"error|fatal: not a git repository"});
}

TEST_F(GateCommands, DoNotSeeWhatAnotherOneChanged) {
  auto first = command("echo x > made; rm run.sh; echo changed > src/a.py; touch \"$HOME/h\" \"$TMPDIR/t\"");
  auto second = command("ls; cat src/a.py; ls \"$HOME\" \"$TMPDIR\" | grep -v :");
  second.gate = "EG-A1.two";
  const auto facts = run({first, second});
  EXPECT_EQ(rows(facts, "SELECT text FROM commands.line WHERE gate = 'EG-A1.two' AND text <> ''"),
            (Rows{"run.sh", "src", "print(1)"}));
  EXPECT_EQ(rows(facts, "SELECT exit_code FROM commands.run"), (Rows{"0", "0"}));
}

TEST_F(GateCommands, RunWhereTheyAreAskedTo) {
  auto one = command("ls; pwd");
  one.directory = "src";
  EXPECT_EQ(rows(run({one}), "SELECT text FROM commands.line ORDER BY position"), (Rows{"a.py", "src"}));
  one.directory = "nowhere";
  EXPECT_EQ(rows(run({one}), "SELECT completed, outcome FROM commands.run"),
            Rows{"0|not run: the commit has no folder 'nowhere'"});
}

TEST_F(GateCommands, EndAtTheirLimit) {
  auto one = command("sleep 1000 & echo begun; sleep 1000");
  one.timeout_seconds = 1;
  const auto facts = run({one});
  EXPECT_THAT(facts.text("SELECT outcome FROM commands.run").value_or(""), HasSubstr("no end within 1"));
  EXPECT_EQ(rows(facts, "SELECT completed, exit_code FROM commands.run"), Rows{"0|-"});
  EXPECT_EQ(rows(facts, "SELECT text FROM commands.line"), Rows{"begun"});
}

TEST_F(GateCommands, HaveNoNetworkAndWriteNowhereElse) {
  if (!sandbox::containment().network || !sandbox::containment().files)
    GTEST_SKIP() << "this kernel contains nothing";
  EXPECT_THAT(lines_of("tail -n +3 /proc/net/dev | cut -d: -f1; touch /usr/x 2>/dev/null || echo read-only"),
              ElementsAre("    lo", "read-only"));
}

TEST_F(GateCommands, HugeOutputIsCutAndSaidToBe) {
  const auto facts = run({command("head -c 100000000 /dev/zero | tr '\\0' a | fold -w 100")});
  EXPECT_EQ(rows(facts, "SELECT exit_code, cut, bytes > 100000000 FROM commands.run"), Rows{"0|1|1"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.line"), 10000);
  EXPECT_LT(log().size(), std::size_t{17} << 20);
  const auto endless = run({command("head -c 30000000 /dev/zero | tr '\\0' a")});
  EXPECT_EQ(rows(endless, "SELECT cut FROM commands.run"), Rows{"1"});
}

TEST_F(GateCommands, TerminalSequencesAreNotKept) {
  EXPECT_THAT(
      lines_of("printf '\\033[31msrc/a.py:1: \\033]0;title\\007bad\\033[0m\\r\\nEG-A1.one PASS\\n\\001\\n'"),
      ElementsAre("src/a.py:1: bad", "EG-A1.one PASS", "?"));
}

TEST(OutputPattern, TellsWhatIsWrong) {
  const auto mistake = [](const std::string& pattern) -> std::string {
    try {
      const patterns::OutputPattern one(pattern);
      return "";
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_EQ(mistake("^(?P<file>.*)$"), "");
  EXPECT_EQ(mistake("(?P<fil>.*)"), "it has a group 'fil' (did you mean 'file'?)");
  EXPECT_THAT(mistake("(?=x)"), HasSubstr("it is not a regular expression: "));
  const patterns::OutputPattern two("^(?P<file>\\w+)(:(?P<line>\\d+))?$");
  EXPECT_EQ(two.captures("abc"), R"({"file":"abc"})");
  EXPECT_EQ(two.captures("abc:"), std::nullopt);
}

}  // namespace
}  // namespace exitgate::collect
