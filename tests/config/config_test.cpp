#include "harness/config/config.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "harness/authored/starter.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::config {
namespace {

using testing::ElementsAre;
using testing::Pair;

Config read(std::string_view text) {
  return parse(text, "exitgate.yaml");
}

// What is wrong with the text, with its hint in parentheses; "" when nothing is.
std::string mistake(const std::string& text) {
  try {
    read(text);
  } catch (const UsageError& error) {
    return error.hint().empty() ? error.what() : fmt::format("{} ({})", error.what(), error.hint());
  }
  return "";
}

TEST(Config, ReadsEveryKey) {
  const Config config = read(R"(base: origin/main
database:
  roles: [{name: app, login: true, createdb: false, member-of: [rw]}, rw]
  owner: app
  application: [app, rw]
  version: 17
  prepare: [GRANT ALL ON SCHEMA public TO app]
  environment: {DATABASE_URL: "{url}", PORT: 5432}
  directory: backend
  steps:
    - alembic upgrade head
    - {run: make seed, directory: tools, timeout: 20}
  down: [alembic downgrade base]
  timeout: 600
  state: SELECT version_num FROM alembic_version
  schema-file: db/structure.sql
  stairway: {up: "up {revision}", down: "down {parent}", base: reset}
tests: {logs: [logs/pytest.log]}
evidence: {documents: [docs/evidence.md]}
bundle: [logs/tests/*]
parameters: {EG-A1.a: {min-days: 90}}
labels: {EG-A1.a: [audit]}
gates: [{exit-gate: EG-B1}]
waivers:
  - {gate: EG-A1.a, finding: "*", reason: known, expires: 2027-01-31}
)");
  EXPECT_EQ(config.base, "origin/main");
  ASSERT_TRUE(config.database);
  const Database& database = *config.database;
  ASSERT_EQ(database.roles.size(), 2U);
  EXPECT_TRUE(database.roles[0].login);
  EXPECT_THAT(database.roles[0].member_of, ElementsAre("rw"));
  EXPECT_EQ(database.roles[1].name, "rw");
  EXPECT_FALSE(database.roles[1].login);
  EXPECT_EQ(database.owner, "app");
  EXPECT_EQ(database.version, 17);
  ASSERT_EQ(database.application.size(), 2U);
  EXPECT_EQ(database.application[1].name, "rw");
  EXPECT_EQ(database.application[1].line, 5);
  EXPECT_THAT(database.prepare, ElementsAre("GRANT ALL ON SCHEMA public TO app"));
  EXPECT_THAT(database.environment, ElementsAre(Pair("DATABASE_URL", "{url}"), Pair("PORT", "5432")));
  EXPECT_EQ(database.directory, "backend");
  ASSERT_EQ(database.steps.size(), 2U);
  EXPECT_EQ(database.steps[0].run, "alembic upgrade head");
  EXPECT_EQ(database.steps[1].directory, "tools");
  EXPECT_EQ(database.steps[1].timeout_seconds, 20);
  EXPECT_EQ(database.down.at(0).run, "alembic downgrade base");
  EXPECT_EQ(database.timeout_seconds, 600);
  EXPECT_EQ(database.state, "SELECT version_num FROM alembic_version");
  EXPECT_EQ(database.schema_file, "db/structure.sql");
  EXPECT_TRUE(database.stairway);
  EXPECT_EQ(database.stairs.down, "down {parent}");
  EXPECT_THAT(config.tests.logs, ElementsAre("logs/pytest.log"));
  EXPECT_THAT(config.evidence_documents, ElementsAre("docs/evidence.md"));
  EXPECT_EQ(config.bundle->items.at(0).text, "logs/tests/*");
  EXPECT_EQ(config.parameters.at(0).second.find("min-days")->integer, 90);
  EXPECT_EQ(config.labels.at(0).second.items.at(0).text, "audit");
  EXPECT_EQ(config.gates.at(0).find("exit-gate")->text, "EG-B1");
  ASSERT_EQ(config.waivers.size(), 1U);
  EXPECT_EQ(config.waivers[0].expires, "2027-01-31");
  EXPECT_EQ(config.waivers[0].line, 25);
}

TEST(Config, WhereTheServerComesFrom) {
  const Config config = read("database:\n  server: /opt/pgsql-17\n  download: npm\n  steps: [make]\n");
  EXPECT_EQ(config.database->server, "/opt/pgsql-17");
  EXPECT_TRUE(config.database->npm);
  EXPECT_FALSE(read("database: {steps: [make]}\n").database->npm);
}

TEST(Config, AnEmptyFileSaysNothing) {
  for (const char* text : {"", "# nothing yet\n", "---\n"}) {
    const Config config = read(text);
    EXPECT_FALSE(config.database) << text;
    EXPECT_EQ(config.file, "exitgate.yaml");
  }
}

TEST(Config, NamesEachMistakeWithItsLine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"databse: {}\n",
       "exitgate.yaml:1: unknown key 'databse' in exitgate.yaml (did you mean 'database'?) (the known keys "
       "are base, "
       "database, accept-partial, tests, evidence, bundle, parameters, labels, profile, include, gates, "
       "waivers)"},
      {"- a\n", "exitgate.yaml:1: exitgate.yaml must be a mapping, not a list"},
      {"database:\n  steps: []\n",
       "exitgate.yaml:2: 'steps' is empty (write `database: none` if there is no database to provision)"},
      {"database:\n  server: pg/17\n  steps: [make]\n",
       "exitgate.yaml:2: 'server' must be an absolute path, not 'pg/17' (it is a folder of the machine, not "
       "of the "
       "repository)"},
      {"database:\n  download: apt\n  steps: [make]\n", "exitgate.yaml:2: 'download' must be npm, not 'apt'"},
      {"database:\n  owner: x\n", "exitgate.yaml:2: missing key 'steps' in database"},
      {"database:\n  steps: make\n", "exitgate.yaml:2: 'steps' must be a list, not a string"},
      {"database:\n  steps:\n    - [a]\n", "exitgate.yaml:3: a step must be a mapping, not a list"},
      {"database:\n  steps:\n    - ''\n", "exitgate.yaml:3: a step must not be empty"},
      {"database:\n  steps: [{run: x, timeout: 0}]\n",
       "exitgate.yaml:2: 'timeout' must be an integer from 1 to 86400"},
      {"database:\n  steps: [{run: x, timeout: 1e2}]\n",
       "exitgate.yaml:2: 'timeout' must be an integer from 1 to 86400"},
      {"database:\n  steps: [{run: x, directory: ../y}]\n",
       "exitgate.yaml:2: 'directory' must be a folder of the repository, relative to its root"},
      {"database:\n  steps: [x]\n  stairway: yes\n", "exitgate.yaml:3: 'stairway' must be true or false"},
      {"database:\n  steps: [x]\n  prepare: [[a]]\n",
       "exitgate.yaml:3: each entry of 'prepare' must be a string, not a list"},
      {"database:\n  steps: [x]\n  environment: [A]\n",
       "exitgate.yaml:3: 'environment' must be a mapping of names to strings"},
      {"database:\n  steps: [x]\n  environment: {A: [b]}\n",
       "exitgate.yaml:3: environment variable 'A' must be a string"},
      {"database:\n  steps: [x]\n  roles: [{login: true}]\n",
       "exitgate.yaml:3: missing key 'name' in a role"},
      {"accept-partial: yes\n", "exitgate.yaml:1: 'accept-partial' must be true or false"},
      {"base: {a: 1}\n", "exitgate.yaml:1: 'base' must be a string, not a mapping"},
      {"base:\n", "exitgate.yaml:2: 'base' must not be empty"},
      {"parameters: {EG-A1.a: 5}\n", "exitgate.yaml:1: the parameters of 'EG-A1.a' must be a mapping"},
      {"a: 1\na: 2\n", "exitgate.yaml:2: duplicate key 'a'"},
      {"base: \"a\\_b\"\n",
       "exitgate.yaml:1: two YAML readers read this differently, as the string \"a\u00A0b\" and as the "
       "string "
       "\"a\\xA0b\": quote it, or write it in a simpler form"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(mistake(text), message) << text;
}

TEST(Config, SaysThatThereIsNoDatabase) {
  const auto none = parse("# ours\ndatabase: none\naccept-partial: true\n", "exitgate.yaml");
  EXPECT_EQ(none.no_database, 2);
  EXPECT_FALSE(none.database);
  EXPECT_TRUE(none.accept_partial);
  const auto some = parse("database: {steps: [x]}\n", "exitgate.yaml");
  EXPECT_EQ(some.no_database, 0);
  EXPECT_TRUE(some.database);
  EXPECT_FALSE(some.accept_partial);
}

TEST(Config, AWaiverExpiresOnADayThatTheCalendarHas) {
  const auto waiver = [](const std::string& expires) {
    return mistake("waivers:\n  - {gate: EG-A1.a, finding: x, reason: y, expires: " + expires + "}\n");
  };
  for (const char* day : {"2027-01-31", "2028-02-29", "'2027-12-01'"}) EXPECT_EQ(waiver(day), "") << day;
  for (const char* day :
       {"2027-02-29", "2027-02-30", "2027-13-01", "2027-00-10", "2027-01-00", "2027-04-31", "2027-1-31",
        "27-01-31", "2027/01/31", "-027-01-31", "2027-+1-31", "2027-01-3x", "soon"}) {
    EXPECT_EQ(waiver(day),
              fmt::format("exitgate.yaml:2: 'expires' must be a date like 2027-01-31, not '{}'", day));
  }
}

// `exitgate init` writes what can be read, as it is and with its examples.
TEST(Config, ReadsTheStarter) {
  const std::string starter = authored::starter_configuration("alembic upgrade head");
  EXPECT_EQ(read(starter).database->steps.at(0).run, "alembic upgrade head");
  EXPECT_EQ(read(authored::starter_configuration("echo 'a: b' # >&2")).database->steps.at(0).run,
            "echo 'a: b' # >&2");
  std::string all;
  for (const auto& line : split(starter.substr(starter.find("database:")), '\n'))
    all += (line.starts_with("# ") ? line.substr(2) : line) + "\n";
  const Config config = read(all);
  EXPECT_EQ(config.database->owner, "app_user");
  EXPECT_EQ(config.database->roles.at(0).name, "app_user");
  EXPECT_THAT(config.database->environment, ElementsAre(Pair("DATABASE_URL", "{url}")));
  EXPECT_EQ(config.parameters.at(0).first, "EG-CG1.retention");
  EXPECT_THAT(config.evidence_documents, ElementsAre("docs/evidence.md"));
}

}  // namespace
}  // namespace exitgate::config
