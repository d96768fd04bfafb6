// The database stage in a server of each major version: two provisionings, the round trip, the stairway, the dump, and a
// live database of the same version that was migrated in the same way.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/check/schema_differences.h"
#include "harness/collect/schema/collect.h"
#include "harness/facts/facts.h"
#include "tests/majors/each_major.h"

namespace exitgate::testing_majors {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kConfig = R"yaml(
database:
  roles: [{name: app_owner, login: true, superuser: true}, app_reader]
  owner: app_owner
  steps: ["for f in migrations/*.up.sql; do psql -q -v ON_ERROR_STOP=1 -f $f; done"]
  down: ["for f in $(ls -r migrations/*.down.sql); do psql -q -v ON_ERROR_STOP=1 -f $f; done"]
  stairway:
    up: "psql -q -v ON_ERROR_STOP=1 -f migrations/*{revision}_*.up.sql"
    down: "psql -q -v ON_ERROR_STOP=1 -f migrations/*{revision}_*.down.sql"
    base: "psql -q -v ON_ERROR_STOP=1 -f migrations/*{revision}_*.down.sql"
)yaml";

constexpr std::array<std::pair<const char*, const char*>, 6> kMigrations = {{
    {"000001_one.up.sql",
     "CREATE TABLE one (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, k varchar(9) "
     "CHECK (k IN ('x', 'y')), CHECK (id BETWEEN 0 AND 9 AND id <> 5));"
     "GRANT ALL ON one TO app_reader;"},
    {"000001_one.down.sql", "DROP TABLE one;"},
    {"000002_two.up.sql",
     "CREATE VIEW two AS SELECT id, lower(k) AS k FROM one WHERE id BETWEEN 0 AND 3;"
     "CREATE PROCEDURE put(a int, INOUT b text) LANGUAGE plpgsql AS 'BEGIN b := b; END';"},
    {"000002_two.down.sql", "DROP PROCEDURE put; DROP VIEW two;"},
    {"000003_three.up.sql",
     "ALTER TABLE one ADD note text DEFAULT 'none' NOT NULL; CREATE INDEX by_note ON one "
     "(note DESC) WHERE k IS NOT NULL;"},
    {"000003_three.down.sql", "ALTER TABLE one DROP note;"},
}};

class StageOn : public EachMajor {
 protected:
  void SetUp() override {
    EachMajor::SetUp();
    if (IsSkipped()) return;
    for (const auto& [name, sql] : kMigrations) {
      fs::create_directories(repo() / "migrations");
      write_file(repo() / "migrations" / name, sql);
    }
    for (const char* const command : {"init -q -b main", "add -A", "commit -q -m all"}) {
      const auto done =
          exitgate::run({.arguments = {"/bin/sh", "-c",
                                       fmt::format("git -C {} -c user.name=a -c user.email=a@b.c {}",
                                                   repo().string(), command)}});
      ASSERT_TRUE(done.ok()) << done.error;
    }
  }
  fs::path repo() const { return folder_.path() / "repo"; }
  fs::path run() const { return folder_.path() / "run"; }
  void collect(const std::string& url) const {
    const auto repository = git::Repository::open(repo());
    const std::string commit = repository.resolve_commit("HEAD");
    const collect::Checkout checkout{repository, commit, repository.tree(commit)};
    const redact::Redactor redactor;
    const auto config = config::parse(kConfig, "exitgate.yaml");
    collect::collect_database(
        {config, checkout, url, redactor, run(), check::all_database_parts(), programs().folder});
  }
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(run() / "facts", {"schema"});
    std::vector<std::string> lines;
    for (const auto& row : facts.query(sql)) lines.push_back(row.text("line"));
    return lines;
  }

 private:
  TemporaryDirectory folder_;
};

TEST_P(StageOn, ProvisionsGoesDownAndUpAndComparesWithTheSameVersion) {
  const database::Cluster live(programs());
  const auto server = live.connect("postgres", "postgres", false);
  server->query("CREATE ROLE app_owner LOGIN SUPERUSER; CREATE ROLE app_reader");
  server->query("CREATE DATABASE live OWNER app_owner");
  for (const auto& [name, sql] : kMigrations) {
    if (std::string_view(name).find(".up.") != std::string_view::npos)
      live.connect("live", "app_owner", false)->query(std::string("SET search_path = public;") + sql);
  }
  collect(live.url("live", "postgres"));

  EXPECT_THAT(rows("SELECT version || ' ' || origin || ' ' || reason AS line FROM schema.server"),
              ElementsAre(programs().version + " given given by --server"));
  EXPECT_THAT(rows("SELECT outcome AS line FROM schema.provisioning"), ElementsAre("ok", "ok"));
  EXPECT_THAT(rows("SELECT count(DISTINCT fingerprint) AS line FROM schema.snapshot WHERE name <> 'live'"),
              ElementsAre("1"));
  EXPECT_THAT(rows("SELECT direction || ' ' || outcome AS line FROM schema.round_trip"),
              ElementsAre("down ok", "up ok"));
  EXPECT_THAT(
      rows("SELECT direction || ' ' || kind || ' ' || identity AS line FROM schema.round_trip_difference"),
      IsEmpty());
  EXPECT_THAT(rows("SELECT step || ' ' || outcome AS line FROM schema.stairway"),
              ::testing::AllOf(::testing::SizeIs(3), Each(std::string("up again ok"))));
  const facts::Facts facts(run() / "facts", {"schema"});
  EXPECT_THAT(check::compare_snapshots(facts, "migrated", "live").differences, IsEmpty());

  // The dump: by a program that is new enough, else the part says why there is none.
  const auto dumping = database::installed_clients("pg_dump");
  const bool dumped =
      fs::exists(programs().folder / "pg_dump") || (!dumping.empty() && dumping.front().major >= major());
  EXPECT_THAT(rows("SELECT coalesce(problem, 'repeated ' || repeated) AS line FROM schema.part WHERE name = "
                   "'schema-dump'"),
              ElementsAre(::testing::StartsWith(dumped ? "repeated 1" : "no pg_dump ")));
  EXPECT_THAT(rows("SELECT snapshot || ': ' || reason AS line FROM schema.problem"),
              ::testing::SizeIs(dumped ? 0 : 1));
}

INSTANTIATE_TEST_SUITE_P(In, StageOn, ::testing::ValuesIn(kMajors), name_of_major);

}  // namespace
}  // namespace exitgate::testing_majors
