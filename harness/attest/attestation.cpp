#include "harness/attest/attestation.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/verification_error.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"

namespace exitgate::attest {

namespace {

constexpr std::string_view kStatementType = "https://in-toto.io/Statement/v1";
constexpr std::string_view kPredicateType = "https://in-toto.io/attestation/test-result/v0.1";
constexpr std::string_view kEnvelope = "the attestation";

const Json& member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == nullptr) throw VerificationError(fmt::format("{} has no '{}'", kEnvelope, key));
  return *found;
}

std::string text_member(const Json& object, const char* key) {
  const auto& value = member(object, key);
  if (!value.is_string()) throw VerificationError(fmt::format("{}: '{}' must be a string", kEnvelope, key));
  return value.text();
}

const Json& only(const Json& list, std::string_view what) {
  if (!list.is_array() || list.size() != 1)
    throw VerificationError(fmt::format("{} must have exactly one {}", kEnvelope, what));
  return list.items().front();
}

// Digest of a configuration entry by its name, or "".
std::string configured(const Json& predicate, std::string_view name, const char* algorithm) {
  for (const auto& entry : member(predicate, "configuration")) {
    if (entry.is_object() && entry.contains("name") && entry.at("name") == name) {
      return text_member(member(entry, "digest"), algorithm);
    }
  }
  return "";
}

}  // namespace

std::string result_of(const record::RunSummary& run) {
  // A partly evaluated run is no better for being accepted: who accepts it need not be who reads this.
  if (run.outcome != record::Outcome::pass) return "FAILED";
  const bool waived =
      std::any_of(run.gates.begin(), run.gates.end(), [](const auto& gate) { return gate.waived; });
  return waived ? "WARNED" : "PASSED";
}

std::string render_statement(const record::RunSummary& run, std::string_view archive_name,
                             std::string_view archive_sha256) {
  Json configuration = Json::array();
  Json commit = {{"name", "commit"}};
  if (!run.remote.empty()) commit["uri"] = fmt::format("git+{}@{}", run.remote, run.commit);
  commit["digest"] = {{"gitCommit", run.commit}};
  configuration.push_back(std::move(commit));
  configuration.push_back({{"name", "tree"}, {"digest", {{"gitTree", run.tree}}}});
  if (!run.suite_digest.empty()) {
    configuration.push_back({{"name", "suite"}, {"digest", {{"sha256", run.suite_digest}}}});
  }
  for (const auto& [snapshot, fingerprint] : run.fingerprints) {
    configuration.push_back(
        {{"name", fmt::format("database snapshot {}", snapshot)}, {"digest", {{"sha256", fingerprint}}}});
  }
  Json passed = Json::array();
  Json warned = Json::array();
  Json failed = Json::array();
  for (const auto& gate : run.gates) {
    if (gate.status == verdict::Status::pass && !gate.waived) {
      passed.push_back(gate.gate);
    } else if (gate.status == verdict::Status::pass || gate.status == verdict::Status::skip) {
      warned.push_back(gate.gate);
    } else if (gate.status) {
      failed.push_back(gate.gate);
    }
  }
  const Json statement = {{"_type", kStatementType},
                          {"subject", {{{"name", archive_name}, {"digest", {{"sha256", archive_sha256}}}}}},
                          {"predicateType", kPredicateType},
                          {"predicate",
                           {{"result", result_of(run)},
                            {"configuration", std::move(configuration)},
                            {"passedTests", std::move(passed)},
                            {"warnedTests", std::move(warned)},
                            {"failedTests", std::move(failed)}}}};
  return statement.dump();
}

std::string pre_authentication(std::string_view type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, payload.size(), payload);
}

std::string render_envelope(const Attestation& attestation) {
  const Json envelope = {
      {"payloadType", kPayloadType},
      {"payload", base64(attestation.payload)},
      {"signatures", {{{"keyid", attestation.key_id}, {"sig", base64(attestation.signature)}}}}};
  return envelope.dump() + "\n";
}

std::string render_envelope(std::string_view statement, const Key& key) {
  Attestation attestation;
  attestation.payload = statement;
  attestation.key_id = key.id();
  attestation.signature = key.sign(pre_authentication(kPayloadType, statement));
  return render_envelope(attestation);
}

Attestation read_statement(std::string_view text) {
  const auto statement = parse_strict(text, std::string(kEnvelope));
  if (text_member(statement, "_type") != kStatementType)
    throw VerificationError("the attestation is not an in-toto Statement v1");
  if (text_member(statement, "predicateType") != kPredicateType) {
    throw VerificationError("the attestation's predicate is not the in-toto test result");
  }
  Attestation attestation;
  attestation.payload = text;
  const auto& subject = only(member(statement, "subject"), "subject");
  attestation.subject = text_member(subject, "name");
  attestation.sha256 = text_member(member(subject, "digest"), "sha256");
  const auto& predicate = member(statement, "predicate");
  attestation.result = text_member(predicate, "result");
  attestation.commit = configured(predicate, "commit", "gitCommit");
  attestation.tree = configured(predicate, "tree", "gitTree");
  attestation.suite_digest = configured(predicate, "suite", "sha256");
  return attestation;
}

Attestation open_envelope(std::string_view text) {
  const auto envelope = parse_strict(text, std::string(kEnvelope));
  if (text_member(envelope, "payloadType") != kPayloadType) {
    throw VerificationError(fmt::format("the attestation's payload is not of the type {}", kPayloadType));
  }
  const auto& signature = only(member(envelope, "signatures"), "signature");
  Attestation attestation;
  attestation.payload = unbase64(text_member(envelope, "payload"), "the attestation's payload");
  attestation.key_id = text_member(signature, "keyid");
  attestation.signature = unbase64(text_member(signature, "sig"), "the attestation's signature");
  return attestation;
}

Attestation read_envelope(std::string_view text) {
  const Attestation envelope = open_envelope(text);
  Attestation attestation = read_statement(envelope.payload);
  attestation.key_id = envelope.key_id;
  attestation.signature = envelope.signature;
  return attestation;
}

}  // namespace exitgate::attest
