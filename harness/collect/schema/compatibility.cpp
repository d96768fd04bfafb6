#include "harness/collect/schema/compatibility.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/migrations/collect.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/working_copy.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

namespace {

// Why a control run of it is made: the base's tests on the base's own schema. Not a combination of its own.
constexpr const char* kControl = "base code on base schema";

void set_not_run(std::vector<TestRun>& runs, const std::string& reason) {
  for (auto& run : runs) {
    if (!was_run(run.result)) run.result = schema::not_run(reason);
  }
}

void add(TestTraces& traces, TestTraces more) {
  std::move(more.changes.begin(), more.changes.end(), std::back_inserter(traces.changes));
  std::move(more.parts.begin(), more.parts.end(), std::back_inserter(traces.parts));
}

}  // namespace

Compatibility::Compatibility(const DatabaseStage& stage, const database::ServerPrograms& programs,
                             const config::Database& declared)
    : stage_(stage), programs_(programs), declared_(declared) {}

bool Compatibility::plan() {
  if (!stage_.config.tests.compatibility) return false;
  const auto since = read_histories_since_base(stage_.checkout);
  std::size_t revisions = 0;
  std::size_t fresh = 0;
  for (std::size_t at = 0; at < since.histories.size(); ++at) {
    revisions += since.histories[at].revisions.size();
    fresh += since.fresh[at].size();
  }
  const bool known = !since.comparison.problem && since.comparison.merge_base;
  // Of migrations that no tool's record reads, it is not known which are new: then the schema may be another one.
  const bool nothing_new = revisions == 0 ? since.comparison.merge_base == stage_.checkout.commit
                                          : fresh == 0 || fresh == revisions;
  if (known && nothing_new) return false;
  base_code_ = declared_runs(stage_.config.tests, kBaseCode);
  base_schema_ = declared_runs(stage_.config.tests, kBaseSchema);
  if (!known) {
    not_run(since.comparison.problem.value_or("the commit has no base"));
    return false;
  }
  try {
    auto tree = stage_.checkout.repository.tree(*since.comparison.merge_base);
    base_ = std::make_unique<Checkout>(
        Checkout{stage_.checkout.repository, *since.comparison.merge_base, std::move(tree), ""});
  } catch (const Error& problem) {
    not_run(fmt::format("the base commit cannot be read: {}", problem.what()));
    return false;
  }
  return true;
}

void Compatibility::run_on_base_schema() {
  base_cluster_ = std::make_unique<database::Cluster>(programs_, declared_.limits);
  auto& cluster = *base_cluster_;
  const auto base_tree = cluster.folder_for("tree");
  export_commit(*base_, {base_tree});
  const std::string path = "logs/tests/base-schema.log";
  make_directories((stage_.run / path).parent_path());
  stage_.say("tests: provisioning the schema of the base commit");
  MaskedLog log(stage_.run / path, stage_.redactor);
  database::Provisioning provisioning(cluster, declared_, base_tree, log.sink());
  const auto steps = provisioning.run();
  log.check();
  base_schema_traces_.parts.push_back({.name = "test-log", .path = path});
  if (steps.empty() || !steps.back().ok()) {
    const auto reason = fmt::format("the schema of the base commit could not be provisioned: `{}`: {}",
                                    steps.empty() ? "" : steps.back().command,
                                    steps.empty() ? "no step" : steps.back().outcome);
    set_not_run(base_schema_, reason);
    base_cluster_.reset();
    return;
  }
  const WorkingCopy copy(cluster);
  const auto tree = cluster.folder_for("tests");
  export_commit(stage_.checkout, {tree});
  add(base_schema_traces_, run_tests(stage_, declared_, cluster, tree, base_schema_));
}

void Compatibility::run_base_code(database::Cluster& cluster) {
  const auto tree = cluster.folder_for("tests-of-base");
  export_commit(*base_, {tree});
  add(base_code_traces_, run_tests(stage_, declared_, cluster, tree, base_code_));
}

void Compatibility::not_run(const std::string& reason) {
  set_not_run(base_code_, reason);
  set_not_run(base_schema_, reason);
}

void Compatibility::control() {
  const bool any_failed = std::any_of(base_code_.begin(), base_code_.end(), [](const TestRun& run) {
    return !run.result.ok() && was_run(run.result);
  });
  if (!any_failed || !base_cluster_) return;
  auto control = declared_runs(stage_.config.tests, kControl);
  const auto tree = base_cluster_->folder_for("tests-of-base");
  export_commit(*base_, {tree});
  const WorkingCopy copy(*base_cluster_);
  auto traces = run_tests(stage_, declared_, *base_cluster_, tree, control);
  traces.changes.clear();
  add(base_code_traces_, std::move(traces));
  for (std::size_t at = 0; at < control.size(); ++at) {
    auto& run = base_code_[at].result;
    if (run.ok() || control[at].result.ok()) continue;
    run.outcome = fmt::format("{}, and on the base's own schema as well", run.outcome);
  }
}

TestTraces Compatibility::finish(std::vector<TestRun>& runs) {
  try {
    control();
  } catch (...) {
    const auto reason = current_problem({}).reason;
    for (auto& run : base_code_) {
      if (!run.result.ok())
        run.result.outcome += fmt::format(", and the base's own schema could not be tried: {}", reason);
    }
  }
  std::move(base_code_.begin(), base_code_.end(), std::back_inserter(runs));
  std::move(base_schema_.begin(), base_schema_.end(), std::back_inserter(runs));
  TestTraces traces = std::move(base_code_traces_);
  add(traces, std::move(base_schema_traces_));
  return traces;
}

}  // namespace exitgate::collect::schema
