#include "harness/record/run_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "harness/base/file.h"
#include "harness/base/verification_error.h"

namespace exitgate::record {
namespace {

using testing::ElementsAre;

RunRecord whole() {
  RunRecord run;
  run.id = "service-d1b778853611-20261123T150344Z";
  run.repository = "service";
  run.commit = "d1b778853611875b3dd20fd0ddd6a2432d65d321";
  run.tree = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
  run.config = "exitgate.yaml";
  run.database = "embedded";
  run.started_at = "2026-11-23T15:03:44Z";
  run.suite = {{"EG-A1", "Artifacts"}};
  run.suite_digest = "00";
  run.gates = {"EG-A1.kept", "EG-A1.pinned"};
  run.core = {"EG-A1.kept"};
  run.accepts_partial = true;
  run.versions = {{"exitgate", "0.1.0"}};
  auto& result = run.result.emplace();
  result.finished_at = "2026-11-23T15:04:00Z";
  result.selected = {"EG-A1.kept"};
  result.not_run = {"EG-A1.pinned"};
  result.outcome = Outcome::fail;
  result.bundle = BundleRecord{2, {"b.log (x.yaml:3): not run"}, {"a.log is missing"}};
  result.incomplete = {"a.log is missing", "c.log is empty"};
  return run;
}

// The keys are a contract: archives that were sealed long ago hold them.
constexpr const char* kText = R"({
  "record_version": 3,
  "id": "service-d1b778853611-20261123T150344Z",
  "repository": "service",
  "commit": "d1b778853611875b3dd20fd0ddd6a2432d65d321",
  "tree": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
  "config": "exitgate.yaml",
  "database": "embedded",
  "started_at": "2026-11-23T15:03:44Z",
  "suite": [
    {
      "exit-gate": "EG-A1",
      "title": "Artifacts"
    }
  ],
  "suite_digest": "00",
  "gates": [
    "EG-A1.kept",
    "EG-A1.pinned"
  ],
  "versions": {
    "exitgate": "0.1.0"
  },
  "core": [
    "EG-A1.kept"
  ],
  "accept_partial": true,
  "finished_at": "2026-11-23T15:04:00Z",
  "selected": [
    "EG-A1.kept"
  ],
  "not_run": [
    "EG-A1.pinned"
  ],
  "partial": true,
  "outcome": "fail",
  "bundle": {
    "asked": 2,
    "not_asked": [
      "b.log (x.yaml:3): not run"
    ],
    "missing": [
      "a.log is missing"
    ]
  },
  "incomplete": [
    "a.log is missing",
    "c.log is empty"
  ]
})";

TEST(RunRecord, IsWrittenAsTheContractSays) {
  EXPECT_EQ(to_json(whole()).dump(2), kText);
}

TEST(RunRecord, SaysWhereFindingsAboutTheRepositoryAreShown) {
  auto run = whole();
  run.shown_at = "README.md";
  EXPECT_EQ(to_json(run)["shown_at"], "README.md");
  EXPECT_EQ(record_from_json(to_json(run)).shown_at, "README.md");
  EXPECT_EQ(record_from_json(to_json(whole())).shown_at, std::nullopt);
}

TEST(RunRecord, IsReadAsItWasWritten) {
  const RunRecord run = parse_record(kText);
  EXPECT_EQ(to_json(run).dump(2), kText);
  EXPECT_EQ(run.day(), "2026-11-23");
  EXPECT_TRUE(run.has_comparable_digest());
  EXPECT_TRUE(run.result->partial());
  EXPECT_EQ(run.version_of("exitgate"), "0.1.0");
  EXPECT_EQ(run.version_of("git"), "");
}

TEST(RunRecord, HasNoResultWhileTheRunGoesOn) {
  RunRecord run = whole();
  run.result.reset();
  run.config.reset();
  const RunRecord read = parse_record(to_json(run).dump());
  EXPECT_FALSE(read.result);
  EXPECT_FALSE(read.config);
}

TEST(RunRecord, OfTheFirstVersionIsRead) {
  Json json = to_json(whole());
  json.erase("record_version");
  json.erase("incomplete");
  const RunRecord run = record_from_json(json);
  EXPECT_EQ(run.version, 1);
  EXPECT_FALSE(run.has_comparable_digest());
  EXPECT_THAT(run.result->incomplete, ElementsAre("a.log is missing"));
}

TEST(RunRecord, OfTheSecondVersionHasNoCoreGates) {
  Json json = to_json(whole());
  json["record_version"] = 2;
  json.erase("core");
  json.erase("accept_partial");
  const RunRecord run = record_from_json(json);
  EXPECT_THAT(run.core, ElementsAre());
  EXPECT_FALSE(run.accepts_partial);
}

TEST(RunRecord, KeysThatAreNotKnownArePassedOver) {
  Json json = to_json(whole());
  json["weather"] = "rain";
  EXPECT_EQ(to_json(record_from_json(json)).dump(2), kText);
}

TEST(RunRecord, SaysWhatIsMissingOrOfAnotherKind) {
  const struct {
    std::function<void(Json&)> change;
    std::string message;
  } cases[] = {
      {[](Json& json) { json.erase("commit"); }, "'commit' is missing"},
      {[](Json& json) { json["commit"] = nullptr; }, "'commit' must be a string, not null"},
      {[](Json& json) { json["gates"] = 3; }, "'gates' must be a list of strings, not a number"},
      {[](Json& json) { json["gates"] = Json::array({1}); }, "'gates' must hold strings only, not a number"},
      {[](Json& json) { json["suite"] = Json::object(); }, "'suite' must be a list, not an object"},
      {[](Json& json) { json["suite"] = Json::array({"x"}); },
       "'suite' must hold objects only, not a string"},
      {[](Json& json) { json["versions"] = Json::array(); }, "'versions' must be an object, not a list"},
      {[](Json& json) { json["started_at"] = "yesterday"; },
       "'started_at' must be a time such as 2026-11-23T15:03:44Z, not 'yesterday'"},
      {[](Json& json) { json["record_version"] = 4; },
       "it is of version 4, and this build reads versions up to 3"},
      {[](Json& json) { json["record_version"] = "3"; }, "'record_version' must be a number, not a string"},
      {[](Json& json) { json["outcome"] = "splendid"; }, "'outcome' is 'splendid', which is not known"},
      {[](Json& json) { json.erase("core"); }, "'core' is missing"},
      {[](Json& json) { json["accept_partial"] = "yes"; },
       "'accept_partial' must be true or false, not a string"},
      // Half a result is none: a run writes all of it at its end.
      {[](Json& json) { json.erase("selected"); }, "'selected' is missing"},
      {[](Json& json) { json.erase("outcome"); }, "'outcome' is missing"},
      {[](Json& json) { json.erase("finished_at"); }, "'finished_at' is missing"},
      {[](Json& json) { json.erase("incomplete"); }, "'incomplete' is missing"},
      {[](Json& json) { json["bundle"].erase("missing"); }, "'missing' is missing"},
  };
  for (const auto& [change, message] : cases) {
    Json json = to_json(whole());
    change(json);
    try {
      record_from_json(json);
      ADD_FAILURE() << "not noticed: " << message;
    } catch (const VerificationError& error) {
      EXPECT_EQ(error.what(), "run.json: " + message);
    }
  }
  EXPECT_THROW(parse_record("[]"), VerificationError);
  EXPECT_THROW(parse_record("{"), VerificationError);
  EXPECT_THROW(parse_record(R"({"id": "a", "id": "b"})"), VerificationError);
}

TEST(RunRecord, OfADirectoryIsUndecidedWhenItCannotBeRead) {
  const TemporaryDirectory folder;
  const RunDirectory run{folder.path()};
  try {
    read_record(run);
    FAIL();
  } catch (const Undecided& error) {
    EXPECT_EQ(error.what(), folder.path().string() + " is not a run directory: run.json is missing");
  }
  write_file(run.run(), "{}");
  EXPECT_THROW(read_record(run), Undecided);
  write_record(run, whole());
  EXPECT_EQ(to_json(read_record(run)).dump(2), kText);
}

}  // namespace
}  // namespace exitgate::record
