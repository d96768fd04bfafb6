#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/collect/environment/ci_run.h"
#include "harness/collect/environment/collect.h"
#include "harness/collect/environment/packages.h"
#include "harness/collect/environment/tools.h"
#include "harness/collect/environment/variables.h"
#include "harness/digest/digest.h"
#include "harness/facts/facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect::environment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(VersionIn, ReadsWhatToolsPrint) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> cases = {
      {"git version 2.39.5\n", "2.39.5"},
      {"cmake version 3.25.1\n\nCMake suite", "3.25.1"},
      {"psql (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "15.18"},
      {"postgres (PostgreSQL) 18beta1", std::nullopt},
      {"postgres (PostgreSQL) 18\n", "18"},
      {"v20.20.2\n", "20.20.2"},
      {"OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19)", "3.0.19"},
      {"tool 1.2.3-rc1, built today", "1.2.3-rc1"},
      {"no version here", std::nullopt},
      {"", std::nullopt},
      {"error\n1.2.3", std::nullopt},
  };
  for (const auto& [text, version] : cases) EXPECT_EQ(version_in(text), version) << text;
}

TEST(Requirements, PinnedAndUnpinnedWithTheirLines) {
  const auto packages = parse_requirements(
      "# a comment\n"
      "Flask==2.3.1\n"
      "celery[redis] == 5.3.6  # broker\n"
      "\n"
      "psycopg2-binary>=2.9,<3\n"
      "uvicorn\n"
      "-r base.txt\n"
      "--index-url https://user:secret@example.org/simple\n"
      "-e .\n"
      "git+https://token@example.org/a.git#egg=a\n"
      "./local\n"
      "wheel @ https://example.org/wheel.whl\n"
      "alembic==1.13.1 \\\n"
      "    --hash=sha256:0123 \\\n"
      "    --hash=sha256:4567\n"
      "pytest==8.*\n"
      "exact===1.0\n"
      "marked==1.0 ; python_version < '3.12'",
      "requirements.txt");
  std::vector<std::string> shown;
  for (const auto& package : packages) {
    shown.push_back(fmt::format("{}:{} {} {}", *package.source, *package.line, package.name,
                                package.version.value_or("NULL")));
  }
  EXPECT_THAT(shown, ElementsAre("requirements.txt:2 Flask 2.3.1", "requirements.txt:3 celery 5.3.6",
                                 "requirements.txt:5 psycopg2-binary NULL", "requirements.txt:6 uvicorn NULL",
                                 "requirements.txt:12 wheel NULL", "requirements.txt:13 alembic 1.13.1",
                                 "requirements.txt:16 pytest NULL", "requirements.txt:17 exact 1.0",
                                 "requirements.txt:18 marked 1.0"));
}

TEST(Variables, OnlyThoseOnTheListAndMasked) {
  redact::Redactor redactor;
  redactor.add_secret("hunter2hunter2");
  const auto found = described_variables(
      {"GITHUB_SHA=abc", "GITHUB_TOKEN=ghs_0123456789", "CI_JOB_TOKEN=x", "AWS_SECRET_ACCESS_KEY=y",
       "PATH=/bin", "CI=true", "CI_PROJECT_URL=https://oauth2:glpat@example.org/a/b",
       "GITHUB_REF_NAME=by-hunter2hunter2", "broken", "GITHUB_WORKFLOW=" + std::string(3000, 'x')},
      redactor);
  EXPECT_THAT(found, ElementsAre(Pair("CI", "true"), Pair("CI_PROJECT_URL", "https://example.org/a/b"),
                                 Pair("GITHUB_REF_NAME", "by-***"), Pair("GITHUB_SHA", "abc"),
                                 Pair("GITHUB_WORKFLOW", std::string(1000, 'x') + "…")));
}

std::string shown(const std::optional<CiRun>& ci) {
  if (!ci) return "none";
  const auto text = [](const std::optional<std::string>& value) { return value.value_or("-"); };
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {}", ci->service, text(ci->run),
                     ci->attempt.value_or(0), text(ci->actor), text(ci->workflow), text(ci->job),
                     text(ci->event), text(ci->ref), text(ci->commit_oid), text(ci->head_oid),
                     text(ci->base_oid), text(ci->url));
}

TEST(CiRun, GitHubsPullRequestHeadStandsInTheEvent) {
  const TemporaryDirectory folder;
  const std::string head(40, 'a');
  const std::string base(40, 'b');
  const auto event = folder.path() / "event.json";
  const std::vector<std::string> environment = {"GITHUB_ACTIONS=true",
                                                "GITHUB_RUN_ID=77",
                                                "GITHUB_RUN_ATTEMPT=2",
                                                "GITHUB_ACTOR=ann",
                                                "GITHUB_WORKFLOW=CI",
                                                "GITHUB_JOB=test",
                                                "GITHUB_SHA=merge",
                                                "GITHUB_REF=refs/pull/1/merge",
                                                "GITHUB_EVENT_NAME=pull_request",
                                                "GITHUB_REPOSITORY=a/b",
                                                "GITHUB_SERVER_URL=https://x:token@example.org",
                                                "GITHUB_EVENT_PATH=" + event.string()};
  const std::string known = "github 77 2 ann CI test pull_request refs/pull/1/merge merge ";
  const std::string url = " https://example.org/a/b/actions/runs/77";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {fmt::format(R"({{"pull_request": {{"head": {{"sha": "{}"}}, "base": {{"sha": "{}"}}}}}})", head, base),
       head + " " + base},
      {R"({"pull_request": {"head": {"sha": "not an id"}, "base": "x"}})", "- -"},
      {R"({"pull_request": null})", "- -"},
      {"[1]", "- -"},
      {"{", "- -"},
  };
  for (const auto& [content, sides] : cases) {
    write_file(event, content);
    EXPECT_EQ(shown(describe_ci_run(environment, redact::Redactor())), known + sides + url) << content;
  }
  std::filesystem::remove(event);
  EXPECT_EQ(shown(describe_ci_run(environment, redact::Redactor())), known + "- -" + url);
}

TEST(CiRun, OtherServices) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "none"},
      {{"CI="}, "none"},
      {{"CI=false"}, "none"},
      {{"CI=true"}, "other - 0 - - - - - - - - -"},
      {{"GITLAB_CI=true", "CI_PIPELINE_ID=5", "CI_COMMIT_SHA=c", "CI_PIPELINE_SOURCE=push"},
       "gitlab 5 0 - - - push - c - - -"},
      {{"GITLAB_CI=true", "CI_COMMIT_SHA=c", "CI_MERGE_REQUEST_IID=3"}, "gitlab - 0 - - - - - c c - -"},
      {{"GITLAB_CI=true", "CI_COMMIT_SHA=merged", "CI_MERGE_REQUEST_IID=3",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=head", "CI_MERGE_REQUEST_DIFF_BASE_SHA=base"},
       "gitlab - 0 - - - - - merged head base -"},
      {{"JENKINS_URL=https://j", "BUILD_NUMBER=9", "GIT_COMMIT=c", "CHANGE_ID=4"},
       "jenkins 9 0 - - - pull_request - c - - -"},
  };
  for (const auto& [environment, expected] : cases) {
    EXPECT_EQ(shown(describe_ci_run(environment, redact::Redactor())), expected);
  }
}

TEST(Distributions, ReadFromTheirMetadata) {
  const TemporaryDirectory folder;
  for (const char* name :
       {"alembic-1.13.1.dist-info", "zope.interface-5.5-py3.11.egg-info", "nameless.dist-info", "alembic"}) {
    std::filesystem::create_directories(folder.path() / name);
  }
  std::vector<std::string> shown;
  for (const auto& package : python_distributions({folder.path(), folder.path() / "none"})) {
    if (package.source == folder.path())
      shown.push_back(package.name + " " + package.version.value_or("NULL"));
  }
  EXPECT_THAT(shown, ElementsAre("alembic 1.13.1", "nameless NULL", "zope.interface 5.5"));
}

class Collected : public testing::Test {
 protected:
  Collected() {
    scratch_.write("requirements.txt", "Flask==2.3.1\n");
    scratch_.write("deploy/requirements-dev.txt", "pytest\n");
    scratch_.write("docs/notes.txt", "notpackage==1\n");
    commit_ = scratch_.commit();
  }
  void collect() {
    const auto repository = git::Repository::open(scratch_.root());
    collect_environment({repository, commit_, repository.tree(commit_)}, redact::Redactor::from_environment(),
                        out_.path() / "facts", out_.path());
  }
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(out_.path() / "facts", {"environment"});
    std::vector<std::string> result;
    auto query = facts.query(sql);
    for (const auto& row : query) {
      std::string line;
      for (const auto& cell : row.cells()) line += (line.empty() ? "" : " ") + cell.value_or("NULL");
      result.push_back(line);
    }
    return result;
  }

  test::ScratchRepository scratch_;
  TemporaryDirectory out_;
  std::string commit_;
};

TEST_F(Collected, ThisProgramAndTheClockAreAmongTheFacts) {
  collect();
  EXPECT_THAT(rows("SELECT path, sha256 FROM environment.tool WHERE name = 'exitgate'"),
              ElementsAre(std::filesystem::read_symlink("/proc/self/exe").string() + " " +
                          digest::sha256_file("/proc/self/exe")));
  EXPECT_THAT(rows("SELECT abs(strftime('%s', read_at) - strftime('%s', 'now')) < 60, synchronized IN (0, 1) "
                   "FROM environment.clock"),
              ElementsAre("1 1"));
}

TEST_F(Collected, ToolsSayTheirVersionAndBytes) {
  collect();
  const auto git = run({.arguments = {"git", "--version"}});
  EXPECT_THAT(rows("SELECT version, sha256 FROM environment.tool WHERE name = 'git'"),
              ElementsAre(*version_in(git.output) + " " + digest::sha256_file(*find_program("git"))));
  EXPECT_THAT(rows("SELECT name FROM environment.tool WHERE path IS NULL AND (version IS NOT NULL OR sha256 "
                   "IS NOT NULL)"),
              IsEmpty());
}

TEST_F(Collected, RequirementsAreThoseOfTheCommit) {
  scratch_.write("requirements.txt", "Flask==9.9.9\n");
  collect();
  EXPECT_THAT(
      rows("SELECT name, version, source, line FROM environment.package WHERE manager = 'requirements' "
           "ORDER BY source"),
      ElementsAre("pytest NULL deploy/requirements-dev.txt 1", "Flask 2.3.1 requirements.txt 1"));
}

TEST_F(Collected, EveryPartIsThereAndAsItsRowSays) {
  collect();
  const auto parts =
      rows("SELECT path, bytes, sha256 FROM environment.part WHERE name = 'environment' ORDER BY path");
  std::vector<std::string> expected;
  for (const char* file : {"machine.txt", "packages.txt", "tools.txt", "variables.txt"}) {
    const std::string content = read_file(out_.path() / "environment" / file);
    EXPECT_FALSE(content.empty()) << file;
    expected.push_back(
        fmt::format("environment/{} {} {}", file, content.size(), digest::sha256_hex(content)));
  }
  EXPECT_EQ(parts, expected);
}

TEST_F(Collected, TwoCollectionsDifferByTheirClockAlone) {
  const auto all = [&] {
    std::vector<std::string> found;
    for (const char* table : {"tool", "machine", "variable", "ci_run", "package", "part", "clock"}) {
      const bool clock = std::string_view(table) == "clock";
      for (auto& row : rows(fmt::format("SELECT {} FROM environment.{} ORDER BY rowid",
                                        clock ? "synchronized" : "*", table))) {
        found.push_back(fmt::format("{} {}", table, row));
      }
    }
    return found;
  };
  collect();
  const auto first = all();
  collect();
  EXPECT_GT(first.size(), 20U);
  EXPECT_EQ(all(), first);
}

}  // namespace
}  // namespace exitgate::collect::environment
