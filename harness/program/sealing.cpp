#include "harness/program/sealing.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/check/verdict.h"
#include "harness/program/bundle.h"
#include "harness/program/run_record.h"
#include "harness/program/version.h"

namespace exitgate::program {

namespace {

using nlohmann::json;

// What the archive must hold: the record and the reports, and of each gate that was selected its verdict and
// the fact stores that it was judged by.
std::vector<evidence::Required> required_parts(const RunDirectory& run,
                                               const std::vector<std::string>& selected) {
  std::set<std::string> parts = {"run.json", "EVIDENCE.md", "junit.xml", "logs/ctest.log"};
  for (const auto& name : selected) {
    parts.insert(fmt::format("suite/gates/{}.json", name));
    parts.insert(fmt::format("verdicts/{}.json", name));
    const Gate gate = gate_from_json(json::parse(read_file(run.gate(name))));
    if (const auto* check = find_check(gate.check)) {
      for (const auto& domain : check->domains) parts.insert(fmt::format("facts/{}.db", domain));
    }
  }
  return {parts.begin(), parts.end()};
}

// What the waivers of gates on leftover secrets accept: the keys of their findings.
std::vector<std::string> waived_leftovers(const RunDirectory& run, const std::vector<std::string>& selected) {
  std::vector<std::string> keys;
  for (const auto& name : selected) {
    if (!std::filesystem::exists(run.verdict(name))) continue;
    const auto verdict = verdict_from_json(json::parse(read_file(run.verdict(name))));
    if (verdict.check != "no-secrets") continue;
    for (const auto& finding : verdict.findings) {
      if (finding.waived) keys.push_back(finding.finding.key);
    }
  }
  return keys;
}

}  // namespace

evidence::Sealed seal_run(const RunDirectory& run, const std::filesystem::path& archive,
                          const std::string& key, const std::string& timestamp_url, bool summary) {
  const auto record = read_record(run);
  evidence::SealOptions options;
  options.run = run.root;
  options.archive = archive;
  options.members.assign(gate::kMembers.begin(), gate::kMembers.end());
  if (!key.empty()) options.key = key;
  if (!timestamp_url.empty()) options.timestamp_url = timestamp_url;
  if (const char* passphrase = std::getenv(kPassphraseVariable)) options.key_passphrase = passphrase;
  options.summary = summary;
  options.agent = fmt::format("Exitgate {}", kVersion);
  const auto selected = record.value("selected", std::vector<std::string>{});
  const auto not_run = record.value("not_run", std::vector<std::string>{});
  options.secrets = evidence::SealOptions::withhold_secrets;
  options.accepted = waived_leftovers(run, selected);
  options.required = required_parts(run, selected);
  auto asked = asked_parts(run, record);
  options.required.insert(options.required.end(), std::make_move_iterator(asked.parts.begin()),
                          std::make_move_iterator(asked.parts.end()));
  options.info = {
      {"Exitgate-Repository", record.value("repository", "")},
      {"Exitgate-Commit", record.value("commit", "")},
      {"Exitgate-Tree", record.value("tree", "")},
      {"Exitgate-Suite-Digest", record.value("suite_digest", "")},
      {"Exitgate-Outcome", record.value("outcome", "unfinished")},
      {"Exitgate-Gates", fmt::format("{} evaluated, {} not run", selected.size(), not_run.size())}};
  for (const auto& part : asked.not_asked) options.info.emplace_back("Exitgate-Not-Asked", part);
  if (!not_run.empty()) options.info.emplace_back("Exitgate-Not-Run", join(not_run, " "));
  return evidence::seal(options);
}

}  // namespace exitgate::program
