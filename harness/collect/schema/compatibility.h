// Whether a release survives the minutes in which old and new code are both alive: the base's tests on the new schema, and
// the new tests on the base's schema (`tests: {compatibility: true}`).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/test_runs.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

class Compatibility {
 public:
  Compatibility(const DatabaseStage& stage, const database::ServerPrograms& programs,
                const config::Database& declared);

  // False when there is nothing to run: it is not asked for, no migration is new since the base, or all are. What should be
  // run and cannot, because the base is not known, is among the runs, with the reason.
  bool plan();

  // Provisions the base commit in a server of its own, and runs this commit's tests there. Throws Undecided.
  void run_on_base_schema();
  // The base commit's tests in a server whose database is a copy of the migrated one. Throws Undecided.
  void run_base_code(database::Cluster& cluster);

  // For those that were not begun.
  void not_run(const std::string& reason);

  // What fails on its own schema as well says nothing about a release: the base's tests that failed are run on the base's
  // schema. Adds all runs. Throws nothing.
  TestTraces finish(std::vector<TestRun>& runs);

 private:
  void control();

  const DatabaseStage& stage_;
  const database::ServerPrograms& programs_;
  const config::Database& declared_;
  std::unique_ptr<Checkout> base_;
  std::unique_ptr<database::Cluster> base_cluster_;
  std::vector<TestRun> base_code_;
  std::vector<TestRun> base_schema_;
  TestTraces base_code_traces_;
  TestTraces base_schema_traces_;
};

}  // namespace exitgate::collect::schema
