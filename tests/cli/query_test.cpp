// `exitgate query` on a real repository.

#include <gmock/gmock.h>

#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class QueryTest : public testing::Test {
 protected:
  QueryTest() {
    fs::create_directories(repository() / ".github/workflows");
    write_file(
        repository() / ".github/workflows/ci.yml",
        "name: CI\non: pull_request\njobs:\n"
        "  test:\n    name: \"Tests, \\\"all\\\"\"\n    runs-on: ubuntu-24.04\n"
        "    steps:\n      - run: make test\n"
        "  lint:\n    name: \"\\e[2Jgone\"\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make lint\n");
    shell(repository(), "git init -q -b main .");
    commit_all(repository(), "Begin");
  }
  fs::path repository() const { return folder_.path() / "service"; }
  fs::path cache() const { return folder_.path() / "cache"; }
  ProcessResult ask(const std::string& query, std::vector<std::string> more = {},
                    const std::string& input = "") const {
    std::vector<std::string> arguments = {"query", query, "--repo", repository().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(std::move(arguments), {"EXITGATE_CACHE=" + cache().string()}, input);
  }

  TemporaryDirectory folder_{"query-test"};
};

TEST_F(QueryTest, PrintsATableWithNullAndWithoutControlCharacters) {
  const auto asked = ask("SELECT id, line, name, condition FROM ci.job ORDER BY line");
  EXPECT_EQ(asked.exit_code, 0) << asked.error;
  EXPECT_EQ(asked.output,
            "id   | line | name         | condition\n"
            "-----+------+--------------+----------\n"
            "test |    4 | Tests, \"all\" | NULL\n"
            "lint |    9 | ?[2Jgone     | NULL\n"
            "(2 rows)\n");
}

TEST_F(QueryTest, PrintsJsonWithNumbersAsNumbers) {
  const auto asked =
      ask("SELECT id, line, condition, 0.5 AS half FROM ci.job ORDER BY line", {"--format", "json"});
  EXPECT_EQ(asked.exit_code, 0) << asked.error;
  EXPECT_EQ(Json::parse(asked.output),
            Json::parse(R"([{"id": "test", "line": 4, "condition": null, "half": 0.5},
                            {"id": "lint", "line": 9, "condition": null, "half": 0.5}])"));
  const auto twice = ask("SELECT id, id FROM ci.job", {"--format", "json"});
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.error, HasSubstr("the query gives the column 'id' twice"));
  EXPECT_EQ(ask("SELECT id FROM ci.job WHERE id = 'x'", {"--format", "json"}).output, "[]\n");
}

TEST_F(QueryTest, PrintsCsvAsTheStandardHasIt) {
  const auto asked =
      ask("SELECT id, name, condition, '' AS empty FROM ci.job WHERE id = 'test'", {"--format", "csv"});
  EXPECT_EQ(asked.exit_code, 0) << asked.error;
  EXPECT_EQ(asked.output, "id,name,condition,empty\r\ntest,\"Tests, \"\"all\"\"\",,\"\"\r\n");
}

TEST_F(QueryTest, ReadsTheQueryFromStandardInput) {
  const auto asked = ask("-", {"--format", "csv"}, "SELECT count(*) AS jobs FROM ci.job\n");
  EXPECT_EQ(asked.exit_code, 0) << asked.error;
  EXPECT_EQ(asked.output, "jobs\r\n2\r\n");
}

// Facts that are kept must say what the commit says, whichever it is.
TEST_F(QueryTest, AsksTheCommitAndTakesWhatIsKeptOfIt) {
  EXPECT_THAT(ask("SELECT id FROM ci.job").output, HasSubstr("(2 rows)"));
  ASSERT_TRUE(fs::exists(cache() / "commits"));
  EXPECT_THAT(ask("SELECT id FROM ci.job").output, HasSubstr("(2 rows)"));
  replace_in(repository() / ".github/workflows/ci.yml",
             "  lint:", "  third: {runs-on: x, steps: [{run: y}]}\n  lint:");
  EXPECT_THAT(ask("SELECT id FROM ci.job").output, HasSubstr("(2 rows)"))
      << "the work tree is not the commit";
  commit_all(repository(), "Add a job");
  EXPECT_THAT(ask("SELECT id FROM ci.job").output, HasSubstr("(3 rows)"));
  EXPECT_THAT(ask("SELECT id FROM ci.job", {"--commit", "HEAD~1"}).output, HasSubstr("(2 rows)"));
}

// The provider of the workflows is known from the remotes, which are not part of the commit.
TEST_F(QueryTest, CollectsAgainWhenTheRepositoryIsConfiguredOtherwise) {
  EXPECT_THAT(ask("SELECT name FROM repo.remote", {"--format", "csv"}).output, StartsWith("name\r\n"));
  const auto before = ask("SELECT count(*) AS n FROM ci.job", {"--format", "csv"}).output;
  shell(repository(), "git remote add origin https://example.invalid/x.git");
  EXPECT_EQ(ask("SELECT count(*) AS n FROM ci.job", {"--format", "csv"}).output, before);
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(cache() / "commits")) ++entries;
  EXPECT_EQ(entries, 2);
}

TEST_F(QueryTest, SaysWhatIsWrongWithAQuery) {
  struct Slip {
    std::string query;
    std::string says;
  };
  for (const auto& [query, says] :
       std::vector<Slip>{{"SELECT id FROM ci.jobs", "jobs"},
                         {"SELECT colour FROM ci.job", "colour"},
                         {"DELETE FROM ci.job", "must be one SELECT"},
                         {"SELECT 1; SELECT 2", "must be one SELECT"},
                         {"SELECT * FROM schema.object",
                          "the query reads schema, which is collected when a run provisions"},
                         {"SELECT * FROM asked.match",
                          "the query reads asked, which is collected when a gate of the suite"},
                         {"ATTACH 'x.db' AS x", "query: ATTACH"}}) {
    const auto asked = ask(query);
    EXPECT_EQ(asked.exit_code, 2) << query;
    EXPECT_THAT(asked.error, HasSubstr(says)) << query;
    EXPECT_EQ(asked.output, "") << query;
  }
  EXPECT_THAT(ask("SELECT id FROM ci.job", {"--format", "jsn"}).error,
              HasSubstr("unknown format 'jsn' (did you mean 'json'?)"));
}

TEST(Tables, ShowAnExampleRow) {
  const auto text = exitgate({"tables", "ci.need"});
  EXPECT_EQ(text.exit_code, 0) << text.error;
  EXPECT_THAT(text.output, HasSubstr("  a row: {\"file\": \".github/workflows/ci.yml\", "));
  const auto json = Json::parse(exitgate({"tables", "ci.need", "--format", "json"}).output);
  ASSERT_EQ(json.size(), 1U);
  EXPECT_EQ(json[0].at("example").at("needs").text(), "lint");
  EXPECT_THAT(exitgate({"tables", "ci.ned"}).error,
              HasSubstr("unknown table 'ci.ned' (did you mean 'ci.need'?)"));
}

TEST_F(QueryTest, AsksARunAndItsArchive) {
  const auto run = folder_.path() / "run";
  const auto made =
      exitgate({"run", "--repo", repository().string(), "--label", "EG-CG1", "--out", run.string()});
  const auto sealed = archives(run);
  ASSERT_EQ(sealed.size(), 1) << made.output << made.error;
  for (const auto& source : {run, sealed.front()}) {
    const auto asked =
        ask("SELECT id FROM ci.job ORDER BY line", {"--run", source.string(), "--format", "csv"});
    EXPECT_EQ(asked.output, "id\r\ntest\r\nlint\r\n") << asked.error;
    const auto missing = ask("SELECT * FROM schema.object", {"--run", source.string()});
    EXPECT_EQ(missing.exit_code, 3);
    EXPECT_THAT(missing.error,
                AllOf(HasSubstr("has no facts of the domain schema"), HasSubstr("it has those of")));
  }
}

}  // namespace
}  // namespace exitgate::testing_program
