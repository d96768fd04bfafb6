#include "harness/collect/rehearsal/rehearsal.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "harness/base/error.h"
#include "harness/collect/rehearsal/causes.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/stage_server.h"
#include "harness/collect/schema/tool_tables.h"
#include "harness/rows/losses.h"

namespace exitgate::collect::rehearsal {

using database::kDatabaseName;

Rehearsal::Rehearsal(const DatabaseStage& stage, const config::Database& declared, const UpgradePlan& plan,
                     schema::MaskedLog& log, Findings& findings)
    : stage_(stage),
      declared_(declared),
      plan_(plan),
      findings_(findings),
      cluster_(schema::server_for(stage, declared).programs, observe::settings(), declared.limits),
      base_tree_(cluster_.folder_for("base")),
      tree_(cluster_.folder_for("tree")),
      at_base_(cluster_, declared, base_tree_, log.sink()),
      at_head_(cluster_, declared, tree_, log.sink()) {
  for (const auto& revision : plan.revisions) {
    if (!revision.version_table.empty()) version_tables_.insert(revision.version_table);
  }
}

void Rehearsal::run() {
  if (!begin_with_base()) return;
  put_rows();
  const State before = state();
  for (const auto& [oid, relation] : mark().relations) findings_.of_base.push_back(oid);
  upgrade();
  const State after = state();
  add_losses(before, after, Phase::upgrade);
  if (findings_.outcome == UpgradeOutcome::applied) go_back(before);
  name_causes(findings_.losses, findings_.statements);
}

std::unique_ptr<database::Connection> Rehearsal::administrator(bool read_only) const {
  return cluster_.connect(kDatabaseName, database::Cluster::administrator(), read_only);
}

bool Rehearsal::is_of_tool(const std::string& identity) const {
  if (schema::all_tool_tables().has(identity) || schema::all_tool_tables().has_schema_of(identity))
    return true;
  const std::string name = identity.substr(identity.find('.') + 1);
  return version_tables_.contains(name) || version_tables_.contains(identity);
}

// Adds what became of commands; false when one failed.
bool Rehearsal::add(StepPhase phase, std::vector<database::StepResult> results) {
  const bool ok = std::all_of(results.begin(), results.end(), [](const auto& one) { return one.ok(); });
  for (auto& result : results) findings_.steps.push_back({phase, std::move(result)});
  return ok;
}

// "`alembic upgrade head`: exit code 1: relation "x" does not exist"
std::string Rehearsal::last_failure() const {
  const auto& result = findings_.steps.back().result;
  const std::string error = error_of(result);
  return fmt::format("`{}`: {}{}", result.command, result.outcome, error.empty() ? "" : ": " + error);
}

bool Rehearsal::begin_with_base() {
  const Checkout base{stage_.checkout.repository, plan_.base, stage_.checkout.repository.tree(plan_.base),
                      ""};
  schema::export_commit(stage_.checkout, {tree_});
  schema::export_commit(base, {base_tree_});
  if (auto failed = at_base_.prepare()) {
    std::vector<database::StepResult> results;
    results.push_back(std::move(*failed));
    add(StepPhase::base, std::move(results));
    findings_.reason = fmt::format("the database could not be prepared: {}", last_failure());
    return false;
  }
  if (plan_.from_nothing || add(StepPhase::base, at_base_.run_all(declared_.steps))) return true;
  findings_.reason = fmt::format("the schema of the base commit {} could not be provisioned: {}",
                                 plan_.base.substr(0, 12), last_failure());
  findings_.hint =
      "its own files are run by the steps of this commit's configuration; see logs/rehearsal.log";
  return false;
}

// The declared ones first; what they leave empty gets rows of ours.
void Rehearsal::put_rows() {
  if (!declared_.seed.empty()) {
    if (add(StepPhase::seed, at_base_.run_all(declared_.seed))) {
      findings_.seed = UpgradeSeed::declared;
    } else {
      findings_.problems.push_back({"seed", last_failure(), "fix `rehearsal: {seed: ...}`"});
    }
  }
  rows::Options options;
  options.leave_alone = [this](const std::string& identity) { return is_of_tool(identity); };
  findings_.filled = rows::fill(*administrator(), options);
  const bool any = std::any_of(findings_.filled.begin(), findings_.filled.end(),
                               [](const auto& one) { return one.rows > 0; });
  if (any && findings_.seed == UpgradeSeed::none) findings_.seed = UpgradeSeed::generated;
}

Rehearsal::State Rehearsal::state() const {
  rows::ReadOptions options;
  options.leave_alone = [this](const std::string& identity) { return is_of_tool(identity); };
  return {schema::take_snapshot(*administrator(true)), rows::read_contents(*administrator(), options)};
}

observe::Mark Rehearsal::mark() const {
  return observe::mark(cluster_, *administrator());
}

std::vector<std::string> Rehearsal::busy_tables() const {
  std::vector<std::string> relations;
  for (const auto& one : findings_.filled) relations.push_back(one.relation);
  return relations;
}

void Rehearsal::upgrade() {
  observe::install(*administrator());
  const auto from = mark();
  bool ok = false;
  const auto began = database::Clock::now();
  {
    Traffic traffic(cluster_, busy_tables());
    own_processes_ = traffic.processes();
    ok = add(StepPhase::upgrade, at_head_.run_all(declared_.steps));
    findings_.waited = traffic.end();
    findings_.traffic = !findings_.waited.empty();
  }
  findings_.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(database::Clock::now() - began).count();
  add_statements(from, Phase::upgrade);
  observe::uninstall(*administrator());
  findings_.outcome = ok ? UpgradeOutcome::applied : UpgradeOutcome::failed;
  if (!ok) findings_.reason = last_failure();
}

void Rehearsal::go_back(const State& before) {
  if (plan_.way_back.empty()) {
    findings_.problems.push_back({"way back", plan_.no_way_back, plan_.no_way_back_hint});
    return;
  }
  observe::install(*administrator());
  const auto from = mark();
  const bool ok = add(StepPhase::way_back, at_head_.run_all(plan_.way_back));
  add_statements(from, Phase::way_back);
  observe::uninstall(*administrator());
  if (!ok) return;
  const State back = state();
  findings_.differences = add_losses(before, back, Phase::way_back);
  schema::leave_out_version_tables(findings_.differences);
}

void Rehearsal::add_statements(const observe::Mark& from, Phase phase) {
  // Ours are told by their processes: what the target runs may come in as any role, and under any name.
  auto seen = observe::read(cluster_, from, {.without = own_processes_});
  std::erase_if(seen, [](const auto& one) { return one.database != kDatabaseName; });
  std::vector<Given> given;
  given.reserve(seen.size());
  for (const auto& one : seen) {
    Given& statement = given.emplace_back();
    statement.text = one.text;
    for (const auto& parameter : one.parameters) statement.parameters.push_back(parameter.value_or(""));
  }
  const auto places =
      places_of(given, plan_.revisions, phase == Phase::upgrade ? Direction::up : Direction::down);
  for (std::size_t at = 0; at < seen.size(); ++at) {
    if (places[at].own) continue;
    if (!seen[at].problem.empty()) {
      findings_.problems.push_back(
          {"statements", fmt::format("what {} did could not be seen: {}", seen[at].command, seen[at].problem),
           ""});
    }
    findings_.statements.push_back({phase, std::move(seen[at]), places[at]});
  }
}

// Returns how the schema is otherwise, whether or not that is a loss.
std::vector<schema::Difference> Rehearsal::add_losses(const State& before, const State& after, Phase phase) {
  for (auto& loss : rows::losses(before.contents, after.contents, phase))
    findings_.losses.push_back(std::move(loss));
  auto differences = schema::compare(before.snapshot.objects, after.snapshot.objects).differences;
  for (auto& loss : rows::object_losses(differences, phase)) findings_.losses.push_back(std::move(loss));
  return differences;
}

}  // namespace exitgate::collect::rehearsal
