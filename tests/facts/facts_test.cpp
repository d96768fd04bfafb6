#include "harness/facts/facts.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::facts {
namespace {

class FactsTest : public testing::Test {
 protected:
  FactsTest() {
    Store store(folder_.path(), "ci");
    store.insert(ci::Need{.file = "ci.yml", .job = "test", .needs = "build"});
    store.insert(ci::Need{.file = "ci.yml", .job = "deploy", .needs = "test"});
    store.insert(ci::Workflow{.file = "ci.yml", .provider = "github"});
    store.close();
  }
  Facts open() const { return Facts(folder_.path(), {"ci"}); }

  TemporaryDirectory folder_{"facts-test"};
};

TEST_F(FactsTest, AttachesAStoreUnderItsDomain) {
  const auto facts = open();
  std::vector<std::string> needs;
  auto query = facts.query("SELECT needs FROM ci.need WHERE file = ? ORDER BY job", {std::string("ci.yml")});
  for (const Row& row : query) needs.push_back(row.text("needs"));
  EXPECT_THAT(needs, testing::ElementsAre("test", "build"));
  EXPECT_EQ(facts.integer("SELECT count(*) FROM ci.workflow WHERE problem IS NULL AND name IS NULL"), 1);
}

TEST_F(FactsTest, CannotBeWritten) {
  const auto facts = open();
  EXPECT_THROW(facts.integer("DELETE FROM ci.need"), Undecided);
  EXPECT_EQ(facts.integer("SELECT count(*) FROM ci.need"), 2);
}

TEST_F(FactsTest, ChangesAPrivateCopyOnly) {
  const auto facts = open();
  std::int64_t changed = 0;
  const auto altered = facts.changed_by(
      "DELETE FROM ci.need WHERE job = 'test'; UPDATE ci.workflow SET problem = 'x';", changed);
  EXPECT_EQ(changed, 2);
  EXPECT_EQ(altered.integer("SELECT count(*) FROM ci.need"), 1);
  EXPECT_EQ(altered.text("SELECT problem FROM ci.workflow"), "x");
  EXPECT_EQ(facts.integer("SELECT count(*) FROM ci.need"), 2);
  EXPECT_EQ(open().integer("SELECT count(*) FROM ci.need"), 2);
}

TEST_F(FactsTest, RejectsStatementsThatDoMoreThanChangeRows) {
  const auto facts = open();
  for (const char* statement :
       {"ATTACH '/tmp/x' AS x", "PRAGMA ci.page_size = 512", "DROP TABLE ci.need", "CREATE TABLE ci.x (y)",
        "SELECT load_extension('x')", "DELETE FROM ci.sqlite_schema"}) {
    std::int64_t changed = 0;
    EXPECT_THROW(facts.changed_by(statement, changed), UsageError) << statement;
  }
}

TEST_F(FactsTest, NamesTheMistakeInAStatement) {
  std::int64_t changed = 0;
  try {
    [[maybe_unused]] const auto altered = open().changed_by("UPDATE ci.nead SET job = ''", changed);
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "the counterexample has a mistake: no such table: ci.nead");
    EXPECT_EQ(error.hint(), "statement: UPDATE ci.nead SET job = ''");
  }
}

TEST_F(FactsTest, RecordsWhatIsReadUntilTold) {
  const auto facts = open();
  Reads reads;
  facts.record_reads(&reads);
  facts.integer("SELECT count(*) FROM ci.workflow AS w");
  facts.text("SELECT n.job FROM ci.need AS n WHERE n.file = 'x'");
  facts.record_reads(nullptr);
  facts.text("SELECT needs FROM ci.need");
  EXPECT_THAT(reads, testing::ElementsAre(ColumnRead{"ci", "need", "file"}, ColumnRead{"ci", "need", "job"},
                                          ColumnRead{"ci", "workflow", ""}));
}

TEST_F(FactsTest, TriesChangesOnACopyAndTakesThemBack) {
  const auto copy = open().copy();
  EXPECT_EQ(copy.change("DELETE FROM ci.need"), 2);
  EXPECT_EQ(copy.integer("SELECT count(*) FROM ci.need"), 0);
  EXPECT_THROW(copy.integer("DELETE FROM ci.workflow"), Undecided) << "a query changes nothing, then either";
  copy.undo();
  EXPECT_EQ(copy.integer("SELECT count(*) FROM ci.need"), 2);
  EXPECT_THROW(copy.change("UPDATE ci.need SET job = NULL"), UsageError);
  EXPECT_THROW(copy.change("DROP TABLE ci.need"), UsageError);
  EXPECT_EQ(copy.change("DELETE FROM ci.need WHERE job = 'test'"), 1);
  copy.undo();
  EXPECT_EQ(copy.integer("SELECT count(*) FROM ci.need"), 2);
  EXPECT_EQ(open().integer("SELECT count(*) FROM ci.need"), 2);
}

TEST_F(FactsTest, SaysWhichStoreIsMissing) {
  try {
    const Facts facts(folder_.path(), {"schema"});
    FAIL() << "nothing was thrown";
  } catch (const Undecided& error) {
    EXPECT_EQ(error.what(),
              (folder_.path() / "schema.db").string() + " is missing: the schema facts were not collected");
  }
}

TEST_F(FactsTest, RejectsAFileThatIsNotAStore) {
  write_file(folder_.path() / "code.db", "this is not a database, whatever its name says it is");
  EXPECT_THROW(Facts(folder_.path(), {"code"}), Undecided);
}

TEST_F(FactsTest, ReadsAFolderWithAnyName) {
  const auto odd = folder_.path() / "a b?c#d%e'f";
  {
    Store store(odd, "ci");
    store.close();
  }
  EXPECT_EQ(Facts(odd, {"ci"}).integer("SELECT count(*) FROM ci.job"), 0);
}

// Every domain at once: more than SQLite attaches.
class AllDomains : public testing::Test {
 protected:
  AllDomains() {
    for (const auto& declaration : declarations()) {
      domains_.push_back(declaration.domain);
      Store store(folder_.path(), declaration.domain);
      if (declaration.domain == "ci")
        store.insert(ci::Need{.file = "ci.yml", .job = "test", .needs = "build"});
      store.close();
    }
  }
  // One that is attached first, and one that has to make room.
  static constexpr const char* kAll =
      "SELECT (SELECT count(*) FROM asked.match) + (SELECT count(*) FROM tests.report) + "
      "(SELECT count(*) FROM ci.need)";

  TemporaryDirectory folder_{"facts-test"};
  std::vector<std::string> domains_;
};

TEST_F(AllDomains, AreThereInEveryOrder) {
  const Facts facts(folder_.path(), domains_);
  EXPECT_GT(domains_.size(), 10U);
  for (const auto& declaration : declarations())
    EXPECT_GT(facts.integer("SELECT count(*) FROM " + declaration.domain + ".sqlite_schema"), 0);
  EXPECT_EQ(facts.integer(kAll), 1);
  for (const ci::Need& need : facts.rows<ci::Need>()) {  // a statement that is at work: its store stays
    for (const char* table : {"tests.report", "commands.run", "code.hook"})
      EXPECT_EQ(facts.integer(std::string("SELECT count(*) FROM ") + table), 0);
    EXPECT_EQ(need.needs, "build");
  }
}

TEST_F(AllDomains, TooManyInOneStatementAreAnError) {
  const Facts facts(folder_.path(), domains_);
  std::string sql = "SELECT 1";
  for (const auto& domain : domains_) sql += ", (SELECT count(*) FROM " + domain + ".sqlite_schema)";
  EXPECT_THROW(facts.integer(sql), Undecided);
  EXPECT_EQ(facts.integer(kAll), 1);
}

TEST_F(AllDomains, AreChangedInACopyAndTakenBack) {
  const auto copy = Facts(folder_.path(), domains_).copy();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(copy.change("DELETE FROM ci.need; INSERT INTO tests.problem VALUES ('a', 'b', 1, 'c')"), 2);
    for (const auto& domain : domains_) copy.integer("SELECT count(*) FROM " + domain + ".sqlite_schema");
    EXPECT_EQ(copy.integer("SELECT count(*) FROM ci.need"), 0);
    EXPECT_EQ(copy.integer("SELECT count(*) FROM tests.problem"), 1);
    copy.undo();
    EXPECT_EQ(copy.integer(kAll), 1);
    EXPECT_EQ(copy.integer("SELECT count(*) FROM tests.problem"), 0);
  }
  std::int64_t changed = 0;
  const auto altered = Facts(folder_.path(), domains_).changed_by("DELETE FROM ci.need", changed);
  EXPECT_EQ(changed, 1);
  EXPECT_EQ(altered.integer(kAll), 0);
}

TEST(Facts, TakeTableValuedFunctions) {
  const auto facts = Facts::declared();
  EXPECT_EQ(facts.check_query("SELECT job.id FROM ci.job, json_each(raw)"), std::vector<std::string>{"ci"});
  facts.check_statements("DELETE FROM ci.job WHERE EXISTS (SELECT 1 FROM json_each(raw))");
}

TEST(Store, LeavesNothingWhenItIsNotClosed) {
  const TemporaryDirectory folder("store-test");
  {
    Store store(folder.path(), "ci");
    store.insert(ci::Need{.file = "a", .job = "b", .needs = "c"});
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Store, MakesInvalidUtf8Readable) {
  const TemporaryDirectory folder("store-test");
  {
    Store store(folder.path(), "ci");
    store.insert(ci::Need{.file = "a\xFF", .job = "b", .needs = "c"});
    store.close();
  }
  EXPECT_EQ(Facts(folder.path(), {"ci"}).text("SELECT file FROM ci.need"), "a\xEF\xBF\xBD");
}

TEST(Tables, EveryTableAndColumnSaysWhatItMeans) {
  const auto all = tables();
  EXPECT_GT(all.size(), 30U);
  for (const auto& table : all) {
    EXPECT_FALSE(table.meaning.empty()) << table.domain << "." << table.name;
    EXPECT_FALSE(table.columns.empty()) << table.domain << "." << table.name;
  }
}

TEST(Tables, SayWhatEachValueOfAClosedSetMeans) {
  std::size_t sets = 0;
  for (const auto& table : tables()) {
    for (const auto& column : table.columns) {
      sets += column.values.empty() ? 0 : 1;
      for (const auto& value : column.values)
        EXPECT_FALSE(value.meaning.empty())
            << table.domain << "." << table.name << "." << column.name << value.text;
      if (table.domain != "ci" || column.name != "on_pull_request") continue;
      std::vector<std::string> values;
      for (const auto& value : column.values) values.push_back(value.text);
      EXPECT_THAT(values, testing::ElementsAre("yes", "maybe", "failure", "no", "unreached"));
    }
  }
  EXPECT_GT(sets, 10U);
}

// The columns that users and other programs rely on (DESIGN.md, "Fact tables"): one may be added, none renamed.
TEST(Tables, HoldTheContract) {
  const auto facts = Facts::declared();
  for (const char* query :
       {"SELECT oid, tree, branch, committed_at, subject, dirty, shallow FROM repo.checkout",
        "SELECT path, mode, oid, size FROM repo.file",
        "SELECT status, path FROM repo.change",
        "SELECT name, url, contains_commit FROM repo.remote",
        "SELECT file, name, provider, problem FROM ci.workflow",
        "SELECT file, line, event, filters FROM ci.trigger",
        "SELECT file, id, line, name, condition, uses, on_pull_request FROM ci.job",
        "SELECT file, job, needs FROM ci.need",
        "SELECT file, job, name, image, line FROM ci.service",
        "SELECT file, job, position, line, id, name, uses, run, condition, on_pull_request FROM ci.step",
        "SELECT file, line, job, position, action, ref, pin FROM ci.action_use",
        "SELECT file, line, job, position, direction, action, ref, pin, name, path, retention, "
        "retention_days, "
        "if_no_files_found, condition, on_pull_request, way FROM ci.artifact",
        "SELECT file, line, name, scope, framework FROM code.fixture",
        "SELECT file, line, name, framework FROM code.hook",
        "SELECT file, line, callee, kind FROM code.schema_call",
        "SELECT file, line, variable, required FROM code.environment_read",
        "SELECT file, line, term, context, text FROM code.mention",
        "SELECT file, reason FROM code.problem",
        "SELECT id, tool, config, location FROM migrations.environment",
        "SELECT environment, id, file, line, title, labels FROM migrations.revision",
        "SELECT environment, id, parent, kind FROM migrations.edge",
        "SELECT environment, id FROM migrations.head",
        "SELECT environment, id FROM migrations.base",
        "SELECT name, database, server_version, fingerprint, taken_at FROM schema.snapshot",
        "SELECT snapshot, kind, namespace, name, identity, definition, sha256 FROM schema.object",
        "SELECT snapshot, revision FROM schema.migration_state",
        "SELECT name, version, path FROM environment.tool",
        "SELECT name, value FROM environment.variable",
        "SELECT manager, name, version FROM environment.package"}) {
    EXPECT_NO_THROW(facts.integer(query)) << query;
  }
}

}  // namespace
}  // namespace exitgate::facts
