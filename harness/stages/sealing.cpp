#include "harness/stages/sealing.h"

#include <fmt/core.h>

#include <cstdlib>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/facts/facts.h"
#include "harness/gate/own_checks.h"
#include "harness/json/json.h"
#include "harness/record/run_record.h"
#include "harness/stages/bundle.h"
#include "harness/stages/version.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

namespace {

// What the archive must hold: the record and the reports, and of each gate that was selected its verdict and
// the fact stores that it was judged by.
std::vector<record::Required> required_parts(const record::RunDirectory& run,
                                             const std::vector<std::string>& selected) {
  std::set<std::string> parts = {"run.json", "EVIDENCE.md", "junit.xml", "logs/ctest.log"};
  for (const auto& name : selected) {
    parts.insert(fmt::format("suite/gates/{}.json", name));
    parts.insert(fmt::format("verdicts/{}.json", name));
    const verdict::Gate gate = verdict::gate_from_json(Json::parse(read_file(run.gate(name))));
    std::optional<check::Check> own;
    const auto* check = check::find_check(gate.check);
    if (std::filesystem::exists(run.own_check(gate.check))) {
      parts.insert(fmt::format("suite/checks/{}.json", gate.check));
      own = gate::check_from_json(Json::parse(read_file(run.own_check(gate.check))));
      check = &*own;
    }
    if (check == nullptr) continue;
    for (const auto& domain : verdict::domains_of(gate, *check)) {
      parts.insert(fmt::format("facts/{}.db", domain));
      // What those are compared with.
      if (domain == "repo" || domain == "ci" || domain == "code" || domain == "migrations")
        parts.insert("facts/census.db");
    }
  }
  return {parts.begin(), parts.end()};
}

// Of which earlier run the facts of the database are; "" when they are of this one.
std::string reused_from(const record::RunDirectory& run) {
  for (const auto& [domain, table] : {std::pair("schema", "work"), std::pair("rehearsal", "upgrade")}) {
    if (!std::filesystem::exists(run.facts() / fmt::format("{}.db", domain))) continue;
    const facts::Facts facts(run.facts(), {domain});
    // The store of an earlier release.
    const bool known =
        facts.integer(fmt::format("SELECT count(*) FROM pragma_table_info('{}', '{}') WHERE name = 'reused'",
                                  table, domain)) != 0;
    if (!known) continue;
    auto reused = facts.text(fmt::format("SELECT reused FROM {}.{} WHERE reused IS NOT NULL", domain, table));
    if (reused) return *reused;
  }
  return "";
}

// What the waivers of gates on residual secrets accept: the keys of their findings.
std::vector<std::string> accepted_secrets(const record::RunDirectory& run,
                                          const std::vector<std::string>& selected) {
  std::vector<std::string> keys;
  for (const auto& name : selected) {
    if (!std::filesystem::exists(run.verdict(name))) continue;
    const auto verdict = verdict::verdict_from_json(Json::parse(read_file(run.verdict(name))));
    if (verdict.check != "no-secrets") continue;
    for (const auto& finding : verdict.findings) {
      if (finding.waived) keys.push_back(finding.finding.key);
    }
  }
  return keys;
}

}  // namespace

archive::SealOptions seal_options(const record::RunDirectory& run, const std::vector<std::string>& selected,
                                  const AskedParts& asked) {
  archive::SealOptions options;
  options.run = run.root;
  options.members.assign(gate::kMembers.begin(), gate::kMembers.end());
  options.agent = fmt::format("Exitgate {}", kVersion);
  options.secrets = archive::SealOptions::withhold_secrets;
  options.accepted = accepted_secrets(run, selected);
  options.required = required_parts(run, selected);
  options.required.insert(options.required.end(), asked.parts.begin(), asked.parts.end());
  for (const auto& part : asked.not_asked) options.info.emplace_back("Exitgate-Not-Asked", part);
  return options;
}

archive::Sealed seal_run(const record::RunDirectory& run, const std::filesystem::path& archive,
                         const std::string& key, const std::string& timestamp_url, bool summary,
                         std::optional<archive::Assessment> assessment) {
  const auto result = record::read_record(run).result.value_or(record::RunResult{});
  auto options = seal_options(run, result.selected, asked_parts(run, result.selected, result.not_run));
  if (const auto origin = reused_from(run); !origin.empty()) {
    if (!key.empty()) {
      throw UsageError(fmt::format("what the gates judged of the database was not made by this run but taken "
                                   "from {}: it is not signed",
                                   origin),
                       "run again without --reuse (EXITGATE_REUSE)");
    }
    options.info.emplace_back("Exitgate-Reused", "database, of " + origin);
  }
  options.archive = archive;
  if (!key.empty()) options.key = key;
  if (!timestamp_url.empty()) options.timestamp_url = timestamp_url;
  if (const char* passphrase = std::getenv(kPassphraseVariable)) options.key_passphrase = passphrase;
  options.summary = summary;
  options.assessment = std::move(assessment);
  options.info.emplace_back("Exitgate-Gates", fmt::format("{} evaluated, {} not run", result.selected.size(),
                                                          result.not_run.size()));
  if (result.partial()) options.info.emplace_back("Exitgate-Not-Run", join(result.not_run, " "));
  return archive::seal(options);
}

}  // namespace exitgate::stages
