#include "harness/collect/schema/write_target_runs.h"

#include <map>

#include "harness/base/error.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::collect::schema {

namespace {

namespace rows = facts::schema;

template <typename Value>
Value known(std::optional<Value> value, const std::string& word) {
  if (!value) throw Undecided("internal fault: the declaration of schema.db does not know '" + word + "'");
  return *value;
}

std::optional<std::string> masked(const redact::Redactor& redactor, const std::optional<std::string>& text) {
  return text ? std::optional(redactor.redact(*text)) : std::nullopt;
}

}  // namespace

void write_target_runs(facts::Store& store, const Findings& findings, const std::string& file,
                       const redact::Redactor& redactor) {
  std::int64_t position = 0;
  for (const auto& check : findings.model_checks) {
    store.insert(rows::ModelCheck{.position = position++,
                                  .command = redactor.redact(check.step.run),
                                  .exit_code = check.result.exit_code,
                                  .outcome = redactor.redact(check.result.outcome),
                                  .duration_ms = check.result.duration_ms,
                                  .tail = masked(redactor, check.result.tail),
                                  .file = file,
                                  .line = check.step.line});
  }
  std::map<std::string, std::int64_t> positions;
  for (const auto& run : findings.test_runs) {
    store.insert(rows::TestRun{.combination = known(rows::combination_from(run.combination), run.combination),
                               .position = positions[run.combination]++,
                               .command = redactor.redact(run.step.run),
                               .exit_code = run.result.exit_code,
                               .outcome = redactor.redact(run.result.outcome),
                               .duration_ms = run.result.duration_ms,
                               .tail = masked(redactor, run.result.tail),
                               .log = run.log,
                               .reports = static_cast<std::int64_t>(run.reports),
                               .file = file,
                               .line = run.step.line});
  }
  positions.clear();
  for (const auto& change : findings.test_changes) {
    store.insert(rows::TestChange{
        .combination = known(rows::combination_from(change.combination), change.combination),
        .position = positions[change.combination]++,
        .command = change.command,
        .kind = change.kind.empty() ? std::nullopt : std::optional(change.kind),
        .identity = change.identity.empty() ? std::nullopt : std::optional(redactor.redact(change.identity)),
        .temporary = change.temporary,
        .database = redactor.redact(change.database),
        .left_behind = change.left_behind,
        .text = redactor.redact(change.text),
        .committed = change.committed});
  }
}

}  // namespace exitgate::collect::schema
