// Break the sample service like this, and exactly these gates turn red, with these words.

#include "tests/breakage/breakage.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/database/cluster.h"
#include "harness/database/server.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

const std::string kCi = ".github/workflows/ci.yml";
const std::string kRelease = ".github/workflows/release.yml";

const std::string kExtraUpload = R"(cat >> .github/workflows/ci.yml <<'EOF'
      - uses: actions/upload-artifact@v4
        with: {name: timings, path: timings.json, retention-days: 7}
EOF)" + kCommit;

// What the gates say of a workflow that is not YAML.
std::vector<std::string> unreadable(std::vector<std::string> gates) {
  for (auto& gate : gates) {
    const bool about_it = gate.ends_with(".workflows-readable");
    gate += fmt::format(
        " {} .github/workflows/release.yml{}: {}", about_it ? "fail" : "error", about_it ? ":11" : "",
        about_it ? "this workflow cannot be read: line 11: a tab where spaces must indent"
                 : "cannot be read (line 11: a tab where spaces must indent), so what it does "
                   "is unknown");
  }
  return gates;
}

// Reports that were brought into the work tree, and what the configuration says of them. No server is started for them.
std::string brought(const std::string& declared, const std::string& report) {
  return fmt::format("mkdir -p out\ncat > out/junit.xml <<'EOF'\n{}\nEOF\n", report) +
         "sed -i 's|^  logs:.*|&\\n  brought: [" + declared + "]|' exitgate.yaml\ngit add exitgate.yaml" +
         std::string(kCommit).replace(kCommit.find("git add -A && "), 14, "");
}

const std::string kGoodReport =
    R"(<testsuite name="pytest" tests="2"><testcase classname="tests.test_orders" name="a"/><testcase name="b"><skipped/></testcase></testsuite>)";
const std::string kOfHead = "{path: out/*.xml, commit: HEAD}";

const std::vector<Breakage> kBreakages = {
    {"Nothing", kStatic, "true", {}},
    {"ReportsAreGood", "EG-TS1", brought(kOfHead, kGoodReport), {}},
    // A JUnit file of another year is not a log of this commit's tests.
    {"OldReport",
     "EG-TS1",
     brought(
         "out/junit.xml",
         R"(<testsuite name="pytest" tests="2" timestamp="2019-01-01T10:00:00Z"><testcase name="a"><failure message="no"/></testcase><testcase name="b"><failure/></testcase></testsuite>)"),
     {"EG-TS1.current fail exitgate.yaml:18: out/junit.xml (brought): its tests began at "
      "2019-01-01T10:00:00Z, before the commit "
      "was made at *",
      "EG-TS1.passed fail exitgate.yaml:18: out/junit.xml (brought): a failed: no"}},
    {"OfNoCommit",
     "EG-TS1",
     brought("out/junit.xml", kGoodReport),
     {"EG-TS1.current error exitgate.yaml:18: out/junit.xml (brought): neither it nor the configuration says "
      "which commit it is of"}},
    {"TrackedReport",
     "EG-TS1",
     brought(kOfHead, kGoodReport) + "\n" + kCommit,
     {"EG-TS1.current fail exitgate.yaml:18: out/junit.xml (brought): it is a file of the commit: it was "
      "there before the commit "
      "was, and cannot be of it"}},
    {"CutOffReport",
     "EG-TS1",
     brought(kOfHead, R"(<testsuite name="pytest" tests="2"><testcase name="a"/><testcase na)"),
     {"EG-TS1.passed error exitgate.yaml:18: out/junit.xml (brought): it is not well-formed XML *",
      "EG-TS1.ran error exitgate.yaml:18: out/junit.xml (brought): it is not well-formed XML *"}},
    {"EverythingSkipped",
     "EG-TS1",
     brought(kOfHead,
             R"(<testsuite name="pytest" tests="1"><testcase name="a"><skipped/></testcase></testsuite>)"),
     {"EG-TS1.passed error *",
      "EG-TS1.ran fail exitgate.yaml:18: out/junit.xml (brought): each of its 1 test was skipped: nothing "
      "ran",
      "EG-TS1.skipped fail 1 of 1 test skipped, at most 50 % may be: a"}},
    {"NoReport",
     "EG-TS1",
     brought("{path: nowhere/*.xml, commit: HEAD}", kGoodReport),
     {"EG-TS1.current error *", "EG-TS1.passed error *",
      "EG-TS1.ran fail exitgate.yaml:18: there is no report 'nowhere/*.xml': no file fits it",
      "EG-TS1.skipped error *"}},
    {"RequiredTestIsGone",
     "EG-TS1",
     "printf 'parameters:\\n  EG-TS1.required: {tests: [smoke]}\\n  EG-TS1.coverage: {at-least: 80}\\n' >> "
     "exitgate.yaml\n" +
         brought(kOfHead, kGoodReport),
     {"EG-TS1.coverage fail no coverage report is there",
      "EG-TS1.required fail no report names a test 'smoke'"}},
    {"WorkflowIsNoYaml", kStatic, edit(kRelease, "s/^jobs:/jobs:\\n\\tbroken/"),
     unreadable({"EG-CG1.aggregate-job", "EG-CG1.concurrency", "EG-CG1.download-has-upload",
                 "EG-CG1.names-unique", "EG-CG1.paths", "EG-CG1.pinned", "EG-CG1.pull-request-workflows",
                 "EG-CG1.retention", "EG-CG1.standard-bundle", "EG-CG1.survives-failure",
                 "EG-CG1.tests-fail-the-job", "EG-CG1.unforgeable", "EG-CG1.upload-works",
                 "EG-CG1.workflows-readable", "EG-CG2.migrations-before-tests"})},
    {"NothingRunsOnPullRequests",
     kStatic,
     edit(kCi, "/^  pull_request:/d"),
     {"EG-CG1.pull-request-workflows fail no workflow runs a job on pull requests (of 2), 1 is asked for: "
      "nothing looks at a change before it is merged"}},
    {"ShortRetention",
     kStatic,
     kExtraUpload,
     {"EG-CG1.retention fail .github/workflows/ci.yml:74: 'timings' is deleted after 7 days, an audit needs "
      "it for 30"}},
    {"ActionFollowsABranch",
     kStatic,
     edit(kRelease, "s/upload-artifact@[0-9a-f]*.*/upload-artifact@main/"),
     {"EG-CG1.pinned fail .github/workflows/release.yml:16: `uses: actions/upload-artifact@main` is not a "
      "version: each run takes what stands on that branch at the moment"}},
    {"RetiredAction",
     kStatic,
     edit(kRelease, "s/download-artifact@[0-9a-f]*.*/download-artifact@v3/"),
     {"EG-CG1.pinned fail .github/workflows/release.yml:27: `uses: actions/download-artifact@v3` is retired: "
      "github.com has refused versions before v4 since 2025-01-30"}},
    {"DownloadWithoutUpload",
     kStatic,
     edit(kRelease, "0,/name: source/s//name: sources/"),
     {"EG-CG1.download-has-upload fail .github/workflows/release.yml:27: downloads 'source', which no step "
      "of a run of .github/workflows/release.yml uploads (it uploads 'sources'): the step fails each time it "
      "runs"}},
    {"BundleUnderAnotherName",
     kStatic,
     edit(kCi, "s/name: evidence-bundle-/name: ci-output-/"),
     {"EG-CG1.standard-bundle fail .github/workflows/ci.yml:4: 'CI' runs on pull requests and uploads "
      "'ci-output-${{ github.run_id }}', but no evidence bundle named 'evidence-bundle*': who looks for its "
      "evidence must know the workflow by heart"}},
    {"BundleOnlyAfterSuccess",
     kStatic,
     edit(kCi, "/name: Evidence bundle/{n;d}"),
     {"EG-CG1.standard-bundle fail .github/workflows/ci.yml:58: the evidence bundle 'evidence-bundle-${{ "
      "github.run_id }}' has no `if:`: when a test fails, nothing is uploaded and there is no evidence of it",
      "EG-CG1.survives-failure fail .github/workflows/ci.yml:58: 'evidence-bundle-${{ github.run_id }}' is "
      "not uploaded when a test of job 'test' fails, just when somebody needs it: the step has no `if:`, "
      "which means `if: success()`"}},
    {"NothingIsKeptOfTheTests",
     kStatic,
     edit(kCi, "/name: Evidence bundle/,$d"),
     {"EG-CG1.survives-failure fail .github/workflows/ci.yml:51: runs tests, and no job on pull requests "
      "uploads evidence "
      "after it has tested: when a test fails, nothing is kept of it"}},
    {"TheTestsAreInAScriptOfTheirOwn",
     kStatic,
     edit(kCi, "s/python -m pytest/.\\/ci\\/all.sh/"),
     {"EG-CG2.migrations-before-tests error there is a PostgreSQL service (.github/workflows/ci.yml:25), but "
      "no command "
      "of a job with one is recognised as a test: name it in exitgate.yaml: `parameters: "
      "{EG-CG2.migrations-before-tests: {test: [...]}}`"}},
    {"BundleMayBeMissing",
     kStatic,
     edit(kCi, "/if-no-files-found/d"),
     {"EG-CG1.standard-bundle fail .github/workflows/ci.yml:59: the evidence bundle 'evidence-bundle-${{ "
      "github.run_id }}' may be missing without a sign: `if-no-files-found` is 'warn'"}},
    {"BundleIsKeptAWeek",
     kStatic,
     edit(kCi, "s/retention-days: 90/retention-days: 7/"),
     {"EG-CG1.retention fail .github/workflows/ci.yml:59: 'evidence-bundle-${{ github.run_id }}' is deleted "
      "after 7 days, an audit needs it for 30",
      "EG-CG1.standard-bundle fail .github/workflows/ci.yml:59: the evidence bundle 'evidence-bundle-${{ "
      "github.run_id }}' is kept for 7 days instead of 30"}},
    {"TablesPastTheMigrations",
     kStatic,
     "printf '\\n\\ndef make_tables(engine):\\n    Base.metadata.create_all(engine)\\n' >> app/models.py" +
         kCommit,
     {"EG-CG2.no-create-all fail app/models.py:61: `Base.metadata.create_all` (SQLAlchemy, in the "
      "application) makes "
      "tables past the migrations: what runs on them was not tested on the schema that is deployed"}},
    {"DatabaseUrlHasADefault",
     kStatic,
     edit("tests/conftest.py",
          "s/os.environ\\[\"DATABASE_URL\"\\]/os.environ.get(\"DATABASE_URL\", \"sqlite:\\/\\/\")/"),
     {"EG-CG2.database-url-required fail tests/conftest.py:12: DATABASE_URL has a default here: without it "
      "the tests quietly run on another database than the one that was provisioned"}},
    {"TestsBeforeMigrations",
     kStatic,
     edit(kCi, "s/alembic upgrade head/alembic current/"),
     {"EG-CG2.migrations-before-tests fail .github/workflows/ci.yml:51: job 'test' starts PostgreSQL and "
      "runs `python -m pytest --junitxml=build/evidence/junit.xml`, but no step before has migrated the "
      "database: the tests run on no schema, or on one that is not the migrations'"}},
    {"TwoHeads",
     kStatic,
     revision("0003", "pass"),
     {"EG-CG2.one-head fail migrations/versions/0006_new.py:4: alembic.ini has 2 heads, '0005' and '0006': "
      "it is undefined which of them a database should be at, so two databases can both be up to date and "
      "differ"}},
    {"LostRevision",
     kStatic,
     revision("0044", "pass"),
     {"EG-CG2.one-head fail migrations/versions/0006_new.py:4: alembic.ini has 2 heads, '0005' and '0006': "
      "it is undefined which of them a database should be at, so two databases can both be up to date and "
      "differ"}},
    {"ChangesAMergedMigration",
     kStatic,
     edit("migrations/versions/0004_updated_at.py", "s/BEFORE UPDATE/AFTER UPDATE/"),
     {"EG-CG2.merged-unchanged fail migrations/versions/0004_updated_at.py:31: '0004', which v1.0 has, is "
      "changed: "
      "`op.execute(\"\"\" CREATE TRIGGER orders_touch AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION "
      "touch_updated_at() \"\"\")` was `op.execute(\"\"\" CREATE TRIGGER orders_touch BEFORE UPDATE ON "
      "orders FOR "
      "EACH ROW EXECUTE FUNCTION touch_updated_at() \"\"\")`: a database that has applied it does not get "
      "this, a new "
      "one does; Alembic keeps no checksum and never notices"}},
    {"SlipsAMigrationIn",
     kStatic,
     revision("0003", "pass") + "\n" +
         edit("migrations/versions/0004_updated_at.py",
              "s/down_revision = \"0003\"/down_revision = \"0006\"/"),
     {"EG-CG2.merged-unchanged fail migrations/versions/0006_new.py:4: '0006' is new and comes before "
      "'0004', which "
      "v1.0 has: a database that is past that one gets them in another order than a new one, or never gets "
      "the new "
      "one; Alembic never applies it where its child is applied already"}},
    {"DropsAColumn",
     kStatic,
     revision("0005", "op.drop_column(\"orders\", \"customer\")"),
     {"EG-CG2.nothing-destroyed fail migrations/versions/0006_new.py:7: '0006', new since v1.0, drops column "
      "orders.customer: its values are gone for good"}},
    {"DropsWhatNobodyCanTell",
     kStatic,
     revision("0005", "op.execute(random.choice([\"a\", \"b\"]))"),
     {"EG-CG2.nothing-destroyed error migrations/versions/0006_new.py:7: cannot tell whether '0006', new "
      "since v1.0, is "
      "destructive: the statement is put together at run time: "
      "`op.execute(random.choice([\"a\", "
      "\"b\"]))`"}},
    {"NoSessionFixture",
     kStatic,
     edit("tests/conftest.py", "s/(scope=\"session\")//"),
     {"EG-CG3.session-fixtures fail tests/conftest.py: pytest: no session-scoped fixtures, 1 needed: nothing "
      "can "
      "prepare, or record, what all tests share"}},
    {"NoSessionHook",
     kStatic,
     edit("tests/conftest.py", "s/def pytest_sessionfinish/def at_the_end/"),
     {"EG-CG3.session-hooks fail tests/conftest.py: pytest: no pytest_sessionfinish: evidence of a test "
      "session "
      "has no place to begin or to end, whatever the tests in it do"}},
    {"HookOnlyInAComment",
     kStatic,
     edit("tests/conftest.py", "s/^def pytest_sessionstart/# &/"),
     {"EG-CG3.session-hooks fail tests/conftest.py: pytest: no pytest_sessionstart: evidence of a test "
      "session "
      "has no place to begin or to end, whatever the tests in it do"}},
    {"AnotherFrameworkWithoutHooks",
     kStatic,
     "echo 'exports.mochaGlobalSetup = () => {};' > .mocharc.cjs" + kCommit,
     {"EG-CG3.session-hooks fail .mocharc.cjs: Mocha: no mochaGlobalTeardown: evidence of a test session has "
      "no place "
      "to begin or to end, whatever the tests in it do"}},
    {"ChangedFile",
     kStatic,
     "echo '# changed' >> app/db.py",
     {"EG-CG5.tree-clean fail app/db.py: differs from the commit (git status: M)"}},
    {"StagedFile",
     kStatic,
     "echo '# changed' >> app/db.py && git add app/db.py",
     {"EG-CG5.tree-clean fail app/db.py: differs from the commit (git status: M)"}},
    {"DeletedFile",
     kStatic,
     "rm app/db.py",
     {"EG-CG5.tree-clean fail app/db.py: is in the commit and not in the work tree"}},
    {"UntrackedFile",
     kStatic,
     "echo x > app/new.py",
     {"EG-CG5.tree-clean fail app/new.py: is not tracked: tests may have used it, but no commit has it"}},
    {"AssumeUnchanged",
     kStatic,
     "git update-index --assume-unchanged app/db.py && echo '# changed' >> app/db.py",
     {"EG-CG5.tree-clean fail app/db.py: differs from the commit behind an assume-unchanged bit: `git "
      "status` calls it clean"}},
    {"SkipWorktree",
     kStatic,
     "git update-index --skip-worktree app/db.py && echo '# changed' >> app/db.py",
     {"EG-CG5.tree-clean fail app/db.py: differs from the commit behind a skip-worktree bit: `git status` "
      "calls it clean"}},
    {"MissingBlob",
     kStatic,
     "blob=$(git rev-parse HEAD:README.md) && rm -f .git/objects/$(echo $blob | cut -c1-2)/$(echo $blob | "
     "cut -c3-)",
     {"EG-CG5.tree-clean fail README.md: the clone lacks this file's content: what the commit holds here "
      "cannot be looked at"}},
    {"NoBranch",
     kStatic,
     "git checkout -q --detach && git branch -qD main",
     {"EG-CG5.branch-named fail no branch and no tag holds the commit: nobody can find it by a name, and git "
      "will delete it in time"}},
    {"DocumentNotCommitted",
     kStatic,
     "git rm -q --cached docs/evidence.md && git -c user.name=t -c user.email=t@sample.invalid commit -qm x",
     {"EG-CG5.evidence-documents fail docs/evidence.md: the evidence document is in the work tree only (git "
      "status: *)",
      "EG-CG5.tree-clean fail docs/: is not tracked: tests may have used it, but no commit has it"}},
    {"HiddenFile",
     kStatic,
     "mkdir -p .git/info && echo local.py >> .git/info/exclude && echo x > local.py",
     {"EG-CG5.tree-clean fail local.py: is not tracked, and .git/info/exclude keeps `git status` silent "
      "about it: no other clone has that line"}},
    {"NotPushed",
     kStatic,
     "git remote add origin https://git.sample.invalid/orders.git && git update-ref refs/remotes/origin/main "
     "HEAD && echo more >> README.md" +
         kCommit,
     {"EG-CG5.pushed fail no branch of 'origin' has the commit: who reviews it cannot fetch what the "
      "evidence is about"}},
    {"CommitFromTheFuture",
     kStatic,
     "GIT_COMMITTER_DATE=2099-01-01T00:00:00Z git -c user.name=t -c user.email=t@sample.invalid commit -q "
     "--amend --no-edit",
     {"EG-CG5.clock fail the commit is of 2099-01-01T00:00:00Z, * s after the evidence about it, of *"}},
    {"TamperedSignature",
     kStatic,
     R"sh(ssh-keygen -q -t ed25519 -N '' -C t -f ../key
echo "t@sample.invalid $(cat ../key.pub)" > ../signers
git config gpg.format ssh && git config gpg.ssh.allowedSignersFile "$PWD/../signers"
git -c user.signingkey="$PWD/../key" -c user.name=t -c user.email=t@sample.invalid commit -q --amend --no-edit -S
git reset -q --hard "$(git cat-file commit HEAD | sed '$s/.*/other words/' | git hash-object -t commit -w --stdin)")sh",
     {"EG-CG5.signature fail the commit's signature* is not that of these bytes*"}},
    {"AnotherCommitThanCiRunsFor",
     kStatic,
     kExtraUpload,
     {"EG-CG1.retention fail *", "EG-CG5.ci-commit fail the evidence is about *, but github runs for *"},
     {"GITHUB_ACTIONS=true", "GITHUB_SHA=@sample"}},
    {"OneNameForEveryJobOfAMatrix",
     kStatic,
     edit(kCi, "s/^  test:/  test:\\n    strategy:\\n      matrix:\\n        python: [1, 2]/"),
     {"EG-CG1.names-unique fail .github/workflows/ci.yml:62: the 2 jobs of the matrix upload "
      "'evidence-bundle-${{ github.run_id }}' under one name: *"}},
    {"SkippedAggregate",
     kStatic,
     edit(kCi, "/^    if: always()/d"),
     {"EG-CG1.aggregate-job fail .github/workflows/ci.yml:66: job 'gate' has no `if:`: when one of 'lint' "
      "and 'test' fails GitHub skips it, and a required check that was skipped counts as passed"}},
    {"AggregateThatAsksForOneSuccess",
     kStatic,
     edit(kCi, "s/if: needs.lint.result.*/if: \"!contains(needs.*.result, \\x27success\\x27)\"/"),
     {"EG-CG1.aggregate-job fail .github/workflows/ci.yml:66: job 'gate' looks at the result of 'test' (line "
      "71) and is green although that job failed"}},
    {"WholeWorkspace",
     kStatic,
     edit(kCi, "s/path: build.evidence.$/path: .\\//"),
     {"EG-CG1.paths fail .github/workflows/ci.yml:59: 'evidence-bundle-${{ github.run_id }}' takes the whole "
      "workspace (`path: ./`), with whatever any step has written there"}},
    {"EvidenceInAHiddenFolder",
     kStatic,
     edit(kCi, "s/build.evidence/.evidence/g"),
     {"EG-CG1.upload-works fail .github/workflows/ci.yml:59: 'evidence-bundle-${{ github.run_id }}' takes "
      "nothing, for "
      "`.evidence/`: '.evidence' begins with a dot, and hidden files are left out since v4.4; the step fails "
      "each time"}},
    {"TestsInAPipe",
     kStatic,
     edit(kCi, "/set -o pipefail/d"),
     {"EG-CG1.tests-fail-the-job fail .github/workflows/ci.yml:50: a failure of `python -m pytest "
      "--junitxml=build/evidence/junit.xml` leaves job 'test' green: it is piped into `tee "
      "build/evidence/pytest.log`, and "
      "without pipefail only the last command of a pipeline counts (the default shell is `bash -e`)"}},
    {"ARunThatWaitsForItself",
     kStatic,
     edit(kCi, "s/^jobs:/concurrency: tests\\njobs:/; s/^  lint:/  lint:\\n    concurrency: tests/"),
     {"EG-CG1.concurrency fail .github/workflows/ci.yml:14: job 'lint' waits for the concurrency group "
      "'tests', which "
      ".github/workflows/ci.yml:11 holds until the run ends: GitHub cancels the run as a deadlock"}},
    {"TextOfThePullRequestInAScript",
     kStatic,
     edit(kCi,
          "s/mkdir -p build.evidence/&\\n          echo \"${{ github.head_ref }}\" > "
          "build\\/evidence\\/branch.txt/"),
     {"EG-CG1.unforgeable fail .github/workflows/ci.yml:42: job 'test' uploads evidence, and this step puts "
      "'github.head_ref' into its script before it runs: whoever opens a pull request can run commands "
      "there, and so write "
      "the evidence"}},
    {"AGateThatQuotesASecret",
     kStatic,
     R"(cat >> exitgate.yaml <<'EOF'
gates:
  - exit-gate: EG-OWN
    title: A gate of one's own
    gates:
      - id: loud
        title: It puts together what was masked apart
        check: sql
        with:
          domains: [repo]
          query: SELECT 'postgresql://app:' || 'hunter2' || '@db/orders' AS message
          examined: SELECT 1
        labels: [static]
        counterexample: DELETE FROM repo.checkout
EOF)" + kCommit,
     {"EG-CG4.no-secrets fail verdicts/EG-OWN.loud.json, line *: password in a URL in the clear, and 1 more "
      "like it",
      "EG-OWN.loud fail postgresql://app:hunter2@db/orders"}},
};

class Breakages : public ::testing::TestWithParam<Breakage> {
 protected:
  static void SetUpTestSuite() {
    sample_ = new TemporaryDirectory("breakage");
    make_sample(sample_->path() / "repo");
    sample_id_ = trim(shell(sample_->path() / "repo", "git rev-parse HEAD"));
  }
  static void TearDownTestSuite() {
    delete sample_;
    sample_ = nullptr;
  }
  static TemporaryDirectory* sample_;
  static std::string sample_id_;
};
TemporaryDirectory* Breakages::sample_ = nullptr;
std::string Breakages::sample_id_;

// What is red: "EG-CG1.retention fail ci.yml:7: …".
std::vector<std::string> red_gates(const std::filesystem::path& run) {
  std::vector<std::string> red;
  for (const auto& entry : std::filesystem::directory_iterator(run / "verdicts")) {
    const auto verdict = Json::parse(read_file(entry.path()));
    const auto status = verdict.at("status").text();
    if (status == "pass" || status == "skip") continue;
    std::string text = fmt::format("{} {} ", verdict.at("gate").text(), status);
    const auto& findings = verdict.at("findings");
    if (findings.empty()) {
      text += verdict.at("reason").text();
    } else {
      const auto& file = findings[0].at("file");
      const auto& line = findings[0].at("line");
      if (file.is_string()) text += file.text();
      if (line.is_number()) text += fmt::format(":{}", line.integer());
      if (file.is_string()) text += ": ";
      text += findings[0].at("message").text();
    }
    red.push_back(text);
  }
  std::sort(red.begin(), red.end());
  return red;
}

// The expected lines are globs: where a value differs from run to run a `*` stands for it.
bool matches(const std::vector<std::string>& red, const std::vector<std::string>& expected) {
  return std::equal(red.begin(), red.end(), expected.begin(), expected.end(),
                    [](const auto& line, const auto& pattern) { return glob_match(pattern, line); });
}

TEST_P(Breakages, TurnRedExactlyTheseGates) {
  const auto& breakage = GetParam();
  const TemporaryDirectory folder("breakage");
  std::filesystem::copy(sample_->path() / "repo", folder.path() / "repo",
                        std::filesystem::copy_options::recursive);
  shell(folder.path() / "repo", breakage.change);
  std::vector<std::string> arguments = {"run", "--repo", (folder.path() / "repo").string(), "--out",
                                        (folder.path() / "out").string()};
  if (!breakage.label.empty()) arguments.insert(arguments.end(), {"--label", breakage.label});
  auto environment = breakage.environment;
  for (auto& variable : environment) {
    if (variable.ends_with("=@sample")) variable.replace(variable.find('@'), std::string::npos, sample_id_);
  }
  const auto finished = exitgate(arguments, environment);
  ASSERT_TRUE(std::filesystem::exists(folder.path() / "out/verdicts")) << finished.output << finished.error;
  const auto red = red_gates(folder.path() / "out");
  if (!matches(red, breakage.red)) {
    EXPECT_EQ(red, breakage.red) << finished.output << finished.error;
  }
}

std::string name_of(const ::testing::TestParamInfo<Breakage>& tested) {
  return tested.param.name;
}
INSTANTIATE_TEST_SUITE_P(Sample, Breakages, ::testing::ValuesIn(kBreakages), name_of);
INSTANTIATE_TEST_SUITE_P(SampleDatabase, Breakages, ::testing::ValuesIn(database_breakages()), name_of);

// A live server: the sample's schema, and then somebody's own hand.
TEST(LiveDatabase, IsNamedWhereItDiffers) {
  const TemporaryDirectory folder("breakage");
  make_sample(folder.path() / "repo");
  const database::Cluster server(database::find_server_programs());
  const auto administrator = server.url("postgres", database::Cluster::administrator());
  shell(folder.path(),
        fmt::format("psql -q '{}' -c 'CREATE ROLE orders LOGIN' -c 'CREATE ROLE orders_app LOGIN' "
                    "-c 'CREATE DATABASE orders OWNER orders'",
                    administrator));
  const auto live = server.url("orders", "orders");
  shell(folder.path() / "repo",
        fmt::format("DATABASE_URL='{}' alembic upgrade head 2>&1; rm -rf */__pycache__", live));
  const auto drift = [&](const std::string& sql) {
    if (!sql.empty()) shell(folder.path(), fmt::format("psql -q '{}' -c '{}'", live, sql));
    const auto finished =
        exitgate({"run", "--repo", (folder.path() / "repo").string(), "--out",
                  (folder.path() / "out").string(), "--database", live, "--label", "drift|at-head"});
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "out/verdicts")) << finished.output << finished.error;
    return red_gates(folder.path() / "out");
  };
  EXPECT_EQ(drift("CREATE INDEX by_hand ON orders (customer)"),
            (std::vector<std::string>{
                "EG-CG2.no-drift fail index public.by_hand is in 'live' and not in 'migrated'"}));
}

}  // namespace
}  // namespace exitgate::testing_program
