#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/base/error.h"
#include "harness/check/check.h"
#include "harness/json/json.h"
#include "tests/checks/judge.h"
#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class DatabaseCheck : public CheckTable {};
TEST_P(DatabaseCheck, SaysExactly) {
  holds();
}

std::string asked(const std::string& state, const std::string& reason, int found, int examined) {
  return "INSERT INTO answers.query VALUES ('', 'e.yaml', 4, 'migrated', 'SELECT 1', '" + state + "', " +
         reason + ", '[]', " + std::to_string(found) + ", " + std::to_string(examined) + ");";
}
std::string answer(int position, const std::string& data) {
  return "INSERT INTO answers.answer VALUES ('', " + std::to_string(position) + ", '" + data + "');";
}

const std::vector<CheckCase> kAnswers = {
    {"NoRow", "database", R"({"query": "SELECT 1"})", asked("answered", "NULL", 0, 3), "3 examined\n"},
    {"Rows", "database", R"({"query": "SELECT 1"})",
     asked("answered", "NULL", 2, 3) + answer(1, R"({"table":"orders","rows":null})") +
         answer(2, R"({"file":"a.sql","line":"3","message":"bad","hint":"fix"})"),
     R"(3 examined
FAIL table=orders, rows=NULL
FAIL a.sql:3: bad
  > fix
)"},
    {"MoreThanAreKept", "database", R"({"query": "SELECT 1"})",
     asked("answered", "NULL", 5, 3) + answer(1, R"({"message":"bad"})"), R"(3 examined
FAIL bad
FAIL 4 more rows, of which no more is kept
)"},
    {"NothingThere", "database", R"({"query": "SELECT 1"})", asked("answered", "NULL", 0, 0), "0 examined\n"},
    {"Failed", "database", R"({"query": "SELECT 1"})", asked("failed", "'no column x'", 0, 0),
     "error: e.yaml:4: the query failed: no column x\n"},
    {"NoDatabase", "database", R"({"query": "SELECT 1", "of": "live"})",
     asked("no-database", "'no live database was given'", 0, 0), R"(0 examined
skip: no live database was given: give one with --database URL
)"},
    {"NotAsked", "database", R"({"query": "SELECT 1"})", "DELETE FROM answers.query;",
     "error: its query was not asked\n"},
};
INSTANTIATE_TEST_SUITE_P(Database, DatabaseCheck, ::testing::ValuesIn(kAnswers), case_name);

TEST(DatabaseCounterexample, IsARowOfTheAnswer) {
  const auto& check = *check::find_check("database");
  const std::string with = R"({"query": "SELECT 'x'"})";
  const check::Parameters parameters(check.parameters, Json::parse(with), "");
  const auto sql = check.counterexample(parameters, Json{{"table", "it's"}, {"rows", 3}});
  EXPECT_EQ(judge("database", with, asked("answered", "NULL", 0, 9) + sql),
            "1 examined\nFAIL table=it's, rows=3\n");
  EXPECT_EQ(check.counterexample(parameters, Json(nullptr)), "");
  EXPECT_THROW(check.counterexample(parameters, Json(std::string("x"))), UsageError);
}

TEST(DatabaseParameters, AreValidated) {
  const auto& check = *check::find_check("database");
  const auto mistake = [&](const std::string& with) -> std::string {
    try {
      check.validate(check::Parameters(check.parameters, Json::parse(with), ""));
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(mistake(R"({"query": "TABLE x"})"), "");
  EXPECT_EQ(mistake(R"({"query": "DROP TABLE x"})"), "parameter 'query' must be one SELECT statement");
  EXPECT_EQ(mistake(R"({"query": "SELECT 1", "examined": "COMMIT"})"),
            "parameter 'examined' must be one SELECT statement");
  EXPECT_EQ(mistake(R"({"query": "SELECT 1", "of": "Live"})"),
            "parameter 'of' must be 'migrated' or 'live', not 'Live'");
}

}  // namespace
}  // namespace exitgate::testing
