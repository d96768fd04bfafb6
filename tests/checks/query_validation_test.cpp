#include "harness/check/query_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace exitgate::check {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string said(const std::string& sql) {
  const auto mistake = mistake_in_query(sql);
  return mistake ? mistake->message + " > " + mistake->hint : "";
}

struct Case {
  std::string sql;
  std::string said;
};

TEST(QueryValidation, NamesWhatThereIs) {
  const std::vector<Case> cases = {
      {"SELECT fil AS message FROM ci.need",
       "ci.need has no column 'fil' (did you mean 'file'?) > the columns of ci.need are file, job, needs"},
      {"SELECT n.jobb FROM ci.need AS n JOIN ci.job j ON j.id = n.job",
       "ci.need has no column 'jobb' (did you mean 'job'?) > the columns of ci.need are file, job, needs"},
      {"SELECT whence FROM ci.need, repo.remote",
       "none of ci.need, repo.remote has a column 'whence' > the columns of ci.need are file, job, needs; "
       "the "
       "columns of repo.remote are name, url, contains_commit"},
      {"SELECT file FROM ci.need, ci.job",
       "more than one table has a column 'file' > write need.file or job.file"},
      {"SELECT 1 FROM repo.files",
       "there is no table 'repo.files' (did you mean 'repo.file'?) > the tables of repo are repo.checkout, "},
      {"SELECT 1 FROM cii.job", "there is no domain 'cii' (did you mean 'ci'?) > the domains are answers, "},
      {"SELECT 1 FROM artifact_matches", "there is no table 'artifact_matches'"},
      {"SELECT 1 FROM", "incomplete input > query: SELECT 1 FROM"},
      {"DELETE FROM ci.job", "it must be one SELECT statement"},
      {"SELECT 1; SELECT 2", "it must be one SELECT statement"},
      {"ATTACH 'x' AS y", "it must be one SELECT statement"},
  };
  for (const auto& one : cases) EXPECT_THAT(said(one.sql), HasSubstr(one.said)) << one.sql;
}

TEST(QueryValidation, RefusesLiteralsThatAColumnNeverHolds) {
  const std::string uplaod =
      "ci.artifact.direction is never 'uplaod' (did you mean 'upload'?): the comparison says the same of "
      "every "
      "row > its values are upload, download";
  for (const std::string condition :
       {"direction = 'uplaod'", "direction == 'uplaod'", "direction <> 'uplaod'", "direction != 'uplaod'",
        "direction IS 'uplaod'", "direction IS NOT 'uplaod'", "direction IN ('upload', 'uplaod')",
        "direction NOT IN ('uplaod')", "direction LIKE 'uplaod'", "'uplaod' = direction",
        "artifact.direction='uplaod'", "ci.artifact.direction = 'uplaod'", "\"direction\" = 'uplaod'",
        "NOT (direction = 'uplaod')", "name = 'x' AND direction = 'uplaod' OR line = 1",
        "line BETWEEN 1 AND 2 AND direction = 'uplaod'", "direction /* it */ = -- is\n 'uplaod'"}) {
    const auto message = said("SELECT file AS message FROM ci.artifact WHERE " + condition);
    if (condition.find("LIKE") == std::string::npos) {
      EXPECT_EQ(message, uplaod) << condition;
    } else {
      EXPECT_THAT(message, HasSubstr("is never like 'uplaod'")) << condition;
    }
  }
  EXPECT_THAT(
      said("SELECT CASE WHEN a.pin = 'image ' THEN 1 END FROM ci.step s JOIN ci.artifact AS a ON a.file = "
           "s.file"),
      HasSubstr("ci.artifact.pin is never 'image ' (did you mean 'image'?)"));
  EXPECT_THAT(said("WITH up AS (SELECT * FROM ci.artifact WHERE direction = 'uplaod') SELECT * FROM up"),
              HasSubstr("ci.artifact.direction is never 'uplaod'"));
  EXPECT_THAT(said("SELECT count(*) FROM ci.job WHERE EXISTS (SELECT 1 FROM ci.artifact WHERE job = id AND "
                   "on_pull_request = 'always')"),
              HasSubstr("is never 'always'"));
}

TEST(QueryValidation, RefusesTermsThatAreNotCollected) {
  const auto message = said("SELECT file, line, text AS message FROM code.mention WHERE term = 'print('");
  EXPECT_THAT(message,
              HasSubstr("code.mention.term is never 'print(': that term is not collected, so the "
                        "comparison says the same whatever the code holds > its values are create_all, "));
  EXPECT_THAT(message, HasSubstr("checksum; `check: text` looks for any other"));
  EXPECT_THAT(said("SELECT 1 FROM code.mention WHERE term LIKE '%print%'"),
              HasSubstr("never like '%print%'"));
  EXPECT_EQ(said("SELECT 1 FROM code.mention WHERE term LIKE 'pg%' AND term <> 'sha256'"), "");
}

TEST(QueryValidation, AllowsWhatCannotBeTold) {
  const std::vector<std::string> cases = {
      "SELECT 1 FROM ci.artifact WHERE direction = 'upload' AND on_pull_request IN ('yes', 'maybe')",
      "SELECT 1 FROM ci.artifact WHERE direction || '' = 'uplaod'",
      "SELECT 1 FROM ci.artifact WHERE name || direction = 'uplaod'",
      "SELECT 1 FROM ci.artifact WHERE direction = 'up' || 'load'",
      "SELECT 1 FROM ci.artifact WHERE upper(direction) = 'UPLOAD'",
      "SELECT 1 FROM ci.artifact WHERE direction = 'UPLOAD' COLLATE NOCASE",
      "SELECT 1 FROM ci.artifact WHERE direction COLLATE NOCASE = 'UPLOAD'",
      "SELECT 1 FROM ci.artifact WHERE second_upload <> ''",
      "SELECT 1 FROM ci.artifact WHERE direction LIKE 'UP%'",
      "SELECT 1 FROM ci.artifact WHERE direction LIKE 'up\\_x' ESCAPE '\\'",
      "SELECT 1 FROM ci.artifact WHERE name = 'uplaod' AND line BETWEEN 1 AND direction = 'uplaod'",
      "SELECT 1 FROM ci.artifact WHERE name IN (SELECT name FROM ci.artifact WHERE direction = 'upload')",
      "WITH artifact AS (SELECT 'uplaod' AS direction) SELECT 1 FROM artifact WHERE direction = 'uplaod'",
      "SELECT 1 FROM (SELECT name AS direction FROM ci.artifact) WHERE direction = 'uplaod'",
      "SELECT kind FROM ci.action_file WHERE kind = 'node20'",  // another table's column of the name
      "SELECT c.kind FROM ci.command c JOIN ci.action_file a WHERE a.kind = 'composite'",
      "SELECT a.direction FROM ci.artifact a JOIN (SELECT 'uplaod' AS direction) b WHERE b.direction = "
      "'uplaod'",
      "SELECT value FROM ci.job, json_each(runs_on) WHERE value = 'self-hosted'",
      "SELECT 'it''s' AS message FROM ci.job",
      "SELECT 1 WHERE 'a' = 'b'",
  };
  for (const auto& sql : cases) EXPECT_EQ(said(sql), "") << sql;
}

TEST(QueryValidation, TellsTheDomains) {
  EXPECT_THAT(domains_of_query("SELECT 1 FROM ci.job WHERE file NOT IN (SELECT path FROM repo.file)"),
              ElementsAre("ci", "repo"));
  EXPECT_THAT(domains_of_query("SELECT 1 FROM json_each('[]')"), IsEmpty());
  EXPECT_THAT(domains_of_query("SELECT 'ci.job' FROM \"repo\".[file]"), ElementsAre("repo"));
  const auto named = named_tables("SELECT s.line FROM ci.step s JOIN ci.job j ON ci.job.id = 1, ci.step");
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].table, "step");
  EXPECT_EQ(named[1].table, "job");
}

TEST(QueryValidation, SaysThePlace) {
  try {
    require_right_query("query", "SELECT file\nFROM ci.artifact\nWHERE direction = 'uplaod' AND line > 1");
    ADD_FAILURE();
  } catch (const PlacedError& error) {
    EXPECT_EQ(error.line(), 2);
    EXPECT_THAT(error.what(), HasSubstr(", at `'uplaod' AND line > 1`"));
  }
}

}  // namespace
}  // namespace exitgate::check
