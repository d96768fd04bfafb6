// What a gate is told of rows that another count knows and its facts do not.
#include "harness/census/census.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/json/json.h"

namespace exitgate::census {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CensusTest : public ::testing::Test {
 protected:
  CensusTest() {
    for (const char* domain : {"ci", "census", "schema"}) {
      facts::Store store(folder_.path(), domain);
      store.close();
    }
  }
  facts::Facts changed(const std::vector<std::string>& domains, const std::string& statements) const {
    const facts::Facts empty(folder_.path().string(), domains);
    std::int64_t count = 0;
    return empty.changed_by(statements, count);
  }
  // `statements` are over the stores ci, census and schema.
  std::vector<std::string> reconciled(const std::string& statements,
                                      const std::vector<std::string>& tables) const {
    check::Report report;
    reconcile(changed({"ci", "census", "schema"}, statements), tables, report);
    std::vector<std::string> lines;
    for (const auto& one : report.undecided_findings())
      lines.push_back(fmt::format("{}:{}: {}", one.file, one.line, one.message));
    EXPECT_THAT(report.findings(), IsEmpty());
    return lines;
  }

  TemporaryDirectory folder_{"census"};
};

const std::string kHit =
    "INSERT INTO census.search VALUES ('a search for steps', 'ci.service', 'git grep -n x $C', 1);"
    "INSERT INTO census.hit (search, fact, file, line, first, last, text) "
    "VALUES ('a search for steps', 'ci.service', 'ci.yml', 7, 5, 7, 'db:');";
const std::string kMissing =
    "ci.yml:7: a search for steps finds `db:` here, and ci.service has no row for it: the facts that this "
    "gate "
    "looks at are not complete";

std::string service(int line, const std::string& file = "ci.yml") {
  return fmt::format("INSERT INTO ci.service (file, job, name, line) VALUES ('{}', 'a', 'db', {});", file,
                     line);
}

TEST_F(CensusTest, AHitMustBeARowInItsLines) {
  EXPECT_THAT(reconciled(kHit + service(5), {"ci.service"}), IsEmpty());
  EXPECT_THAT(reconciled(kHit + service(7), {"ci.service"}), IsEmpty());
  EXPECT_THAT(reconciled(kHit, {"ci.service"}), ElementsAre(kMissing));
  EXPECT_THAT(reconciled(kHit + service(4) + service(8), {"ci.service"}), ElementsAre(kMissing));
  EXPECT_THAT(reconciled(kHit + service(6, "other.yml"), {"ci.service"}), ElementsAre(kMissing));
}

TEST_F(CensusTest, OnlyWhatAGateReadsConcernsIt) {
  EXPECT_THAT(reconciled(kHit, {"ci.job", "ci.step"}), IsEmpty());
}

TEST_F(CensusTest, WhatIsExplainedIsNotMissed) {
  EXPECT_THAT(reconciled(kHit + "UPDATE census.hit SET explained = 'comment'", {"ci.service"}), IsEmpty());
}

TEST_F(CensusTest, WhatTheFactsCallUnreadableIsNotMissedAsWell) {
  EXPECT_THAT(
      reconciled(kHit + "INSERT INTO ci.workflow (file, provider, problem) VALUES ('ci.yml', 'github', 'x')",
                 {"ci.service"}),
      IsEmpty());
  const auto problem = [](int line) {
    return fmt::format("INSERT INTO ci.problem (file, line, reason) VALUES ('ci.yml', {}, 'x')", line);
  };
  EXPECT_THAT(reconciled(kHit + problem(6), {"ci.service"}), IsEmpty());
  EXPECT_THAT(reconciled(kHit + problem(8), {"ci.service"}), ElementsAre(kMissing));
}

TEST_F(CensusTest, AFileIsAHitOfItsOwn) {
  const std::string hit =
      "INSERT INTO census.hit (search, fact, file, text) VALUES ('the list of files', 'ci.workflow', "
      "'ci.yml', '');";
  EXPECT_THAT(reconciled(hit + "INSERT INTO ci.workflow (file, provider) VALUES ('ci.yml', 'github')",
                         {"ci.workflow"}),
              IsEmpty());
  EXPECT_THAT(
      reconciled(hit, {"ci.workflow"}),
      ElementsAre("ci.yml:0: the list of files finds this file here, and ci.workflow has no row for it: the "
                  "facts that this gate looks at are not complete"));
}

TEST_F(CensusTest, ATallyMustBeTheNumberOfRows) {
  const std::string tally =
      R"(INSERT INTO schema.tally (fact, condition, rows, method)
         VALUES ('schema.stairway', '{"outcome": "o*"}', 2, 'the revisions');)";
  const auto stair = [](int position) {
    return fmt::format(
        "INSERT INTO schema.stairway (position, revision, step, command, outcome) "
        "VALUES ({}, 'r', 'up', 'x', 'ok');",
        position);
  };
  EXPECT_THAT(reconciled(tally + stair(0) + stair(1), {"schema.stairway"}), IsEmpty());
  EXPECT_THAT(
      reconciled(tally + stair(0), {"schema.stairway"}),
      ElementsAre(
          ":0: schema.stairway has 1 row with outcome o*, and 2 by another count (the revisions): the "
          "facts that this gate looks at are not complete"));
}

TEST_F(CensusTest, AConditionOnNoColumnIsAMistake) {
  EXPECT_THROW(reconciled(R"(INSERT INTO schema.tally (fact, condition, rows, method)
                             VALUES ('schema.stairway', '{"1 OR 1": "x"}', 0, 'x');)",
                          {"schema.stairway"}),
               Undecided);
}

TEST_F(CensusTest, ManyAreToldInShort) {
  std::string hits;
  for (int i = 0; i < 15; ++i) {
    hits += fmt::format(
        "INSERT INTO census.hit (search, fact, file, line, first, last, text) VALUES ('s', 'ci.job', 'c', "
        "{0}, {0}, "
        "{0}, 'x');",
        i + 1);
  }
  const auto lines = reconciled(hits, {"ci.job"});
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_EQ(lines.back(), ":0: ci.job lacks another 5 rows");
}

void look(const facts::Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  report.examined(facts.integer("SELECT count(*) FROM ci.service").value_or(0));
  if (report.examined_count() == 0) report.skip("no service");
}

TEST_F(CensusTest, ACheckThatWouldSkipIsUndecidedInstead) {
  const check::Check check{
      .name = "c", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = look};
  EXPECT_THAT(with_census(folder_.path(), {"ci"}), ElementsAre("ci", "census"));
  EXPECT_THAT(with_census(folder_.path(), {"schema"}), ElementsAre("schema"));
  check::Report report;
  run_check(check, changed({"ci", "census"}, kHit), check::Parameters({}, Json::parse("{}")), report);
  ASSERT_EQ(report.undecided_findings().size(), 1U);
  EXPECT_EQ(report.undecided_findings()[0].hint,
            "write it in a form that the collector knows, and report what it missed; `git grep -n x $C` "
            "shows every "
            "hit");
}

}  // namespace
}  // namespace exitgate::census
