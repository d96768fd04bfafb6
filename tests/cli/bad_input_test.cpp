// Bad input: one clear message, the right exit code, no archive, nothing lost.

#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class BadInput : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    sample_ = new TemporaryDirectory("bad-input");
    make_sample(sample_->path() / "repo");
  }
  static void TearDownTestSuite() {
    delete sample_;
    sample_ = nullptr;
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  std::string repository() const { return (sample_->path() / "repo").string(); }
  ProcessResult run_gates(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"run", "--out", path("out").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments);
  }
  std::string suite(const std::string& gates) const {
    write_file(path("suite/EG-T1.yaml"), "exit-gate: EG-T1\ntitle: T\ngates:\n" + gates);
    return path("suite").string();
  }

  TemporaryDirectory folder_{"bad-input"};
  static TemporaryDirectory* sample_;
};
TemporaryDirectory* BadInput::sample_ = nullptr;

TEST_F(BadInput, NoRepository) {
  std::filesystem::create_directories(path("plain"));
  const auto finished = run_gates({"--repo", path("plain").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error,
              StartsWith("exitgate: " + path("plain").string() + " is not a git repository: "));
  EXPECT_THAT(finished.error, HasSubstr("  > give --repo a work tree, a worktree or a bare git directory\n"));
  EXPECT_THAT(archives(path("out")), IsEmpty());
}

TEST_F(BadInput, NoSuchFolder) {
  const auto finished = run_gates({"--repo", path("absent").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.error,
            "exitgate: " + path("absent").string() +
                ": no such folder\n  > give --repo a work tree, a worktree or a bare git directory\n");
}

TEST_F(BadInput, UnknownCommit) {
  const auto finished = run_gates({"--repo", repository(), "--commit", "no-such-branch"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.error, "exitgate: " + repository() +
                                ": unknown commit 'no-such-branch'\n"
                                "  > give a commit id, branch or tag that `git rev-parse` knows\n");
}

TEST_F(BadInput, EmptyRepository) {
  std::filesystem::create_directories(path("empty"));
  shell(path("empty"), "git init -q");
  const auto finished = run_gates({"--repo", path("empty").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error, HasSubstr("the repository has no commit yet\n  > commit something first\n"));
}

TEST_F(BadInput, UnknownOptionAndCommand) {
  EXPECT_EQ(exitgate({"run", "--rpeo", "."}).exit_code, 2);
  const auto finished = exitgate({"verfy"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.error,
            "exitgate: unknown command 'verfy' (did you mean 'verify'?)\n  > see exitgate --help\n");
}

TEST_F(BadInput, GateFilesMistakesAreAllNamed) {
  const auto finished =
      run_gates({"--repo", repository(), "--suite",
                 suite("  - {id: a, title: A, check: no-such-check, counterexample: x}\n"
                       "  - {id: b, title: B, check: workflows-readable, counterexmple: x}\n"
                       "  - {id: c, title: C, check: workflows-readable, counterexample: DELET}\n")});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error, HasSubstr("EG-T1.yaml:4: unknown check 'no-such-check'"));
  EXPECT_THAT(
      finished.error,
      HasSubstr("EG-T1.yaml:5: unknown key 'counterexmple' in a gate (did you mean 'counterexample'?)"));
  EXPECT_THAT(finished.error,
              HasSubstr("EG-T1.yaml:6: the counterexample has a mistake: near \"DELET\": syntax error"));
  EXPECT_FALSE(std::filesystem::exists(path("out") / "run.json"));
}

TEST_F(BadInput, AMistakeInTheConfiguration) {
  write_file(path("config.yaml"), "database:\n  step:\n    - alembic upgrade head\n");
  const auto finished = run_gates({"--repo", repository(), "--config", path("config.yaml").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error, StartsWith("exitgate: " + path("config.yaml").string() +
                                         ":2: unknown key 'step' in database (did you mean 'steps'?)\n"));
}

TEST_F(BadInput, ALabelThatNoGateHas) {
  const auto finished = run_gates({"--repo", repository(), "--label", "no-such-label"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error, HasSubstr("no gate has a label that matches --label"));
  EXPECT_THAT(archives(path("out")), IsEmpty());
}

TEST_F(BadInput, AFolderOfSomeoneElseIsNotEmptied) {
  write_file(path("out/logs/precious.log"), "keep me");
  const auto finished = run_gates({"--repo", repository(), "--label", "EG-CG3"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error,
              HasSubstr(path("out").string() + " holds 'logs', and was not made by a run of exitgate"));
  EXPECT_EQ(read_file(path("out/logs/precious.log")), "keep me");
}

TEST_F(BadInput, AWorkflowThatIsNoYaml) {
  std::filesystem::copy(repository(), path("repo"), std::filesystem::copy_options::recursive);
  write_file(path("repo/.github/workflows/ci.yml"), "on: [pull_request\njobs: {");
  commit_all(path("repo"), "break the workflow");
  const auto finished = run_gates({"--repo", path("repo").string(), "--label", "EG-CG1"});
  EXPECT_EQ(finished.exit_code, 1) << finished.output;
  EXPECT_EQ(verdict(path("out"), "EG-CG1.workflows-readable"), "fail");
  EXPECT_EQ(archives(path("out")).size(), 1U);
}

TEST_F(BadInput, NoWorkflowsAtAll) {
  std::filesystem::copy(repository(), path("repo"), std::filesystem::copy_options::recursive);
  shell(path("repo"), "git rm -rq .github && git commit -qm none");
  const auto finished = run_gates({"--repo", path("repo").string(), "--label", "EG-CG1"});
  EXPECT_NE(finished.exit_code, 0) << "nothing was examined, so this is not a pass";
}

TEST_F(BadInput, ADatabaseThatRefuses) {
  const auto finished = exitgate({"collect", "--database", "postgresql://u:s3cret-word@127.0.0.1:1/app",
                                  "--out", path("facts").string()});
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_THAT(finished.error, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(finished.error, Not(HasSubstr("s3cret-word")));
  EXPECT_FALSE(std::filesystem::exists(path("facts/schema.db")));
}

TEST_F(BadInput, AMalformedUrlIsNotEchoed) {
  const auto finished = exitgate(
      {"collect", "--database", "postgresql://u:s3cret-word@[::1/app", "--out", path("facts").string()});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.error, Not(HasSubstr("s3cret-word")));
}

TEST_F(BadInput, NoRoomForTheArchive) {
  // A limit on the size of files stands for a full disk: the write fails in the same place.
  const auto out = path("out").string();
  ASSERT_EQ(run_gates({"--repo", repository(), "--label", "EG-CG3"}).exit_code, 0);
  const auto finished = run(
      {.arguments = {"/bin/bash", "-c",
                     "trap '' XFSZ; ulimit -f 1; exec \"$0\" seal --run \"$1\" --out \"$1/again.tar.zst\"",
                     EXITGATE_PROGRAM, out}});
  EXPECT_EQ(finished.exit_code, 3) << finished.error;
  EXPECT_THAT(finished.error, HasSubstr("again.tar.zst"));
  EXPECT_FALSE(std::filesystem::exists(path("out/again.tar.zst")));
}

}  // namespace
}  // namespace exitgate::testing_program
