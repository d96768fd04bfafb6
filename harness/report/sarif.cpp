// SARIF 2.1.0, for code scanning and editors. Each gate is a rule; each finding is a result; a gate that
// could not be decided is a result too, so that no viewer shows it as a pass.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "harness/base/path_text.h"
#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/json/json.h"
#include "harness/report/findings.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

constexpr std::size_t kMostResults = 25'000;  // that GitHub takes of one run

Json message(std::string_view text) {
  std::string lines;
  for (const auto& line : split(text, '\n')) lines += (lines.empty() ? "" : "\n") + printable(line);
  return {{"text", std::move(lines)}};
}

// A path as a relative URI reference (RFC 3986): everything but unreserved characters and '/' is encoded.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path_bytes(path)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_' || c == '~';
    if (plain) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

Json location(const std::string& file, std::int64_t line) {
  Json physical = {{"artifactLocation", {{"uri", uri_of(file)}, {"uriBaseId", "%SRCROOT%"}}}};
  if (line > 0) physical["region"] = {{"startLine", line}};
  return {{"physicalLocation", std::move(physical)}};
}

// Code scanning rejects a whole document for one result without a location, so a finding about the repository as a whole is
// shown at a file that is in the commit: the configuration, a README, or another one. "" when none is known.
std::string whole_repository(const RunView& run) {
  if (!run.has("repo")) return run.shown_at;
  for (const std::string& candidate : {run.config, std::string("README.md")}) {
    if (run.facts->integer("SELECT 1 FROM repo.file WHERE path = ?", {candidate})) return candidate;
  }
  return run.facts->text("SELECT path FROM repo.file ORDER BY path LIMIT 1").value_or(run.shown_at);
}

// Leads to no place outside the folder that it is relative to.
bool stays_inside(const std::string& path) {
  const auto parts = split(path, '/');
  return !path.empty() && path.front() != '/' && std::find(parts.begin(), parts.end(), "..") == parts.end();
}

// SARIF's levels have the names of our severities.
std::string_view level_of(const GateView& gate) {
  return verdict::severity_name(gate.verdict ? gate.verdict->severity : verdict::Severity::error);
}

// What has no better name than the gate: what it asks, why, and what its findings say to do.
std::string help_of(const ExitGateView& exit_gate, const GateView& gate) {
  std::string text = gate.title.empty() ? gate.name : gate.title;
  text += ".";
  if (gate.verdict) {
    const auto* check = check::find_check(gate.verdict->check);
    if (!gate.verdict->why.empty()) {
      text += "\n" + gate.verdict->why;
    } else if (check != nullptr) {
      text += "\n" + check->why;
    }
    for (const auto& judged : gate.verdict->findings) {
      if (judged.finding.hint.empty()) continue;
      text += fmt::format("\nFor example: {}", printable(judged.finding.hint));
      break;
    }
  }
  return text + fmt::format("\n`exitgate explain {}` says more. Exit gate {}{}{}.", gate.name, exit_gate.name,
                            exit_gate.title.empty() ? "" : ": ", exit_gate.title);
}

class Document {
 public:
  explicit Document(const RunView& run) : run_(run), fallback_(whole_repository(run)) {}

  std::string render() {
    for (const auto& exit_gate : run_.exit_gates) {
      for (const auto& gate : exit_gate.gates) add_gate(exit_gate, gate);
    }
    for (const auto& reason : reasons_beside_gates(run_)) {
      notifications_.push_back({{"level", "error"}, {"message", message(reason)}});
    }
    if (run_.outcome == record::Outcome::unfinished) successful_ = false;
    finish_results();
    Json driver = {{"name", "exitgate"}};
    for (const auto& [name, version] : run_.versions) {
      if (name == "exitgate") driver["version"] = version;
    }
    driver["rules"] = std::move(rules_);
    Json invocation = {{"executionSuccessful", successful_}};
    if (!run_.started_at.empty()) invocation["startTimeUtc"] = run_.started_at;
    if (!run_.finished_at.empty()) invocation["endTimeUtc"] = run_.finished_at;
    if (!notifications_.empty()) invocation["toolExecutionNotifications"] = std::move(notifications_);
    Json run = {{"tool", {{"driver", std::move(driver)}}},
                {"automationDetails", {{"id", "exitgate/" + run_.id}}},
                {"invocations", Json::array({std::move(invocation)})},
                {"columnKind", "utf16CodeUnits"},
                {"results", std::move(results_)},
                {"properties",
                 {{"commit", run_.commit},
                  {"tree", run_.tree},
                  {"notRun", std::move(not_run_)},
                  {"outcome", record::outcome_name(run_.outcome)}}}};
    if (auto provenance = version_control(); !provenance.is_null()) {
      run["versionControlProvenance"] = Json::array({std::move(provenance)});
    }
    const Json document = {
        {"$schema",
         "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", Json::array({std::move(run)})}};
    return document.dump(2) + "\n";
  }

 private:
  Json version_control() const {
    if (!run_.has("repo")) return nullptr;
    // The property's type is a URI: "git@host:path" is none.
    const auto url = run_.facts->text(
        "SELECT url FROM repo.remote WHERE url LIKE '%://%' ORDER BY name <> 'origin', name");
    if (!url) return nullptr;
    Json provenance = {{"repositoryUri", *url}, {"revisionId", run_.commit}};
    if (const auto branch = run_.facts->text("SELECT branch FROM repo.checkout"))
      provenance["branch"] = *branch;
    return provenance;
  }

  void add_gate(const ExitGateView& exit_gate, const GateView& gate) {
    const std::size_t index = rules_.size();
    Json rule = {{"id", gate.name},
                 {"shortDescription", message(gate.title.empty() ? gate.name : gate.title)},
                 {"help", message(help_of(exit_gate, gate))},
                 {"defaultConfiguration", {{"level", level_of(gate)}}},
                 {"properties", {{"tags", gate.labels}, {"exitGate", exit_gate.name}}}};
    if (!exit_gate.title.empty()) {
      rule["fullDescription"] = message(fmt::format("{}: {}", exit_gate.title, gate.title));
    }
    rules_.push_back(std::move(rule));
    switch (state_of(gate)) {
      case GateState::not_run:
        not_run_.push_back(gate.name);
        return;
      case GateState::undecided:
        successful_ = false;
        notifications_.push_back(
            {{"level", "error"},
             {"message", message(fmt::format("could not be decided: {}", reason_of(gate)))},
             {"associatedRule", {{"id", gate.name}, {"index", index}}}});
        if (!gate.verdict || gate.verdict->findings.empty()) {
          results_.push_back(make_result(
              gate, index, "", 0, fmt::format("could not be decided: {}", reason_of(gate)), "undecided"));
        }
        break;
      default:
        break;
    }
    if (!gate.verdict) return;
    for (const auto& judged : gate.verdict->findings) {
      std::string text = judged.undecided ? "could not be decided: " : "";
      // What is not in the repository cannot be its place.
      const bool inside = is_inside(judged);
      if (!inside && !judged.finding.file.empty()) text += place_of(judged.finding) + ": ";
      text += judged.finding.message;
      if (!judged.finding.hint.empty()) text += "\n" + judged.finding.hint;
      Json result =
          make_result(gate, index, inside ? judged.finding.file : "", judged.finding.line, text, judged.id);
      if (!judged.blob.empty()) result["properties"] = {{"blob", judged.blob}};
      if (judged.waived) {
        result["suppressions"] = Json::array(
            {{{"kind", "external"}, {"status", "accepted"}, {"justification", printable(judged.waiver)}}});
        suppressed_.push_back(std::move(result));
      } else {
        results_.push_back(std::move(result));
      }
    }
  }

  bool is_inside(const verdict::Judged& judged) const {
    if (!judged.blob.empty()) return true;
    if (!stays_inside(judged.finding.file)) return false;
    return !run_.has("repo") ||
           run_.facts->integer("SELECT 1 FROM repo.file WHERE path = ?", {judged.finding.file}).has_value();
  }

  // What nobody accepted comes first, and at most so many that GitHub takes the document. `suppressions` stands on every
  // result or on none (SARIF 2.1.0, 3.27.23).
  void finish_results() {
    if (!suppressed_.empty()) {
      for (auto& result : results_) result["suppressions"] = Json::array();
    }
    const bool all_suppressed = results_.empty();
    results_.insert(results_.end(), std::make_move_iterator(suppressed_.begin()),
                    std::make_move_iterator(suppressed_.end()));
    if (results_.size() <= kMostResults) return;
    const std::size_t left = results_.size() - (kMostResults - 1);
    Json last = results_[kMostResults - 1];
    last["message"] = message(
        fmt::format("and {} more findings, which the verdicts of the run and its report.html list", left));
    last["partialFingerprints"] = {{"exitgate/v1", "more"}};
    last.erase("properties");
    last["locations"] = fallback_.empty() ? last["locations"] : Json::array({location(fallback_, 1)});
    if (!suppressed_.empty() && !all_suppressed) last["suppressions"] = Json::array();
    results_.resize(kMostResults - 1);
    results_.push_back(std::move(last));
  }

  // `file`: in the repository, or "".
  Json make_result(const GateView& gate, std::size_t index, const std::string& file, std::int64_t line,
                   const std::string& text, const std::string& fingerprint) const {
    Json result = {{"ruleId", gate.name},
                   {"ruleIndex", index},
                   {"level", level_of(gate)},
                   {"message", message(text)},
                   {"partialFingerprints", {{"exitgate/v1", fmt::format("{}:{}", gate.name, fingerprint)}}}};
    if (!file.empty()) {
      result["locations"] = Json::array({location(file, line)});
    } else if (!fallback_.empty()) {
      result["locations"] = Json::array({location(fallback_, 1)});
    } else {
      // No file of the repository is known: it is about the repository, and says so.
      result["locations"] = Json::array({{{"logicalLocations", Json::array({{{"name", run_.repository}}})}}});
    }
    return result;
  }

  const RunView& run_;
  std::string fallback_;
  bool successful_ = true;
  Json rules_ = Json::array();
  std::vector<Json> results_;
  std::vector<Json> suppressed_;  // of findings that a waiver accepts
  Json notifications_ = Json::array();
  Json not_run_ = Json::array();
};

}  // namespace

std::string render_sarif(const RunView& run) {
  return Document(run).render();
}

}  // namespace exitgate::report
