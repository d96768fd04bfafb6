#include "harness/collect/schema/target_runs.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/thread_group.h"
#include "harness/collect/schema/compatibility.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/models.h"
#include "harness/collect/schema/test_runs.h"
#include "harness/collect/schema/working_copy.h"

namespace exitgate::collect::schema {

namespace {

bool is_done(const Findings& findings, std::string_view part) {
  return std::find(findings.done.begin(), findings.done.end(), part) != findings.done.end();
}

// Those that were not begun stay so, for that reason.
template <typename Runs>
void set_not_run(Runs& runs, const std::string& reason) {
  for (auto& run : runs) {
    if (!was_run(run.result)) run.result = not_run(reason);
  }
}

void take(TestTraces traces, Findings& findings) {
  if (traces.problem) findings.problems.push_back(*traces.problem);
  std::move(traces.changes.begin(), traces.changes.end(), std::back_inserter(findings.test_changes));
  std::move(traces.parts.begin(), traces.parts.end(), std::back_inserter(findings.parts));
  std::move(traces.reports.files.begin(), traces.reports.files.end(),
            std::back_inserter(findings.reports.files));
  std::move(traces.reports.missing.begin(), traces.reports.missing.end(),
            std::back_inserter(findings.reports.missing));
}

}  // namespace

void declare_target_runs(const config::Config& config, Findings& findings) {
  if (is_done(findings, "models") && findings.plan.database) {
    for (const auto& step : findings.plan.database->models) findings.model_checks.push_back({.step = step});
  }
  if (!is_done(findings, "tests")) return;
  findings.test_runs = declared_runs(config.tests, kHead);
  findings.declared_tests = config.tests.run.size();
}

void run_tests_alone(const DatabaseStage& stage, Findings& findings) {
  if (findings.test_runs.empty()) return;
  try {
    // What the commands may use, and how long they may take, is said under `database:`; here it is what is said nowhere.
    const config::Database nothing;
    database::Cluster cluster(database::Cluster::WithoutServer{}, nothing.limits);
    const auto tree = cluster.folder_for("tests");
    export_commit(stage.checkout, {tree});
    take(run_tests(stage, nothing, cluster, tree, findings.test_runs), findings);
  } catch (...) {
    set_not_run(findings.test_runs, current_problem({}).reason);
  }
}

void run_target_commands(const DatabaseStage& stage, const database::ServerPrograms& programs,
                         const config::Database& declared, const Server& server,
                         const std::vector<Environment>& histories, Findings& findings) {
  if (!findings.migrated.snapshot) return;
  if (findings.model_checks.empty() && findings.test_runs.empty()) return;
  Compatibility compatibility(stage, programs, declared);
  std::string problem;
  ThreadGroup beside;
  try {
    const bool release = !findings.test_runs.empty() && compatibility.plan();
    if (release) beside.start([&] { compatibility.run_on_base_schema(); });
    WorkingCopy copy(*server.cluster);
    if (!findings.model_checks.empty()) {
      try {
        check_models(stage, declared, server, histories, findings);
      } catch (...) {
        set_not_run(findings.model_checks, current_problem({}).reason);
      }
      if (!findings.test_runs.empty()) copy.renew();
    }
    if (!findings.test_runs.empty()) {
      const auto tree = server.cluster->folder_for("tests");
      export_commit(stage.checkout, {tree});
      take(run_tests(stage, declared, *server.cluster, tree, findings.test_runs), findings);
    }
    if (release) {
      copy.renew();
      compatibility.run_base_code(*server.cluster);
    }
  } catch (...) {
    problem = current_problem({}).reason;
    set_not_run(findings.model_checks, problem);
    set_not_run(findings.test_runs, problem);
  }
  try {
    beside.join();
  } catch (...) {
    problem = current_problem({}).reason;
  }
  if (!problem.empty()) compatibility.not_run(problem);
  take(compatibility.finish(findings.test_runs), findings);
}

}  // namespace exitgate::collect::schema
