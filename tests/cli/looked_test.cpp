// Green means looked at: what is in a repository and was not examined is never passed over.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LookedTest : public testing::Test {
 protected:
  LookedTest() {
    file("README.md", "A service.\n");
    shell(repository(), "git init -q -b main");
  }
  std::filesystem::path repository() const { return folder_.path() / "service"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }
  void file(const std::string& path, const std::string& content) const {
    write_file(repository() / path, content);
  }
  ProcessResult evaluate(std::vector<std::string> more) const {
    commit_all(repository(), "all");
    std::vector<std::string> arguments = {"run", "--repo", repository().string(), "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments);
  }
  std::string reason(const std::string& gate) const {
    return Json::parse(read_file(out() / "verdicts" / (gate + ".json"))).text_or("reason");
  }
  std::string outcome() const { return Json::parse(read_file(out() / "run.json")).text_or("outcome"); }
  std::string attested() const { return read_file(archives(out()).at(0).string() + ".statement.json"); }

  TemporaryDirectory folder_{"looked-test"};
};

struct Unrun {
  const char* name;
  std::vector<std::string> files;
  const char* first;  // as the sentence names it
};

class UnrunMigrationsTest : public LookedTest, public testing::WithParamInterface<Unrun> {};

TEST_P(UnrunMigrationsTest, AreUndecidedWithOneSentence) {
  for (const auto& path : GetParam().files) file(path, "CREATE TABLE orders (id int PRIMARY KEY);\n");
  const auto finished = evaluate({"--label", "EG-CG2"});
  EXPECT_EQ(finished.exit_code, 3) << finished.output << finished.error;
  EXPECT_EQ(outcome(), "error");
  EXPECT_THAT(attested(), HasSubstr("\"result\":\"FAILED\""));
  const std::string sentence = fmt::format(
      "there is {}, but no database was provisioned: no configuration says how the database is provisioned, "
      "and there "
      "is no alembic.ini at the root: write `database: {{steps: [...]}}` in exitgate.yaml, or `database: "
      "none` where "
      "there is none",
      GetParam().first);
  for (const char* gate : {"provisions", "repeatable", "at-head", "round-trip", "stairway", "no-drift",
                           "schema-file", "application-role"}) {
    EXPECT_EQ(verdict(out(), fmt::format("EG-CG2.{}", gate)), "error") << gate;
    EXPECT_EQ(reason(fmt::format("EG-CG2.{}", gate)), sentence) << gate;
  }
  EXPECT_THAT(finished.output, HasSubstr("could not be decided: " + sentence));
}

INSTANTIATE_TEST_SUITE_P(
    Of, UnrunMigrationsTest,
    testing::Values(Unrun{"GolangMigrate",
                          {"db/000001_init.up.sql", "db/000001_init.down.sql"},
                          "a migration of golang-migrate (db/000001_init.up.sql:1)"},
                    Unrun{
                        "Flyway",
                        {"src/main/resources/db/migration/V1__init.sql",
                         "src/main/resources/db/migration/V2__more.sql"},
                        "a migration of flyway (src/main/resources/db/migration/V1__init.sql:1, and 1 more)"},
                    Unrun{"Prisma",
                          {"prisma/migrations/20240101000000_init/migration.sql",
                           "prisma/migrations/migration_lock.toml"},
                          "a migration of prisma (prisma/migrations/20240101000000_init/migration.sql:1)"}),
    [](const auto& each) { return each.param.name; });

TEST_F(LookedTest, NoDatabaseAndMigrationsContradictEachOther) {
  file("db/000001_init.up.sql", "CREATE TABLE orders (id int);\n");
  file("exitgate.yaml", "base: main\ndatabase: none\n");
  EXPECT_EQ(evaluate({"--label", "EG-CG2"}).exit_code, 3);
  EXPECT_EQ(reason("EG-CG2.provisions"),
            "there is a migration of golang-migrate (db/000001_init.up.sql:1), but exitgate.yaml:2 says "
            "`database: none`");
}

TEST_F(LookedTest, MigrationsThatATestIsAboutAreNoContradiction) {
  file("tests/data/000001_init.up.sql", "CREATE TABLE orders (id int);\n");
  evaluate({"--label", "EG-CG2"});
  EXPECT_THAT(reason("EG-CG2.provisions"), HasSubstr("(tests/data/000001_init.up.sql:1), but no database"));
  file("exitgate.yaml", "database: none\n");
  EXPECT_THAT(evaluate({"--label", "EG-CG2"}).output, HasSubstr("not applicable    1 passed, 20 skipped"));
  EXPECT_EQ(outcome(), "skip") << "a selection that does not apply is not a pass";
  EXPECT_EQ(verdict(out(), "EG-CG2.provisions"), "skip");
  EXPECT_EQ(verdict(out(), "EG-CG2.at-head"), "skip");
  EXPECT_EQ(verdict(out(), "EG-CG2.one-head"), "pass") << "they are read all the same";
}

// A service in CI is a sign of a database; `database: none` says that it is not the repository's own.
TEST_F(LookedTest, AServiceInCiAsksForAnAnswer) {
  file(".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  build:\n    runs-on: ubuntu-latest\n    services:\n      db:\n        "
       "image: postgres\n"
       "    steps:\n      - run: make\n");
  EXPECT_EQ(evaluate({"--label", "EG-DB1"}).exit_code, 3);
  EXPECT_THAT(
      reason("EG-DB1.primary-keys"),
      HasSubstr(
          "there is a database service in CI (.github/workflows/ci.yml:6), but no database was provisioned"));
  file("exitgate.yaml", "database: none\n");
  EXPECT_EQ(evaluate({"--label", "EG-DB1"}).exit_code, 3) << "a selection that does not apply is not a pass";
  EXPECT_EQ(outcome(), "skip");
  EXPECT_EQ(verdict(out(), "EG-DB1.primary-keys"), "skip");
  EXPECT_EQ(reason("EG-DB1.primary-keys"), "exitgate.yaml:1 says `database: none`");
}

TEST_F(LookedTest, SoDoesADriverAmongTheDependencies) {
  file("go.mod", "module example.org/x\n\nrequire github.com/jackc/pgx/v5 v5.5.0\n");
  EXPECT_EQ(evaluate({"--label", "EG-CG2"}).exit_code, 3);
  EXPECT_THAT(reason("EG-CG2.provisions"), HasSubstr("there is the database driver github.com/jackc/pgx/v5 "
                                                     "(go.mod:3), but no database was provisioned"));
}

TEST_F(LookedTest, ALibraryWithoutADatabaseIsNotAskedForASchema) {
  file("src/lib.py", "def answer():\n    return 42\n");
  const auto finished = evaluate({});
  for (const char* gate :
       {"EG-CG4.schema-dump", "EG-CG4.catalog", "EG-CG4.migration-log", "EG-CG4.migration-state",
        "EG-DB1.primary-keys", "EG-CG2.provisions", "EG-CG2.one-head"}) {
    EXPECT_EQ(verdict(out(), gate), "skip") << gate;
    const auto judged = Json::parse(read_file(out() / "verdicts" / (std::string(gate) + ".json")));
    EXPECT_TRUE(judged.at("not_applicable").boolean()) << gate;
  }
  EXPECT_THAT(finished.output, HasSubstr("EG-CG2  DB provisioning truth           not applicable"));
  EXPECT_THAT(finished.output, HasSubstr("EG-CG4  Bundle feasibility inventory    green"));
  EXPECT_THAT(finished.output, HasSubstr("EG-DB1  Catalog hygiene                 not applicable"));
  EXPECT_THAT(finished.output, Not(HasSubstr("schema/migrated.sql")));
}

TEST_F(LookedTest, TestsOfWhichNothingIsKeptAreRed) {
  file(".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: go test "
       "./...\n");
  EXPECT_EQ(evaluate({"--label", "EG-CG1"}).exit_code, 1);
  EXPECT_EQ(verdict(out(), "EG-CG1.survives-failure"), "fail");
  file(".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "
       "./ci/test-all\n");
  EXPECT_EQ(evaluate({"--label", "EG-CG1"}).exit_code, 1);
  EXPECT_EQ(verdict(out(), "EG-CG1.survives-failure"), "fail");
  file(".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: "
       "./ci/all\n");
  EXPECT_EQ(evaluate({"--label", "EG-CG1"}).exit_code, 3);
  EXPECT_EQ(reason("EG-CG1.survives-failure"),
            "there is a step that speaks of tests (.github/workflows/ci.yml:6), but no command of a job on "
            "pull requests "
            "is recognised as a test: name it in exitgate.yaml: `parameters: {EG-CG1.survives-failure: "
            "{test: [...]}}`");
  file(".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm i -g "
       "pnpm@latest\n");
  evaluate({"--label", "EG-CG1"});
  EXPECT_EQ(verdict(out(), "EG-CG1.survives-failure"), "skip");
}

TEST_F(LookedTest, ACiServiceThatNoReaderKnowsIsUndecided) {
  file(".circleci/config.yml", "version: 2.1\n");
  evaluate({"--label", "EG-CG1"});
  EXPECT_EQ(verdict(out(), "EG-CG1.workflows-readable"), "error");
  EXPECT_EQ(reason("EG-CG1.workflows-readable"),
            "there is the configuration of a CI service (.circleci/config.yml), but no workflow file of "
            "GitHub, GitLab, "
            "Forgejo or Gitea is there to be read");
}

constexpr const char* kPartial = R"(exit-gate: EG-P1
title: Partly
gates:
  - id: core
    title: Core
    check: sql
    core: true
    with: {domains: [repo], query: SELECT path AS message FROM repo.change, examined: SELECT 0, skip-when-empty: true}
    counterexample: INSERT INTO repo.change (status, path) VALUES ('M', 'x')
  - id: other
    title: Other
    check: sql
    with: {domains: [repo], query: SELECT path AS message FROM repo.change, examined: SELECT 1}
    counterexample: INSERT INTO repo.change (status, path) VALUES ('M', 'x')
)";

TEST_F(LookedTest, APartlyEvaluatedRunIsAcceptedOnlyWhereTheConfigurationSaysSo) {
  write_file(folder_.path() / "suite" / "EG-P1.yaml", kPartial);
  const std::vector<std::string> suite = {"--suite", (folder_.path() / "suite").string()};
  const std::string why =
      "EG-P1 is only partly evaluated: EG-P1.core was skipped, and it is not shown that there is nothing to "
      "evaluate.";
  auto finished = evaluate(suite);
  EXPECT_EQ(finished.exit_code, 3) << finished.output << finished.error;
  EXPECT_EQ(outcome(), "partial");
  EXPECT_THAT(finished.output, AllOf(HasSubstr("EG-P1  Partly  partly evaluated  1 passed, 1 skipped"),
                                     HasSubstr(why), HasSubstr("\nOutcome: partial\n")));
  EXPECT_THAT(read_file(out() / "junit.xml"), HasSubstr("<error type=\"partial\" message=\"" + why));
  file("exitgate.yaml", "accept-partial: true\n");
  finished = evaluate(suite);
  EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  EXPECT_EQ(outcome(), "partial") << "it is not a pass for all that";
  EXPECT_THAT(read_file(out() / "junit.xml"),
              AllOf(HasSubstr("<skipped message=\"" + why), Not(HasSubstr("<error"))));
  const auto archive = archives(out()).back();
  EXPECT_THAT(read_file(archive.string() + ".statement.json"), HasSubstr("\"result\":\"FAILED\""));
  EXPECT_EQ(exitgate({"verify", archive.string(), "--replay"}).exit_code, 0);
  // Accepting what was not looked at is no way past what is red.
  write_file(repository() / "untracked.txt", "x\n");
  EXPECT_EQ(exitgate({"run", "--repo", repository().string(), "--out", out().string(), suite[0], suite[1]})
                .exit_code,
            1);
}

}  // namespace
}  // namespace exitgate::testing_program
