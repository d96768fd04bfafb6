#include <gmock/gmock.h>
#include <sqlite3.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/facts.h"
#include "harness/facts/schema_version.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"
#include "harness/facts/tables/code.h"

namespace exitgate::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ci::Artifact artifact(std::string job, std::int64_t line) {
  return {.file = "ci.yml",
          .line = line,
          .job = std::move(job),
          .position = 2,
          .direction = ci::Direction::upload,
          .action = "actions/upload-artifact",
          .pin = ci::Pin::sha,
          .retention_days = 30,
          .on_pull_request = ci::OnPullRequest::maybe,
          .other_run = true,
          .collides = false};
}

class RowsTest : public testing::Test {
 protected:
  RowsTest() {
    Store store(folder_.path(), "ci");
    store.insert(artifact("test", 7));
    store.insert(artifact("build", 3));
    store.insert(ci::Trigger{.file = "ci.yml", .line = 1, .event = "push", .filters = "{}"});
    store.close();
  }
  Facts open() const { return Facts(folder_.path(), {"ci"}); }

  // As somebody does it who changes a store by hand, or another version.
  void change(const char* sql) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.path() / "ci.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  std::string failure() const {
    try {
      const auto facts = open();  // a variable: rows must not outlive the store that they are read from
      for ([[maybe_unused]] const ci::Artifact& one : facts.rows<ci::Artifact>()) {
      }
    } catch (const Undecided& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  TemporaryDirectory folder_{"rows-test"};
};

TEST_F(RowsTest, GiveBackWhatWasWritten) {
  const auto facts = open();
  std::vector<std::string> jobs;
  for (const ci::Artifact& one : facts.rows<ci::Artifact>("ORDER BY line")) {
    jobs.push_back(one.job);
    EXPECT_EQ(one.file, "ci.yml");
    EXPECT_EQ(one.position, 2);
    EXPECT_EQ(one.direction, ci::Direction::upload);
    EXPECT_EQ(one.pin, ci::Pin::sha);
    EXPECT_EQ(one.ref, std::nullopt);
    EXPECT_EQ(one.retention_days, 30);
    EXPECT_EQ(one.on_pull_request, ci::OnPullRequest::maybe);
    EXPECT_TRUE(one.other_run);
    EXPECT_EQ(one.collides, false);
    EXPECT_EQ(one.uploads, std::nullopt);
  }
  EXPECT_THAT(jobs, ElementsAre("build", "test"));
  EXPECT_EQ(facts.text("SELECT on_pull_request || pin || other_run || collides FROM ci.artifact"),
            "maybesha10");
}

TEST_F(RowsTest, TakeAConditionWithValues) {
  const auto facts = open();
  std::vector<std::int64_t> lines;
  for (const auto& one : facts.rows<ci::Artifact>("WHERE job = ? AND line > ?", {"test", 3}))
    lines.push_back(one.line);
  EXPECT_THAT(lines, ElementsAre(7));
  EXPECT_EQ(facts.row<ci::Artifact>("ORDER BY line DESC")->job, "test");
  EXPECT_EQ(facts.row<ci::Artifact>("WHERE job = 'absent'"), std::nullopt);
}

TEST_F(RowsTest, SayAMistakeInACondition) {
  try {
    open().row<ci::Artifact>("WHERE jop = 1");
    FAIL() << "nothing was thrown";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(), "the query has a mistake: no such column: jop");
  }
}

// Neither is ever read as another value.
TEST_F(RowsTest, AreUndecidedAtAValueThatIsNotInTheSet) {
  change("PRAGMA ignore_check_constraints = ON; UPDATE artifact SET pin = 'branch' WHERE line = 7");
  EXPECT_EQ(failure(), "ci.artifact.pin is 'branch', which is not one of its values");
}
TEST_F(RowsTest, AreUndecidedAtABooleanThatIsNeither) {
  change("PRAGMA ignore_check_constraints = ON; UPDATE artifact SET other_run = 2");
  EXPECT_EQ(failure(), "ci.artifact.other_run is 2, where only 0 and 1 can be");
}
TEST_F(RowsTest, AreUndecidedAtNullInAColumnWithout) {
  change(
      "ALTER TABLE artifact RENAME TO strict; CREATE TABLE artifact AS SELECT * FROM strict; "
      "UPDATE artifact SET file = NULL");
  EXPECT_EQ(failure(), "ci.artifact.file is NULL, which its declaration rules out");
}
TEST_F(RowsTest, AreUndecidedAtAnotherType) {
  change(
      "ALTER TABLE artifact RENAME TO strict; CREATE TABLE artifact AS SELECT * FROM strict; "
      "UPDATE artifact SET line = 'seven'");
  EXPECT_EQ(failure(), "ci.artifact.line is not an integer");
}
TEST_F(RowsTest, AreUndecidedWhereAColumnIsMissing) {
  change("ALTER TABLE artifact DROP COLUMN uploads");
  EXPECT_THAT(failure(), HasSubstr("no such column: uploads"));
}

// A store says which version of the schema it has; what an older one lacks is said, and is not a mistake of the query.
TEST_F(RowsTest, OfAnOlderStoreSayWhatItLacks) {
  const auto mismatch = [&](const auto& ask) -> std::string {
    try {
      ask(open());
    } catch (const SchemaMismatch& error) {
      return error.what();
    } catch (const Error& error) {
      return std::string("another error: ") + error.what();
    }
    return "nothing was thrown";
  };
  const auto whole_row = [](const Facts& facts) { facts.row<ci::Artifact>(); };
  const auto one_column = [](const Facts& facts) { facts.text("SELECT a.uploads FROM ci.artifact a"); };
  const auto mistake = [](const Facts& facts) { facts.text("SELECT a.upload FROM ci.artifact a"); };
  const auto counterexample = [](const Facts& facts) {
    std::int64_t changed = 0;
    facts.changed_by("UPDATE ci.artifact SET uploads = 1", changed);
  };
  change("ALTER TABLE artifact DROP COLUMN uploads");
  EXPECT_EQ(mismatch(one_column), "another error: the query has a mistake: no such column: a.uploads");
  change("PRAGMA user_version = 0; DROP TABLE service");
  const std::string said = "its facts are of schema version 1, which has no ci.artifact.uploads";
  EXPECT_EQ(mismatch(whole_row), said);
  EXPECT_EQ(mismatch(one_column), said);
  EXPECT_EQ(mismatch(counterexample), said);
  EXPECT_EQ(mismatch(mistake), "another error: the query has a mistake: no such column: a.upload");
  EXPECT_EQ(mismatch([](const Facts& facts) { facts.row<ci::Service>(); }),
            "its facts are of schema version 1, which has no ci.service");
  EXPECT_EQ(mismatch([](const Facts& facts) { facts.row<ci::Trigger>(); }), "nothing was thrown");
}

TEST_F(RowsTest, OfAnOlderStoreSayWhichValueTheyDoNotKnow) {
  change("PRAGMA user_version = 0; PRAGMA ignore_check_constraints = ON; UPDATE artifact SET pin = 'branch'");
  EXPECT_EQ(
      failure(),
      "its facts are of schema version 1, where ci.artifact.pin is 'branch', which is not one of its values");
}

TEST_F(RowsTest, OfANewerStoreAreNotRead) {
  change("PRAGMA user_version = 1000");
  EXPECT_EQ(failure(), "its facts are of schema version 1000, which this build does not know: it knows " +
                           std::to_string(kSchemaVersion) + " at most");
}

TEST_F(RowsTest, ACounterexampleWithAMistakeIsAMistake) {
  std::int64_t changed = 0;
  try {
    open().changed_by("UPDATE ci.need SET uploads = 1", changed);
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "the counterexample has a mistake: no such column: uploads");
  }
}

TEST_F(RowsTest, OfAJoinAreReadByName) {
  const auto facts = open();
  const auto names = [&](const char* column) {
    auto query = facts.query(
        "SELECT a.job AS job, t.event AS event, a.ref AS ref, a.line AS line FROM ci.artifact a JOIN "
        "ci.trigger t ON t.file = a.file ORDER BY a.line");
    std::vector<std::string> found;
    for (const Row& row : query) {
      EXPECT_EQ(row.integer("line"), row.text("job") == "test" ? 7 : 3);
      EXPECT_TRUE(row.is_null("ref"));
      EXPECT_EQ(row.optional_text("ref"), std::nullopt);
      found.push_back(row.text(column));
    }
    return found;
  };
  EXPECT_THAT(names("event"), ElementsAre("push", "push"));
  EXPECT_THAT(names("job"), ElementsAre("build", "test"));
  try {
    names("even");
    FAIL() << "nothing was thrown";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(),
                 "internal fault: the query gives no column 'even', only job, event, ref, line");
  }
}

TEST_F(RowsTest, AreNotChangedIntoWhatTheDeclarationRulesOut) {
  std::int64_t changed = 0;
  for (const char* statement :
       {"UPDATE ci.artifact SET pin = 'branch'", "UPDATE ci.artifact SET other_run = 2",
        "UPDATE ci.artifact SET line = 'seven'", "UPDATE ci.artifact SET file = NULL"}) {
    EXPECT_THROW(open().changed_by(statement, changed), UsageError) << statement;
  }
}

TEST(Insert, RejectsARowOfAnotherDomain) {
  const TemporaryDirectory folder("rows-test");
  Store store(folder.path(), "code");
  EXPECT_THROW(store.insert(ci::Need{.file = "a", .job = "b", .needs = "c"}), Undecided);
}

TEST(Insert, RejectsAValueThatWasNeverSet) {
  const TemporaryDirectory folder("rows-test");
  Store store(folder.path(), "code");
  EXPECT_THROW(store.insert(code::SchemaCall{}), Undecided);
}

TEST(Insert, ChecksWhatIsWrittenBySql) {
  const TemporaryDirectory folder("rows-test");
  Store store(folder.path(), "code");
  EXPECT_THROW(store.execute("INSERT INTO schema_call VALUES ('a.py', 1, 'create_all', 'other')"), Undecided);
  EXPECT_THROW(store.execute("INSERT INTO file VALUES ('a.py', 'python', 2)"), Undecided);
  store.execute("INSERT INTO file VALUES ('a.py', 'python', 1)");
  store.insert(code::File{.file = "b.py", .language = "python", .parsed = true});
  store.close();
  EXPECT_EQ(Facts(folder.path(), {"code"}).integer("SELECT count(*) FROM code.file"), 2);
}

TEST(Insert, RepairsAndRedactsTexts) {
  const TemporaryDirectory folder("rows-test");
  Store store(folder.path(), "ci");
  store.insert(ci::Need{.file = "a\xFF", .job = "postgresql://ada:hunter2secret@db/x", .needs = "c"});
  store.close();
  const Facts facts(folder.path(), {"ci"});
  const auto need = facts.row<ci::Need>();
  ASSERT_TRUE(need);
  EXPECT_EQ(need->file, "a\xEF\xBF\xBD");
  EXPECT_THAT(need->job, testing::Not(HasSubstr("hunter2secret")));
}

TEST(Values, AreNamedAsTheColumnHasThem) {
  EXPECT_EQ(to_text(ci::OnPullRequest::unreached), "unreached");
  EXPECT_EQ(ci::on_pull_request_from("failure"), ci::OnPullRequest::failure);
  EXPECT_EQ(ci::on_pull_request_from("Failure"), std::nullopt);
  EXPECT_EQ(ci::on_pull_request_from(""), std::nullopt);
  EXPECT_THROW(to_text(ci::OnPullRequest{}), Undecided);
}

}  // namespace
}  // namespace exitgate::facts
