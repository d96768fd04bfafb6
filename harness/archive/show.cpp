#include "harness/archive/show.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/archive/consistency.h"
#include "harness/archive/run_source.h"
#include "harness/attest/sidecars.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/json/strict.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_summary.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

std::string line(const char* label, const std::string& value) {
  return value.empty() ? "" : fmt::format("{:<12} {}\n", label, printable(value));
}

// "EG-CG1  red: 1 fail, 3 pass"
std::string exit_gates(const record::RunSummary& summary) {
  std::map<std::string, std::map<std::string, int>> counts;
  for (const auto& gate : summary.gates) {
    const std::string state = !gate.status  ? "not evaluated"
                              : gate.waived ? "pass on waivers"
                                            : std::string(verdict::status_name(*gate.status));
    ++counts[gate.gate.substr(0, gate.gate.find('.'))][state];
  }
  std::string text;
  const record::Verdicts verdicts = summary.verdicts();
  for (const auto& [exit_gate, states] : counts) {
    std::vector<std::string> parts;
    for (const auto& [state, count] : states) parts.push_back(fmt::format("{} {}", count, state));
    const std::string_view state =
        summary.record ? state_name(record::state_of(exit_gate, *summary.record, verdicts)) : "";
    text += fmt::format("{:<12} {}{}{}\n", printable(exit_gate), state, state.empty() ? "" : ": ",
                        printable(join(parts, ", ")));
  }
  return text;
}

std::string red_gates(const fs::path& root, const record::RunSummary& summary) {
  constexpr std::size_t kFindings = 2;
  const record::RunDirectory run{root};
  std::string text;
  for (const auto& gate : summary.gates) {
    if (gate.status != verdict::Status::fail && gate.status != verdict::Status::error) continue;
    const verdict::Verdict verdict = verdict::verdict_from_json(
        parse_strict(read_file(run.verdict(gate.gate)), "verdicts/" + gate.gate + ".json"));
    text += fmt::format("\n{} {}: {}\n", gate.status == verdict::Status::fail ? "FAIL " : "ERROR",
                        printable(gate.gate), printable(verdict.title));
    if (!verdict.reason.empty()) text += fmt::format("      {}\n", printable(verdict.reason));
    std::size_t shown = 0;
    for (const auto& one : verdict.findings) {
      if (one.waived || ++shown > kFindings) continue;
      const std::string where = one.finding.file.empty() ? ""
                                : one.finding.line > 0
                                    ? fmt::format("{}:{}: ", one.finding.file, one.finding.line)
                                    : one.finding.file + ": ";
      text += fmt::format("      {}\n", printable(where + one.finding.message));
    }
    if (shown > kFindings) text += fmt::format("      and {} more\n", shown - kFindings);
  }
  return text;
}

}  // namespace

std::string show(const fs::path& source) {
  const RunSource from(source);
  record::RunSummary summary = record::summarize(from.folder());
  // An archive says more than its run could: sealing may have found something.
  if (auto incomplete = incomplete_of(from.info()); !incomplete.empty())
    summary.set_incomplete(std::move(incomplete));
  std::string text = line("run", summary.id().empty() ? from.name() : summary.id());
  text += line("repository", summary.remote.empty() ? summary.repository() : summary.remote);
  text +=
      line("commit", summary.commit + (summary.branch.empty() ? "" : fmt::format(" on {}", summary.branch)));
  text += line("tree", summary.tree);
  text += line("started", summary.started_at());
  text += line("outcome", std::string(record::outcome_name(summary.outcome)));
  for (const auto& [snapshot, fingerprint] : summary.fingerprints) {
    text += line("schema", fmt::format("{} {}", snapshot, fingerprint.substr(0, 16)));
  }
  if (summary.record && summary.outcome == record::Outcome::partial) {
    for (const auto& reason : record::partly_evaluated(*summary.record, summary.verdicts()))
      text += line("PARTIAL", reason);
  }
  for (const auto& problem : summary.incomplete) text += line("INCOMPLETE", problem);
  if (!fs::is_directory(source)) {
    text += line("attestation", fs::exists(attest::envelope_path(source))
                                    ? "signed, not verified here: exitgate verify --key"
                                : fs::exists(attest::statement_path(source)) ? "unsigned statement"
                                                                             : "none beside the archive");
  }
  text += "\n" + exit_gates(summary) + red_gates(from.folder(), summary);
  return text;
}

}  // namespace exitgate::archive
