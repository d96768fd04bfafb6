// The target's own commands on the migrated database, from a commit to the facts, on real repositories and servers.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/ddl_watch.h"
#include "harness/facts/facts.h"

namespace exitgate::collect {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class TargetRuns : public ::testing::Test {
 protected:
  TargetRuns() {
    fs::create_directories(repo());
    git({"init", "-q", "-b", "main"});
    file("migrations/001_orders.sql", "CREATE TABLE orders (id serial PRIMARY KEY, note text);");
    commit();
    git({"branch", "base"});
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
  // Commits all, and does no more of the stage than models and tests stand on.
  void collect(const std::string& models, const std::string& tests) {
    collect_with(
        "database:\n  roles: [{name: app, login: true, createdb: true}]\n  owner: app\n  timeout: 60\n"
        "  steps: ['for f in migrations/*.sql; do psql -q -v ON_ERROR_STOP=1 -f $f; done']\n" +
        models + "base: base\n" + tests);
  }
  void collect_with(const std::string& configuration) {
    const auto config = config::parse(configuration, "exitgate.yaml");
    commit();
    const auto repository = git::Repository::open(repo());
    const std::string head = repository.resolve_commit("HEAD");
    const Checkout checkout{repository, head, repository.tree(head), config.base};
    redact::Redactor redactor;
    redactor.add_secret("geheim-4711");
    collect_database({config, checkout, "", redactor, run(), {"models", "tests"}});
  }
  // Each row as "a|b|c".
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(run() / "facts", {"schema"});
    std::vector<std::string> lines;
    auto query = facts.query(sql);
    for (const auto& row : query) {
      std::vector<std::string> columns;
      for (const auto& column : query.column_names())
        columns.push_back(row.is_null(column) ? "NULL" : row.text(column));
      lines.push_back(join(columns, "|"));
    }
    return lines;
  }
  std::vector<std::string> changes() const {
    return rows(
        "SELECT command, identity, temporary, committed, database, left_behind FROM schema.test_change "
        "WHERE combination = 'head' AND kind = 'table' ORDER BY position");
  }

 private:
  TemporaryDirectory folder_;
};

TEST_F(TargetRuns, ModelsAreJudgedByTheirExitCodeAndByWhatTheyLeave) {
  file("fail.sh", "echo 'the column note2 is missing, geheim-4711'; exit 3");
  collect(
      "  models:\n"
      "    - psql -qAt -c 'SELECT count(*) FROM orders'\n"
      "    - sh fail.sh\n"
      "    - psql -q -c 'CREATE TABLE surprise (id int)'\n"
      "    - {run: 'echo more > migrations/002_more.sql', timeout: 5}\n",
      "");
  EXPECT_THAT(rows("SELECT position, exit_code, outcome, file, line FROM schema.model_check ORDER BY 1"),
              ElementsAre("0|0|ok|exitgate.yaml|7", "1|3|exit code 3|exitgate.yaml|8",
                          "2|0|exit code 0, but it changed the database: table public.surprise is "
                          "new|exitgate.yaml|9",
                          "3|0|exit code 0, but it wrote migrations/002_more.sql|exitgate.yaml|10"));
  EXPECT_THAT(rows("SELECT tail FROM schema.model_check WHERE position = 1"),
              ElementsAre(StartsWith("the column note2 is missing, ")));
  EXPECT_THAT(rows("SELECT name, path, problem FROM schema.part WHERE name = 'model-log'"),
              ElementsAre("model-log|logs/models.log|NULL"));
  const auto log = read_file(run() / "logs/models.log");
  EXPECT_THAT(log, HasSubstr("the column note2 is missing"));
  EXPECT_THAT(log, Not(HasSubstr("geheim-4711")));
  // They ran on a copy: the facts of the migrated schema are what they were.
  EXPECT_THAT(rows("SELECT identity FROM schema.object WHERE snapshot = 'migrated' AND kind = 'table'"),
              ElementsAre("public.orders"));
}

TEST_F(TargetRuns, WhatCannotRunIsTold) {
  file("migrations/001_orders.sql", "CREATE TABLE nonsense (");
  collect("  models: ['true']\n", "tests: {run: ['true']}\n");
  EXPECT_THAT(rows("SELECT exit_code, outcome FROM schema.model_check"),
              ElementsAre("NULL|not run: the database was not provisioned"));
  EXPECT_THAT(rows("SELECT combination, exit_code, outcome, log FROM schema.test_run"),
              ElementsAre("head|NULL|not run: the database was not provisioned|"));
}

TEST_F(TargetRuns, TestsAreSeenByTheServer) {
  file("test.sh", R"(psql -q -v ON_ERROR_STOP=1 <<'SQL'
CREATE TEMP TABLE for_now (id int);
BEGIN; CREATE TABLE rolled_back (id int); ROLLBACK;
CREATE TABLE made_and_dropped (id int);
DROP TABLE made_and_dropped;
DO 'BEGIN EXECUTE ''CREATE TABLE left_behind (id serial PRIMARY KEY)''; END';
CREATE DATABASE test_mine;
CREATE DATABASE test_copy TEMPLATE template0;
SQL
psql -q -d test_mine -c 'CREATE TABLE orders (id int)'
psql -q -d test_copy -c 'CREATE TABLE elsewhere (id int)'
echo geheim-4711
)");
  collect("", "tests: {run: [sh test.sh]}\n");
  EXPECT_THAT(rows("SELECT combination, position, command, exit_code, outcome, log, reports, file, line FROM "
                   "schema.test_run"),
              ElementsAre("head|0|sh test.sh|0|ok|logs/tests/head/0.log|0|exitgate.yaml|7"));
  EXPECT_THAT(changes(), ElementsAre("CREATE TABLE|pg_temp.for_now|1|1|exitgate|0",
                                     "CREATE TABLE|public.rolled_back|0|0|exitgate|0",
                                     "CREATE TABLE|public.made_and_dropped|0|1|exitgate|0",
                                     "DROP TABLE|public.made_and_dropped|0|1|exitgate|0",
                                     "CREATE TABLE|public.left_behind|0|1|exitgate|1",
                                     "CREATE TABLE|public.orders|0|1|test_mine|0",
                                     "CREATE TABLE|public.elsewhere|0|1|test_copy|0"));
  EXPECT_THAT(
      rows("SELECT text FROM schema.test_change WHERE identity = 'public.left_behind' AND left_behind"),
      Contains(HasSubstr("CREATE TABLE left_behind (id serial PRIMARY KEY)")));
  EXPECT_THAT(rows("SELECT name, path, problem FROM schema.part WHERE name LIKE 'test-%'"),
              ElementsAre("test-log|logs/tests/head/0.log|NULL"));
  EXPECT_THAT(read_file(run() / "logs/tests/head/0.log"), Not(HasSubstr("geheim-4711")));
  // Nothing of what watched them is left in the facts.
  EXPECT_THAT(rows("SELECT identity FROM schema.test_change WHERE identity LIKE '%exitgate%'"), IsEmpty());
  EXPECT_THAT(rows("SELECT snapshot, reason FROM schema.problem"), IsEmpty());
}

TEST_F(TargetRuns, WhatTheServerWasNotAskedForIsFoundByComparing) {
  file("test.sh",
       "psql -q -c 'ALTER TABLE orders ADD COLUMN extra int'\n"
       "psql -q -c 'COMMENT ON TABLE orders IS $$mine$$'\n");
  collect("", "tests: {run: [sh test.sh]}\n");
  EXPECT_THAT(rows("SELECT command, identity, left_behind FROM schema.test_change ORDER BY position"),
              ElementsAre("ALTER TABLE|public.orders|1", "COMMENT|public.orders|1"));
}

TEST_F(TargetRuns, ADroppedDatabaseIsLeftBehind) {
  file("test.sh", "psql -q -d postgres -c 'DROP DATABASE exitgate'\n");
  collect("", "tests: {run: [sh test.sh]}\n");
  EXPECT_THAT(rows("SELECT command, identity, left_behind FROM schema.test_change"),
              ElementsAre("DROP DATABASE|exitgate|1"));
}

TEST_F(TargetRuns, TestsThatNeverUseTheServerAreAProblem) {
  collect("", "tests: {run: ['true', 'echo hello']}\n");
  EXPECT_THAT(rows("SELECT snapshot, reason FROM schema.problem"),
              ElementsAre(StartsWith("tests|the tests opened no connection to the server")));
}

constexpr const char* kUse = "psql -qAt -c 'SELECT count(*) FROM orders'\n";

TEST_F(TargetRuns, ReportsAreKeptAndRead) {
  file("old.xml", "<testsuite><testcase/></testsuite>");
  file("test.sh", std::string(kUse) + R"(
mkdir -p out/deep
cat > out/deep/a.xml <<X
<testsuites><testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>
<!-- <testcase><failure/></testcase> --><system-out>$PGPASSWORD $PWD/x geheim-4711</system-out></testsuites>
X
echo 'coverage' > out/coverage.xml
ln -s /etc/passwd out/link.xml
)");
  collect("", "tests: {run: [sh test.sh], reports: ['out/**/*.xml', old.xml, none.xml, '../x.xml']}\n");
  EXPECT_THAT(rows("SELECT outcome, reports FROM schema.test_run"), ElementsAre("ok|1"));
  EXPECT_THAT(
      rows("SELECT path, problem FROM schema.part WHERE name = 'test-report' ORDER BY path, problem"),
      ElementsAre("|the tests wrote no test report '../x.xml'", "|the tests wrote no test report 'none.xml'",
                  "|the tests wrote no test report 'old.xml'", "logs/tests/head/0/out/deep/a.xml|NULL"));
  const auto report = read_file(run() / "logs/tests/head/0/out/deep/a.xml");
  EXPECT_THAT(report, HasSubstr("<system-out>{password} x "));
  EXPECT_THAT(report, Not(HasSubstr("geheim-4711")));
}

// No server is started for them.
TEST_F(TargetRuns, RunWithoutADatabaseWhereNoneIsDeclared) {
  file("test.sh",
       "echo url=$DATABASE_URL host=$PGHOST > out.txt; cat out.txt\n"
       "echo '<testsuite><testcase name=\"a\" file=\"test.sh\"/></testsuite>' > r.xml\n"
       "printf 'SF:%s/test.sh\\nDA:1,1\\nend_of_record\\n' $PWD > cov.info\n");
  file("slow.sh", "sleep 30");
  collect_with(
      "database: none\ntests: {run: [sh test.sh, {run: sh slow.sh, timeout: 1}], reports: [r.xml, none.xml], "
      "coverage: "
      "[cov.info]}\n");
  EXPECT_THAT(rows("SELECT outcome, reports FROM schema.test_run ORDER BY position"),
              ElementsAre("ok|1", testing::MatchesRegex("no end within (0.99|1).* s.0")));
  EXPECT_THAT(rows("SELECT count(*) FROM schema.server"), ElementsAre("0"));
  EXPECT_THAT(read_file(run() / "logs/tests/head/0.log"), HasSubstr("url= host=\n"));
  const facts::Facts facts(run() / "facts", {"tests"});
  EXPECT_EQ(facts.text("SELECT group_concat(path || ' ' || source || ' ' || command || ' ' || tracked, ', ') "
                       "FROM tests.report"),
            "cov.info run 0 0, r.xml run 0 0");
  EXPECT_EQ(facts.text("SELECT file || ' ' || status FROM tests.test_case"), "test.sh passed");
  EXPECT_EQ(facts.text("SELECT file || ' ' || tracked || ' ' || lines_hit FROM tests.coverage"),
            "test.sh 1 1");
  EXPECT_EQ(facts.text("SELECT path || ': ' || reason FROM tests.problem"),
            "none.xml: the tests wrote no test report that fits it");
}

TEST_F(TargetRuns, AnExitCodeOfZeroIsNotBelievedOverTheReports) {
  file("fail.sh", std::string(kUse) +
                      "echo '<testsuite><testcase><failure/></testcase><testcase/></testsuite>' > r.xml");
  file("skip.sh", "echo '<testsuite><testcase><skipped/></testcase></testsuite>' > s.xml");
  file("none.sh", "echo '<testsuite></testsuite>' > t.xml");
  collect("", "tests: {run: [sh fail.sh, sh skip.sh, sh none.sh], reports: ['*.xml', t.xml]}\n");
  EXPECT_THAT(rows("SELECT outcome, reports FROM schema.test_run ORDER BY position"),
              ElementsAre("exit code 0, but its reports say that 1 of 2 tests failed|1",
                          "exit code 0, but its reports say that every test was skipped (1)|1", "ok|0"));
  EXPECT_THAT(rows("SELECT problem FROM schema.part WHERE name = 'test-report' AND path = ''"),
              ElementsAre("the tests wrote no test report 't.xml': t.xml: it names no test"));
}

TEST_F(TargetRuns, OldCodeOnTheNewSchema) {
  file("test.sh", "psql -v ON_ERROR_STOP=1 -qAt -c 'SELECT count(note) FROM orders'\n");
  commit();
  git({"branch", "-f", "base"});
  file("test.sh", "psql -v ON_ERROR_STOP=1 -qAt -c 'SELECT count(remark) FROM orders'\n");
  file("migrations/002_remark.sql", "ALTER TABLE orders RENAME note TO remark;");
  collect("", "tests: {run: [sh test.sh], compatibility: true}\n");
  EXPECT_THAT(rows("SELECT combination, exit_code, outcome, log FROM schema.test_run ORDER BY combination"),
              ElementsAre("base code on new schema|1|exit code 1|logs/tests/base-code-on-new-schema/0.log",
                          "head|0|ok|logs/tests/head/0.log",
                          "new code on base schema|1|exit code 1|logs/tests/new-code-on-base-schema/0.log"));
  EXPECT_THAT(rows("SELECT tail FROM schema.test_run WHERE combination = 'base code on new schema'"),
              ElementsAre(HasSubstr("column \"note\" does not exist")));
}

TEST_F(TargetRuns, EachCombinationMeetsTheSameServer) {
  file("test.sh",
       "psql -q -v ON_ERROR_STOP=1 -c 'CREATE DATABASE test_mine'\n"
       "psql -q -v ON_ERROR_STOP=1 -c 'INSERT INTO orders (id) VALUES (1)'\n"
       "psql -q -v ON_ERROR_STOP=1 -c 'CREATE ROLE left_role'\n");
  commit();
  git({"branch", "-f", "base"});
  file("migrations/002_remark.sql", "ALTER TABLE orders ADD COLUMN remark text;");
  collect_with(
      "database:\n  roles: [{name: app, login: true, createdb: true, createrole: true}]\n  owner: app\n"
      "  steps: ['for f in migrations/*.sql; do psql -q -v ON_ERROR_STOP=1 -f $f; done']\n"
      "base: base\ntests: {run: [sh -e test.sh], compatibility: true}\n");
  EXPECT_THAT(rows("SELECT combination, outcome FROM schema.test_run ORDER BY combination"),
              ElementsAre("base code on new schema|ok", "head|ok", "new code on base schema|ok"));
}

TEST_F(TargetRuns, OldCodeThatFailsAnyway) {
  file("test.sh", std::string(kUse) + "exit 1\n");
  commit();
  git({"branch", "-f", "base"});
  file("test.sh", kUse);
  file("migrations/002_remark.sql", "ALTER TABLE orders ADD COLUMN remark text;");
  collect("", "tests: {run: [sh test.sh], compatibility: true}\n");
  EXPECT_THAT(rows("SELECT combination, outcome FROM schema.test_run ORDER BY combination"),
              ElementsAre("base code on new schema|exit code 1, and on the base's own schema as well",
                          "head|ok", "new code on base schema|ok"));
}

TEST_F(TargetRuns, NothingNewIsNotRunAcrossTheRelease) {
  file("test.sh", kUse);
  collect("", "tests: {run: [sh test.sh], compatibility: true}\n");
  EXPECT_THAT(rows("SELECT combination FROM schema.test_run"), ElementsAre("head"));
}

// The script that docs/tests.md shows, on the sample service, with whatever Alembic is there.
TEST_F(TargetRuns, TheScriptForOlderAlembicsFindsAColumnThatNoMigrationMakes) {
  const fs::path project = PROJECT_FOLDER;
  if (!exitgate::run({.arguments = {"/usr/bin/python3", "-c", "import alembic, psycopg2"}}).ok())
    GTEST_SKIP() << "there is no Alembic for /usr/bin/python3";
  const auto page = read_file(project / "docs/tests.md");
  const std::string_view fence = "```python\n";
  const auto begin = page.find(fence) + fence.size();
  fs::remove_all(repo() / "migrations");
  for (const char* const part : {"alembic.ini", "app", "migrations"})
    fs::copy(project / "tests/samples/service" / part, repo() / part, fs::copy_options::recursive);
  file("check_models.py", page.substr(begin, page.find("```", begin) - begin));
  const auto check = [&] {
    collect_with(
        "database:\n  roles: [{name: orders, login: true}, orders_app]\n  owner: orders\n"
        "  steps: [alembic upgrade head]\n  models: [/usr/bin/python3 check_models.py]\n");
    return rows("SELECT outcome, tail FROM schema.model_check");
  };
  EXPECT_THAT(check(), ElementsAre("ok|NULL"));
  const auto models = read_file(repo() / "app/models.py");
  const std::string_view title = "    title = Column(Text, nullable=False)\n";
  ASSERT_THAT(models, HasSubstr(title));
  auto changed = models;
  changed.insert(models.find(title), "    weight = Column(Integer)\n");
  file("app/models.py", changed);
  EXPECT_THAT(check(), ElementsAre(::testing::AllOf(StartsWith("exit code 1|"), HasSubstr("add_column"),
                                                    HasSubstr("weight"), HasSubstr("1 differences"))));
}

TEST(DdlLog, IsRead) {
  const auto events = schema::ddl_events_in(
      "x LOG:  exitgate-ddl {\"database\": \"d\", \"command\": \"CREATE TABLE\", \"kind\": \"table\", "
      "\"identity\": "
      "\"public.t\", \"temporary\": false, \"transaction\": \"7\", \"text\": \"CREATE\\nTABLE t ()\"}\n"
      "x LOG:  exitgate-ddl {\"transaction\": \"1); DROP\"}\nx LOG:  exitgate-ddl nonsense\n");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].identity, "public.t");
  EXPECT_EQ(events[0].text, "CREATE\nTABLE t ()");
  EXPECT_TRUE(schema::has_session_in("LOG:  connection authorized: user=app database=x\n"));
  EXPECT_TRUE(
      schema::has_session_in("LOG:  connection authorized: user=app database=x application_name=psql\n"));
  EXPECT_FALSE(
      schema::has_session_in("LOG:  connection authorized: user=a database=x application_name=exitgate\n"));
}

}  // namespace
}  // namespace exitgate::collect
