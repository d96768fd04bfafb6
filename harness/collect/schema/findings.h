// What the database stage finds out, before it is written: each part of the stage fills in its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/check/database_parts.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/plan.h"
#include "harness/collect/schema/restored.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/collect/schema/stairway.h"
#include "harness/collect/tests/collect.h"
#include "harness/database/provision.h"
#include "harness/database/roles.h"
#include "harness/database/server_choice.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::schema {

// What could not be decided.
struct Problem {
  std::optional<std::string> snapshot;  // that it is about
  std::string reason;
  std::string hint;
};

// One database, as it was read; or why it could not be.
struct Reading {
  std::string name;  // of the snapshot: "migrated", "migrated-again", "live", "committed"
  std::optional<Snapshot> snapshot = {};
  database::Roles roles = {};
  std::string taken_at = {};
  std::vector<database::StepResult> steps = {};  // that made it; the failing one is the last
  std::optional<Problem> problem = {};
  bool wrong_usage = false;     // the problem is the user's to fix
  std::string server_log = {};  // of the embedded server, when a step failed
};

// A file for the evidence bundle.
struct Part {
  std::string name;                          // as schema.part has it: "schema-dump"
  std::string path = {};                     // relative to the run directory; "" when it is missing
  std::optional<std::string> content = {};   // nullopt: the file is there already
  std::optional<std::string> snapshot = {};  // that it shows
  std::optional<bool> repeated = {};         // of a dump: a second one was the same
  std::optional<std::string> problem = {};   // why it is missing or incomplete
};

// What came of running a history's own files, where no table tells what was applied.
struct ReplayedHistory {
  std::string environment;
  std::string outcome;  // as schema.replayed_history has it
  std::size_t files = 0;
  std::string reason = {};
};

// Of a command that was not begun: its outcome is "not run: REASON".
database::StepResult not_run(const std::string& reason);
bool was_run(const database::StepResult& result);

// What became of a declared command that compares the models with the migrations.
struct ModelCheck {
  config::Step step;
  database::StepResult result = not_run("the database was not provisioned");
};

// What became of a declared command that runs tests, as schema.test_run has it.
struct TestRun {
  std::string combination;
  config::Step step;
  database::StepResult result = not_run("the database was not provisioned");
  std::string log = {};  // relative to the run directory
  std::size_t reports = 0;
};

// A schema change that tests made, as schema.test_change has it.
struct TestChange {
  std::string combination;
  std::string command;
  std::string kind;
  std::string identity;
  bool temporary = false;
  std::optional<bool> committed = {};
  std::string database;
  bool left_behind = false;
  std::string text;
};

struct Findings {
  Plan plan = {};
  check::Parts done = {};  // the parts of the stage, as far as the plan declares them
  std::optional<database::ChosenServer> server = {};
  Reading migrated = {.name = "migrated"};
  Reading again = {.name = "migrated-again"};
  Reading live = {.name = "live"};
  Reading committed = {.name = "committed"};  // its problem is for a gate to judge
  std::vector<Part> parts = {};
  std::vector<LeftOut> left_out = {};
  std::vector<Restored> restored = {};
  std::optional<RoundTrip> round_trip = {};
  std::vector<StairResult> stairway = {};
  std::size_t revisions = 0;  // of the history that the stairway walks; 0: none is walked
  std::vector<ReplayedHistory> replayed = {};
  std::vector<ModelCheck> model_checks = {};  // one for each declared command
  std::vector<TestRun> test_runs = {};        // one for each declared command of each combination
  std::vector<TestChange> test_changes = {};
  tests::Collected reports = {};   // of the tests that were run, and those that were brought
  std::size_t declared_tests = 0;  // commands, where they are to be run
  std::vector<Problem> problems = {};
};

// Masks what the redactor knows in every definition; digests and fingerprints are of what is left.
void mask(Snapshot& snapshot, const redact::Redactor& redactor);

// The problem that is being handled, for a catch block that stands for all that can go wrong. Throws nothing.
Problem current_problem(std::optional<std::string> snapshot);

}  // namespace exitgate::collect::schema
