// What a gate file with `check: sql` is told when it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/base/file.h"
#include "harness/gate/suite.h"

namespace exitgate::gate {
namespace {

using testing::HasSubstr;

class SqlGates : public testing::Test {
 protected:
  Suite load(const std::string& with) {
    write_file(
        folder_.path() / "EG-A1.yaml",
        "exit-gate: EG-A1\ntitle: Own\ngates:\n  - id: own\n    title: Own\n    check: sql\n    with:\n" +
            with + "    counterexample: UPDATE ci.job SET name = NULL\n");
    return load_suite({folder_.path()}, {});
  }
  std::string mistake(const std::string& with) {
    const auto suite = load(with);
    EXPECT_EQ(suite.mistakes.size(), 1U);
    if (suite.mistakes.empty()) return "";
    const auto& message = suite.mistakes[0].message;
    return message.substr(message.find("EG-A1.yaml")) + " > " + suite.mistakes[0].hint;
  }

  TemporaryDirectory folder_{"sql-gates"};
};

TEST_F(SqlGates, KnowTheirDomains) {
  const auto suite =
      load("      query: SELECT path AS message FROM repo.file WHERE path IN (SELECT file FROM ci.job)\n");
  ASSERT_TRUE(suite.mistakes.empty()) << suite.mistakes[0].message;
  EXPECT_THAT(suite.gates.at(0).with, HasSubstr(R"("domains":["ci","repo"])"));
  EXPECT_THAT(load("      query: SELECT id AS message FROM ci.job\n      domains: [code]\n"
                   "      examined: SELECT count(*) FROM repo.file\n")
                  .gates.at(0)
                  .with,
              HasSubstr(R"("domains":["ci","code","repo"])"));
}

TEST_F(SqlGates, AreToldTheLine) {
  EXPECT_EQ(mistake("      query: |\n        SELECT file, 'x' AS message\n        FROM ci.need\n        "
                    "WHERE jobb = 1\n"),
            "EG-A1.yaml:11: check 'sql': 'query': ci.need has no column 'jobb' (did you mean 'job'?), at "
            "`jobb = 1` "
            "> the columns of ci.need are file, job, needs");
  EXPECT_THAT(mistake("      query: SELECT file AS message FROM code.mention WHERE term = 'print('\n"),
              HasSubstr("EG-A1.yaml:8: check 'sql': 'query': code.mention.term is never 'print('"));
  EXPECT_THAT(
      mistake(
          "      query: SELECT file AS message FROM ci.job\n      examined: SELECT count(*) FROM ci.jobs\n"),
      HasSubstr(
          "EG-A1.yaml:9: check 'sql': 'examined': there is no table 'ci.jobs' (did you mean 'ci.job'?)"));
  EXPECT_THAT(
      mistake("      query: SELECT file AS mesage FROM ci.job\n"),
      HasSubstr("EG-A1.yaml:8: check 'sql': the query gives a column 'mesage' (did you mean 'message'?)"));
  EXPECT_THAT(mistake("      query: SELECT 'x' AS message\n"),
              HasSubstr("EG-A1.yaml:8: check 'sql': parameter 'examined' must be given where"));
}

TEST_F(SqlGates, AreToldWhatACounterexampleCouldName) {
  const auto suite =
      load("      query: SELECT id AS message FROM ci.need, ci.job\n    about: SELECT fil FROM ci.need\n");
  ASSERT_EQ(suite.mistakes.size(), 1U);
  EXPECT_EQ(suite.mistakes[0].hint, "the columns of ci.need are file, job, needs");
}

}  // namespace
}  // namespace exitgate::gate
