// Facts taken away from a finished run of the sample, one kind at a time, as by a collector that overlooks them: no gate
// that reads them goes on to pass or to skip.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <map>

#include "harness/base/file.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/verdict/verdict.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

struct Vanished {
  std::string name;
  std::string domain;
  std::string statement;
  std::vector<std::string> gates;  // those whose heart it is, to be sure that they are among the undecided
};

const std::vector<Vanished> kVanished = {
    {"OneStair", "schema", "DELETE FROM stairway WHERE position = 2", {"EG-CG2.stairway"}},
    {"OneOfTwoProvisionings",
     "schema",
     "DELETE FROM provisioning WHERE snapshot = 'migrated-again'",
     {"EG-CG2.provisions"}},
    {"OneOfTwoSnapshots",
     "schema",
     "DELETE FROM snapshot WHERE name = 'migrated-again'",
     {"EG-CG2.repeatable"}},
    {"TheWayUpOfTheRoundTrip",
     "schema",
     "DELETE FROM round_trip WHERE direction = 'up'",
     {"EG-CG2.round-trip"}},
    {"TheWayDownOfTheRoundTrip",
     "schema",
     "DELETE FROM round_trip WHERE direction = 'down'",
     {"EG-CG2.round-trip"}},
    {"AllTables", "schema", "DELETE FROM object WHERE kind = 'table'", {"EG-DB1.primary-keys"}},
    {"OneTable",
     "schema",
     "DELETE FROM object WHERE kind = 'table' AND identity = 'public.orders'",
     {"EG-DB1.primary-keys"}},
    {"AllSequences", "schema", "DELETE FROM sequence", {"EG-DB1.sequences-near-their-end"}},
    {"AllArtifacts",
     "ci",
     "DELETE FROM artifact",
     {"EG-CG1.retention", "EG-CG1.pinned", "EG-CG1.download-has-upload", "EG-CG1.standard-bundle",
      "EG-CG1.survives-failure", "EG-CG1.names-unique", "EG-CG1.paths"}},
    {"OneArtifact",
     "ci",
     "DELETE FROM artifact WHERE rowid = (SELECT max(rowid) FROM artifact)",
     {"EG-CG1.retention", "EG-CG1.pinned"}},
    {"AllSteps",
     "ci",
     "DELETE FROM step",
     {"EG-CG1.survives-failure", "EG-CG1.aggregate-job", "EG-CG2.migrations-before-tests"}},
    {"OneStep",
     "ci",
     "DELETE FROM step WHERE run LIKE '%alembic upgrade%'",
     {"EG-CG1.survives-failure", "EG-CG2.migrations-before-tests"}},
    {"AllJobs", "ci", "DELETE FROM job", {"EG-CG1.aggregate-job"}},
    {"AllNeeds", "ci", "DELETE FROM need", {"EG-CG1.aggregate-job"}},
    {"OneNeed", "ci", "DELETE FROM need WHERE job = 'gate' AND needs = 'lint'", {"EG-CG1.aggregate-job"}},
    {"AllServices", "ci", "DELETE FROM service", {"EG-CG2.migrations-before-tests"}},
    {"AllTriggers", "ci", "DELETE FROM trigger", {"EG-CG1.pull-request-workflows"}},
    {"AllWorkflows", "ci", "DELETE FROM workflow", {"EG-CG1.workflows-readable"}},
    {"AllRevisions",
     "migrations",
     "DELETE FROM revision",
     {"EG-CG2.one-head", "EG-CG2.nothing-destroyed", "EG-CG2.at-head"}},
    {"OneRevision", "migrations", "DELETE FROM revision WHERE id = '0003'", {"EG-CG2.one-head"}},
    {"AllFiles", "repo", "DELETE FROM file", {"EG-CG5.evidence-documents"}},
    {"OneFile", "repo", "DELETE FROM file WHERE path = 'README.md'", {"EG-CG5.evidence-documents"}},
    {"AllSourceFiles", "code", "DELETE FROM file", {"EG-CG2.no-create-all", "EG-CG2.database-url-required"}},
    {"AllFixtures", "code", "DELETE FROM fixture", {"EG-CG3.session-fixtures"}},
    {"AllHooks", "code", "DELETE FROM hook", {"EG-CG3.session-hooks"}},
    {"AllReadsOfTheEnvironment", "code", "DELETE FROM environment_read", {"EG-CG2.database-url-required"}},
};

// One run for all of them: it takes a server.
class Vanish : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TemporaryDirectory("vanish");
    make_sample(folder_->path() / "service");
    const auto finished =
        exitgate({"run", "--repo", (folder_->path() / "service").string(), "--out", run().root.string()});
    ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  }
  static void TearDownTestSuite() { delete folder_; }

  static record::RunDirectory run() { return {folder_->path() / "out"}; }

  // Every gate that left a verdict, evaluated on these facts.
  static std::map<std::string, verdict::Verdict> evaluated(const std::filesystem::path& facts) {
    const auto record = record::read_record(run());
    std::map<std::string, verdict::Verdict> verdicts;
    for (const auto& name : record.gates) {
      if (!std::filesystem::exists(run().verdict(name))) continue;
      const auto gate = verdict::gate_from_json(Json::parse(read_file(run().gate(name))));
      const auto* const check = check::find_check(gate.check);
      if (check != nullptr) verdicts[name] = evaluate(gate, *check, {facts, record.day()});
    }
    return verdicts;
  }

  static std::filesystem::path without(const Vanished& vanished) {
    const auto facts = folder_->path() / vanished.name;
    std::filesystem::copy(run().facts(), facts);
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open((facts / (vanished.domain + ".db")).c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, vanished.statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    EXPECT_GT(sqlite3_changes(database), 0) << vanished.statement;
    sqlite3_close(database);
    return facts;
  }

  static TemporaryDirectory* folder_;
};

TemporaryDirectory* Vanish::folder_ = nullptr;

TEST_F(Vanish, NothingIsMissedWhereNothingVanished) {
  for (const auto& [name, verdict] : evaluated(run().facts()))
    EXPECT_THAT(verdict.findings, IsEmpty()) << name << ": " << verdict::render(verdict);
}

TEST_F(Vanish, WhatVanishesIsNoticed) {
  for (const auto& vanished : kVanished) {
    SCOPED_TRACE(vanished.name);
    const auto facts = without(vanished);
    auto verdicts = evaluated(facts);
    for (const auto& gate : vanished.gates) {
      const auto status = verdicts[gate].status;
      EXPECT_TRUE(status == verdict::Status::error || status == verdict::Status::fail)
          << gate << " goes on: " << verdict::render(verdicts[gate]);
    }
    std::filesystem::remove_all(facts);
  }
}

// The run's own measurement says so as well.
TEST_F(Vanish, NoGateOfTheSampleIsBroken) {
  const auto measured = Json::parse(read_file(run().root / "sensitivity.json"));
  EXPECT_GT(measured.at("tried").integer(), 40);
  for (const auto& gate : measured.at("gates")) EXPECT_FALSE(gate.at("broken").boolean()) << gate.dump();
}

}  // namespace
}  // namespace exitgate::testing_program
