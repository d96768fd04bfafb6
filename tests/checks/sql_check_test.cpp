#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class SqlCheck : public CheckTable {};
TEST_P(SqlCheck, SaysExactly) {
  holds();
}

std::string with(const std::string& query, const std::string& examined, const std::string& more = "") {
  return fmt::format(R"({{"query": "{}", "examined": "{}", "domains": ["ci", "repo"]{}}})", query, examined,
                     more);
}
const std::string kCount = "SELECT count(*) FROM ci.job";
const std::string kJobs = job("ci.yml", "test") + job("ci.yml", "deploy", "no", 9);

const std::string kBroken =
    "INSERT INTO ci.workflow (file, provider, problem) VALUES ('bad.yml', 'github', 'line 3: no YAML');";

const std::vector<CheckCase> kQueries = {
    {"NoRow", "sql", with("SELECT id AS message FROM ci.job WHERE id = 'x'", kCount), kJobs, R"(2 examined
)"},
    {"Rows", "sql",
     with("SELECT file, line, 'job ' || id || ' is slow' AS message, 'split it' AS hint, id AS key FROM "
          "ci.job ORDER "
          "BY line",
          kCount),
     kJobs, R"(2 examined
FAIL ci.yml:6: job test is slow
  > split it
FAIL ci.yml:9: job deploy is slow
  > split it
)"},
    {"OnlyAMessage", "sql", with("SELECT 'no job' AS message", kCount), "", R"(0 examined
FAIL no job
)"},
    {"NothingExamined", "sql", with("SELECT id AS message FROM ci.job", kCount), "", R"(0 examined
)"},
    {"SkipWhenEmpty", "sql",
     with("SELECT id AS message FROM ci.job", kCount,
          R"(, "skip-when-empty": true, "skip-reason": "no jobs")"),
     "",
     R"(0 examined
skip: no jobs
)"},
    {"NoMessage", "sql", with("SELECT file FROM ci.job", kCount), kJobs,
     R"(error: the query gives no column 'message'
  > say what is wrong: SELECT file, line, 'why' AS message
)"},
    {"UnknownColumn", "sql", with("SELECT file, id AS mesage FROM ci.job", kCount), kJobs,
     R"(error: the query gives a column 'mesage' (did you mean 'message'?); the columns are file, line, message, hint and key
  > name them with AS: SELECT file, line, 'why' AS message
)"},
    {"Mistake", "sql", with("SELECT message FROM ci.jobs", kCount), kJobs,
     R"(error: the query has a mistake: no such table: ci.jobs
  > query: SELECT message FROM ci.jobs
)"},
    {"CountIsNoNumber", "sql", with("SELECT id AS message FROM ci.job", "SELECT NULL"), kJobs,
     R"(error: the query of 'examined' gives no number
  > query: SELECT NULL
)"},
    {"NoSelect", "sql", with("ATTACH 'x.db' AS x", kCount), kJobs,
     R"(error: parameter 'query' must be one SELECT statement
  > query: ATTACH 'x.db' AS x
)"},
    {"WritesBehindAWith", "sql", with("WITH x AS (SELECT 1) DELETE FROM ci.job", kCount), kJobs,
     R"(error: the query gives no column 'message'
  > say what is wrong: SELECT file, line, 'why' AS message
)"},
    {"WritesAndReturns", "sql",
     with("WITH x AS (SELECT 1) DELETE FROM ci.job RETURNING id AS message", kCount), kJobs,
     R"(error: the query broke off: attempt to write a readonly database
  > query: WITH x AS (SELECT 1) DELETE FROM ci.job RETURNING id AS message
)"},
    {"NoDomains", "sql", R"({"query": "SELECT 1 AS message", "examined": "SELECT 1"})", "", R"(1 examined
FAIL 1
)"},
    {"ExaminedIsTheFirstTable", "sql",
     R"({"query": "SELECT id AS message FROM ci.job WHERE id = 'x'", "domains": ["ci"]})", kJobs,
     R"(2 examined
)"},
    {"ExaminedIsNothingWhereATableIsEmpty", "sql",
     R"sql({"query": "SELECT id AS message FROM ci.job WHERE id IN (SELECT job FROM ci.need)", "domains": ["ci"]})sql",
     kJobs, R"(0 examined
)"},
    // What could not be read may hold what the query looks for; a query that reads the problems has seen to it.
    {"AnUnreadWorkflow", "sql", with("SELECT id AS message FROM ci.job WHERE id = 'x'", kCount),
     kJobs + kBroken, R"(2 examined
?    bad.yml: it could not be read, so that the query may have missed something: line 3: no YAML
  > fix it, or let the query say what such a file means: it is in ci.workflow
)"},
    {"AnUnreadWorkflowThatIsSeenTo", "sql",
     with("SELECT id AS message FROM ci.job WHERE id = 'x' UNION ALL SELECT file || problem FROM ci.workflow "
          "WHERE problem LIKE '%nothing%'",
          kCount),
     kJobs + kBroken, R"(2 examined
)"},
    {"AnUnreadFileOfAnotherDomain", "sql",
     with("SELECT id AS message FROM ci.job WHERE id = 'x'", kCount, R"(, "domains": ["ci", "code"])"),
     kJobs + "INSERT INTO code.problem VALUES ('a.py', 'python', 'line 2');", R"(2 examined
)"},
    {"UnreadCode", "sql",
     with("SELECT file AS message FROM code.hook", "SELECT 1", R"(, "domains": ["code"])"),
     "INSERT INTO code.problem VALUES ('a.py', 'python', 'line 2'), ('a.txt', NULL, 'too large');",
     R"(1 examined
?    a.py: it could not be read, so that the query may have missed something: line 2
  > fix it, or let the query say what such a file means: it is in code.problem
)"},
    {"NoMessageInARow", "sql",
     with("SELECT file, line, name AS message FROM ci.job WHERE id = 'test'", kCount),
     kJobs + "UPDATE ci.job SET name = NULL;", R"(2 examined
FAIL ci.yml:6: the query's message is NULL here
)"},
};
INSTANTIATE_TEST_SUITE_P(Sql, SqlCheck, ::testing::ValuesIn(kQueries), case_name);

}  // namespace
}  // namespace exitgate::testing
