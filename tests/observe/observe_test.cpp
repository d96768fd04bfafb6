// What is read of an observed server, apart from what each kind of statement does (forms_test.cpp).
#include "harness/observe/observe.h"

#include <gmock/gmock.h>

#include "harness/database/server.h"
#include "tests/observe/observed.h"

namespace exitgate::observe {
namespace {

using ::testing::ElementsAre;

class Observe : public ::testing::Test {
 protected:
  // "ALTER TABLE: t AccessExclusiveLock" of each statement that was given since.
  std::vector<std::string> given(const std::vector<std::string>& statements) {
    const Mark before = observed_.now();
    observed_.give(statements);
    std::vector<std::string> words;
    for (const auto& statement : observed_.since(before)) {
      words.push_back(statement.command + ": " + told(statement));
      if (!statement.ok()) words.back() += "! " + statement.outcome;
    }
    return words;
  }
  Observed observed_{database::find_server_programs()};
};

TEST_F(Observe, TellsLocksAndPassesOfEachStatement) {
  EXPECT_THAT(given({"CREATE TABLE t (a int, b text)", "INSERT INTO t VALUES (1, 'x')", "SELECT * FROM t",
                     "BEGIN", "ALTER TABLE t ALTER a TYPE bigint", "SAVEPOINT s", "ALTER TABLE t RENAME TO u",
                     "ROLLBACK TO s", "ALTER TABLE t ALTER a SET NOT NULL", "COMMIT",
                     "CREATE INDEX CONCURRENTLY i ON t (a)", "VACUUM FULL t"}),
              ElementsAre("CREATE TABLE: ", "INSERT: t RowExclusiveLock",
                          "ALTER TABLE: rewrite t (column type); t AccessExclusiveLock", "ALTER TABLE: ",
                          "ALTER TABLE: scan t", "CREATE INDEX: build t (i); t ShareUpdateExclusiveLock",
                          "VACUUM: rewrite t (VACUUM FULL); t AccessExclusiveLock"));
}

TEST_F(Observe, TellsErrors) {
  EXPECT_THAT(given({"SELEC 1", "ALTER TABLE missing ADD a int"}),
              ElementsAre("SELEC: ! syntax error at or near \"SELEC\" at character 1",
                          "ALTER TABLE: ! relation \"missing\" does not exist"));
}

TEST_F(Observe, TellsStatementsOfOneMessageApart) {
  EXPECT_THAT(
      given({"CREATE TABLE t (a int); ALTER TABLE t ADD b int; UPDATE t SET b = 1; ALTER TABLE t DROP b"}),
      ElementsAre("CREATE TABLE: ", "ALTER TABLE: ", "UPDATE: scan t", "ALTER TABLE: "));
}

}  // namespace
}  // namespace exitgate::observe
