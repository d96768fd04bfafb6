#include "harness/attest/verification_summary.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/verification_error.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"

namespace exitgate::attest {

namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicateType = "https://slsa.dev/verification_summary/v1";

// Text at a path of keys and positions, or VerificationError.
template <typename... Steps>
std::string text_at(const Json& document, const Steps&... steps) {
  try {
    const Json* at = &document;
    ((at = &(*at)[steps]), ...);
    return at->text();
  } catch (const JsonError&) {
    throw VerificationError("the verification summary is not as seal writes it");
  }
}

}  // namespace

std::filesystem::path summary_path(const std::filesystem::path& archive) {
  return archive.string() + ".vsa.intoto.json";
}

std::string render_summary_statement(const record::RunSummary& run, std::string_view agent,
                                     std::string_view archive_name, std::string_view archive_sha256) {
  std::set<std::string> exit_gates;
  // The policy is the whole suite, so a run of a part of it verifies nothing.
  const bool good = run.outcome == record::Outcome::pass && run.count(std::nullopt) == 0;
  for (const auto& gate : run.gates) exit_gates.insert(gate.gate.substr(0, gate.gate.find('.')));
  const record::Verdicts verdicts = run.verdicts();
  Json levels = Json::array();
  for (const auto& name : exit_gates) {
    const bool whole = std::all_of(run.gates.begin(), run.gates.end(), [&](const record::GateResult& gate) {
      return !gate.gate.starts_with(name + ".") || gate.status;
    });
    if (whole && run.record && state_of(name, *run.record, verdicts) == record::ExitGateState::green)
      levels.push_back("EXITGATE_" + name);
  }
  const std::string resource = run.remote.empty() ? fmt::format("git+{}@{}", run.repository(), run.commit)
                                                  : fmt::format("git+{}@{}", run.remote, run.commit);
  const Json statement = {
      {"_type", kStatementType},
      {"subject", {{{"name", resource}, {"digest", {{"gitCommit", run.commit}}}}}},
      {"predicateType", kPredicateType},
      {"predicate",
       {{"verifier", {{"id", "urn:exitgate"}, {"version", {{"exitgate", agent}}}}},
        {"timeVerified", run.started_at()},
        {"resourceUri", resource},
        {"policy", {{"uri", "urn:exitgate:suite"}, {"digest", {{"sha256", run.suite_digest}}}}},
        {"inputAttestations", {{{"uri", archive_name}, {"digest", {{"sha256", archive_sha256}}}}}},
        {"verificationResult", good ? "PASSED" : "FAILED"},
        {"verifiedLevels", std::move(levels)},
        {"slsaVersion", "1.0"}}}};
  return statement.dump();
}

VerificationSummary read_summary_statement(std::string_view text) {
  const auto statement = parse_strict(text, "the verification summary");
  if (text_at(statement, "_type") != kStatementType ||
      text_at(statement, "predicateType") != kPredicateType) {
    throw VerificationError("this is not a SLSA verification summary");
  }
  return {text_at(statement, "subject", 0, "digest", "gitCommit"),
          text_at(statement, "predicate", "policy", "digest", "sha256"),
          text_at(statement, "predicate", "inputAttestations", 0, "digest", "sha256"),
          text_at(statement, "predicate", "verificationResult")};
}

}  // namespace exitgate::attest
