// Which parts of the database stage a gate needs, and what becomes of a gate whose parts were not run.
#include "harness/check/database_parts.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "harness/base/file.h"
#include "harness/census/census.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/facts/tables/schema.h"
#include "harness/gate/ctest.h"
#include "harness/gate/suite.h"
#include "harness/json/json.h"

namespace exitgate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

const facts::Facts& declared() {
  static const facts::Facts facts = facts::Facts::declared();
  return facts;
}

// Facts of a run that did none of these parts.
void write_facts(const std::filesystem::path& folder, const check::Parts& not_run) {
  facts::Store store(folder, "schema");
  store.insert(facts::schema::Plan{.source = "exitgate.yaml", .reason = "it says so", .stairway = true});
  for (const auto& part : check::all_database_parts()) {
    const bool left_out = std::find(not_run.begin(), not_run.end(), part) != not_run.end();
    store.insert(facts::schema::Work{
        .part = *facts::schema::work_part_from(part),
        .not_run = left_out ? std::optional<std::string>("no gate of this run needs it") : std::nullopt});
  }
  store.close();
}

// A new table is decided upon: one that no snapshot's name tells apart has a part of its own, or none.
TEST(DatabaseParts, FillEachTableOfTheDomain) {
  for (const auto& table : facts::tables()) {
    if (table.domain != "schema") continue;
    const auto parts = check::parts_of_table("schema", table.name);
    const bool by_snapshot =
        table.name == "snapshot" || std::any_of(table.columns.begin(), table.columns.end(),
                                                [](const auto& column) { return column.name == "snapshot"; });
    if (parts.size() == 4) {
      EXPECT_TRUE(by_snapshot) << table.name;
    }
    for (const auto& part : parts) {
      EXPECT_THAT(check::all_database_parts(), testing::Contains(part)) << table.name;
      EXPECT_TRUE(facts::schema::work_part_from(part).has_value()) << part;
    }
  }
  EXPECT_THAT(check::parts_of_table("schema", "stairway_difference"), ElementsAre("stairway"));
  EXPECT_THAT(check::parts_of_table("schema", "plan"), IsEmpty());
  EXPECT_THAT(check::parts_of_table("rehearsal", "loss"), ElementsAre("rehearsal"));
  EXPECT_THAT(check::parts_of_table("ci", "job"), IsEmpty());
}

TEST(DatabaseParts, OfAQueryAreThoseOfItsTables) {
  EXPECT_THAT(check::parts_of_query(declared(), "SELECT 1 FROM schema.stairway"), ElementsAre("stairway"));
  EXPECT_THAT(check::parts_of_query(declared(), "SELECT 1 FROM schema.plan, ci.job"), IsEmpty());
  EXPECT_THAT(check::parts_of_query(declared(), "SELECT count(*) FROM schema.object"),
              ElementsAre("migrated", "migrated-again", "live", "committed"));
  EXPECT_EQ(check::parts_of_query(declared(), "SELECT slip FROM schema.plan"), check::all_database_parts());
}

TEST(DatabaseParts, OfACheckThatDeclaresNoneAreAllOfItsDomains) {
  const auto parts_of = [](std::vector<std::string> domains) {
    const check::Check check{
        .name = "", .title = "", .why = "", .domains = std::move(domains), .parameters = {}, .run = nullptr};
    return check::parts_of(check, check::Parameters({}, Json::object()), declared());
  };
  EXPECT_EQ(parts_of({"schema", "rehearsal", "answers"}), check::all_database_parts());
  auto of_schema = check::all_database_parts();
  std::erase(of_schema, "rehearsal");
  std::erase(of_schema, "queries");
  EXPECT_EQ(parts_of({"schema"}), of_schema);
  EXPECT_THAT(parts_of({"rehearsal", "ci"}), ElementsAre("rehearsal"));
  EXPECT_THAT(parts_of({"tests"}), ElementsAre("tests"));
  EXPECT_THAT(parts_of({"answers"}), ElementsAre("queries"));
  EXPECT_THAT(parts_of({"ci"}), IsEmpty());
}

TEST(DatabaseParts, OfTheShippedGates) {
  const std::map<std::string, check::Parts> expected = {
      {"EG-CG2.provisions", {"migrated", "migrated-again"}},
      {"EG-CG2.at-head", {"migrated", "live"}},
      {"EG-CG2.repeatable", {"migrated", "migrated-again"}},
      {"EG-CG2.round-trip", {"migrated-again", "round-trip", "live"}},
      {"EG-CG2.stairway", {"stairway", "live"}},
      {"EG-CG2.upgrade-applies", {"migrated", "live", "rehearsal"}},
      {"EG-CG2.upgrade-locks", {"live", "rehearsal"}},
      {"EG-CG2.way-back", {"live", "rehearsal"}},
      {"EG-CG2.no-drift", {"migrated", "live"}},
      {"EG-CG2.schema-file", {"migrated", "live", "committed"}},
      {"EG-CG2.application-role", {"migrated", "live"}},
      {"EG-CG2.models-match", {"live", "models"}},
      {"EG-CG2.tests-pass", {"live", "tests"}},
      {"EG-CG2.tests-keep-schema", {"migrated", "live", "tests"}},
      {"EG-CG2.release-compatible", {"live", "tests"}},
      {"EG-CG4.schema-dump", {"migrated", "documents"}},
      {"EG-CG4.catalog", {"migrated", "documents"}},
      {"EG-CG4.migration-state", {"migrated", "documents"}},
      {"EG-CG4.migration-log", {"migrated", "documents"}},
      {"EG-CG4.test-logs", {"test-logs", "tests"}},
      {"EG-CG4.checksums", {"documents", "test-logs"}},
      {"EG-DB1.indexes-valid", {"migrated", "live"}},
      {"EG-DB1.constraints-validated", {"migrated", "live"}},
      {"EG-DB1.primary-keys", {"migrated", "live"}},
      {"EG-DB1.foreign-keys-indexed", {"migrated", "live"}},
      {"EG-DB1.row-security", {"migrated", "live"}},
      {"EG-DB1.sequences-near-their-end", {"migrated", "live"}},
      {"EG-TS1.ran", {"tests"}},
      {"EG-TS1.passed", {"tests"}},
      {"EG-TS1.current", {"tests"}},
      {"EG-TS1.required", {"tests"}},
      {"EG-TS1.skipped", {"tests"}},
      {"EG-TS1.coverage", {"tests"}},
  };
  std::map<std::string, check::Parts> found;
  for (const auto& gate : gate::load_suite({EXITGATE_GATES_FOLDER}, {}).gates) {
    if (!gate.parts.empty()) found.emplace(gate.name, gate.parts);
  }
  EXPECT_EQ(found, expected);
}

TEST(DatabaseParts, CTestSelectsWhatAGateNeedsTogetherWithIt) {
  const auto suite = gate::load_suite({EXITGATE_GATES_FOLDER}, {});
  const auto text = gate::ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {}});
  EXPECT_THAT(text, HasSubstr("add_test([=[exitgate.needs.stairway]=] [=[/x/exitgate]=] [=[stage]=] "
                              "[=[needs.stairway]=] [=[--run]=] [=[/r]=] [=[--timeout]=] [=[60]=])\n"
                              "set_tests_properties([=[exitgate.needs.stairway]=] PROPERTIES "
                              "FIXTURES_REQUIRED exitgate.run FIXTURES_SETUP exitgate.needs.stairway "));
  EXPECT_THAT(text, HasSubstr("FIXTURES_REQUIRED "
                              "[=[exitgate.run;exitgate.needs.stairway;exitgate.schema;exitgate.facts]=]"));
  EXPECT_THAT(text,
              HasSubstr("FIXTURES_SETUP exitgate.schema DEPENDS "
                        "[=[exitgate.needs.migrated;exitgate.needs.migrated-again;exitgate.needs.round-"
                        "trip;exitgate.needs.stairway;exitgate.needs.committed;exitgate.needs."
                        "documents;exitgate.needs.rehearsal;exitgate.needs.models;exitgate.needs.tests]=] "
                        "COST 1000 "));
}

TEST(DatabaseParts, AGateThatMayReadThemWaitsAndAsksForNothing) {
  const auto suite = gate::load_suite({EXITGATE_GATES_FOLDER}, {});
  const auto text = gate::ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {}});
  EXPECT_THAT(text, HasSubstr("set_tests_properties([=[EG-CG2.nothing-destroyed]=] PROPERTIES LABELS "
                              "[=[EG-CG2;static;database;migrations]=] FIXTURES_REQUIRED "
                              "[=[exitgate.run;exitgate.facts]=] DEPENDS [=[exitgate.database]=] "));
}

TEST(DatabaseParts, AGateWhosePartWasNotRunIsAnError) {
  const TemporaryDirectory folder("parts");
  write_facts(folder.path(), {"stairway"});
  verdict::Gate gate{.name = "EG-T1.stairway",
                     .exit_gate = "EG-T1",
                     .exit_gate_title = "",
                     .title = "",
                     .check = "stairway",
                     .with = "{}",
                     .labels = {},
                     .counterexample = "DELETE FROM schema.plan",
                     .parts = {"stairway"},
                     .waivers = {},
                     .where = ""};
  facts::Store(folder.path(), "migrations").close();
  const auto judged = evaluate(gate, *check::find_check("stairway"), {folder.path(), "2026-11-23"});
  EXPECT_EQ(judged.status, verdict::Status::error);
  EXPECT_EQ(judged.reason,
            "the part 'stairway' of the database stage, which this gate needs, was not run: no gate of this "
            "run needs it (run the gate through ctest or `exitgate run`, without -FS and -FA)");
  // The same of a check that reads what it, or its gate, does not declare.
  gate.parts = {"migrated"};
  const auto undeclared = evaluate(gate, *check::find_check("stairway"), {folder.path(), "2026-11-23"});
  EXPECT_EQ(undeclared.status, verdict::Status::error);
  EXPECT_THAT(undeclared.reason, HasSubstr("the check reads schema.stairway, and the part 'stairway' of the "
                                           "database stage was not run: no gate of this run needs it"));
}

TEST(DatabaseParts, FactsOfBeforeThemHoldAll) {
  const TemporaryDirectory folder("parts");
  facts::Store store(folder.path(), "schema");
  store.execute("DROP TABLE work");
  store.close();
  const facts::Facts facts(folder.path(), {"schema"});
  EXPECT_NO_THROW(check::require_parts(facts, check::all_database_parts()));
}

}  // namespace
}  // namespace exitgate
