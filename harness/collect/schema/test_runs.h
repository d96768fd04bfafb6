// The target's own tests (`tests: {run: [...]}`) on a migrated database.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

// Whose tests run on whose schema, as schema.test_run has it.
inline constexpr const char* kHead = "head";
inline constexpr const char* kBaseCode = "base code on new schema";
inline constexpr const char* kBaseSchema = "new code on base schema";

// The runs that the configuration asks for in a combination, none of which was begun.
std::vector<TestRun> declared_runs(const config::Tests& tests, const char* combination);

// What tests did beside what is in their runs.
struct TestTraces {
  std::vector<TestChange> changes;
  std::vector<Part> parts;              // logs and reports
  tests::Collected reports = {};        // of the head's tests
  std::optional<Problem> problem = {};  // about all of the tests
};

// Runs all of them, one after the other, in `tree` on the database that the cluster has under the name of the provisioned
// one, or without a database where the cluster has no server, and fills them in. A command that exits with 0 although its reports tell of a failed test, or of no test that was not
// skipped, has an outcome that says so. A declared glob that no report matches is a part with a problem. Throws Undecided.
TestTraces run_tests(const DatabaseStage& stage, const config::Database& declared, database::Cluster& cluster,
                     const std::filesystem::path& tree, std::span<TestRun> runs);

}  // namespace exitgate::collect::schema
