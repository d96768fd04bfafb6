#include "harness/record/run_summary.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/suite_digest.h"

namespace exitgate::record {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> gate_names(const RunDirectory& run) {
  std::vector<std::string> names;
  std::error_code none;
  for (fs::directory_iterator at(run.gates(), none), end; !none && at != end; at.increment(none)) {
    if (at->path().extension() == ".json") names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

GateResult result_of(const RunDirectory& run, const std::string& gate) {
  GateResult result;
  result.gate = gate;
  const fs::path file = run.verdict(gate);
  if (!fs::exists(file)) return result;
  const std::string name = fmt::format("verdicts/{}.json", gate);
  const auto verdict = parse_strict(read_file(file), name);
  const std::string status = verdict.text_or("status");
  result.status = verdict::status_of(status);
  if (!result.status) throw VerificationError(fmt::format("{}: the status '{}' is not known", name, status));
  result.waived = verdict.boolean_or("waived", false);
  result.not_applicable = verdict.boolean_or("not_applicable", false);
  return result;
}

void read_facts(const RunDirectory& run, RunSummary& summary) {
  if (fs::exists(run.facts() / "repo.db")) {
    const facts::Facts facts(run.facts(), {"repo"});
    for (const auto& row : facts.query("SELECT oid, tree, branch FROM repo.checkout")) {
      summary.commit = row.text("oid");
      summary.tree = row.text("tree");
      summary.branch = row.text("branch");
    }
    summary.remote =
        facts.text("SELECT url FROM repo.remote ORDER BY name <> 'origin', name LIMIT 1").value_or("");
  }
  if (fs::exists(run.facts() / "schema.db")) {
    const facts::Facts facts(run.facts(), {"schema"});
    for (const auto& row : facts.query("SELECT name, fingerprint FROM schema.snapshot ORDER BY name")) {
      summary.fingerprints.emplace_back(row.text("name"), row.text("fingerprint"));
    }
  }
}

std::size_t count_of(const std::vector<GateResult>& gates, std::optional<verdict::Status> status) {
  return static_cast<std::size_t>(std::count_if(
      gates.begin(), gates.end(), [&](const GateResult& gate) { return gate.status == status; }));
}

}  // namespace

std::size_t RunSummary::count(std::optional<verdict::Status> status) const {
  return count_of(gates, status);
}

Verdicts RunSummary::verdicts() const {
  Verdicts verdicts;
  for (const auto& gate : gates) {
    if (gate.status) verdicts[gate.gate] = {*gate.status, gate.waived, gate.not_applicable};
  }
  return verdicts;
}

void RunSummary::set_incomplete(std::vector<std::string> lines) {
  incomplete = std::move(lines);
  outcome = record ? outcome_of(*record, verdicts(), incomplete) : Outcome::unfinished;
}

RunSummary summarize(const fs::path& root) {
  const RunDirectory run{root};
  RunSummary summary;
  if (fs::exists(run.run())) {
    summary.record = parse_record(read_file(run.run()));
    summary.commit = summary.record->commit;
    summary.tree = summary.record->tree;
  }
  for (const auto& gate : gate_names(run)) summary.gates.push_back(result_of(run, gate));
  summary.suite_digest = suite_digest(root);
  read_facts(run, summary);
  const bool finished = summary.record && summary.record->result;
  summary.set_incomplete(finished ? summary.record->result->incomplete : std::vector<std::string>());
  return summary;
}

std::string verdict_counts(const std::vector<GateResult>& gates) {
  return fmt::format("{} pass, {} fail, {} skip, {} error, {} not evaluated",
                     count_of(gates, verdict::Status::pass), count_of(gates, verdict::Status::fail),
                     count_of(gates, verdict::Status::skip), count_of(gates, verdict::Status::error),
                     count_of(gates, std::nullopt));
}

}  // namespace exitgate::record
