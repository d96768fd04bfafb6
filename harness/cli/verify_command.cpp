#include <fmt/core.h>

#include <algorithm>

#include "harness/archive/verify.h"
#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/own_checks.h"
#include "harness/stages/target.h"
#include "harness/stages/version.h"

namespace exitgate::cli {

int run_verify(int argc, char** argv) {
  std::string archive;
  std::string key;
  std::string ssh_signers;
  std::string timestamp_ca;
  std::string sha256;
  std::string repository;
  std::string config;
  std::vector<std::string> suites;
  std::string profile;
  std::vector<std::string> checks;
  bool replay = false;
  bool as_json = false;
  Options app(
      "Verifies an archive, offline: framing, checksums and completeness always, the rest when asked. Exit "
      "code 0 only\n"
      "when all that was asked holds.",
      "exitgate verify");
  app.add("ARCHIVE", archive, "the archive").required();
  app.add("--key", key, "public key or certificate (PEM): the attestation must be signed with it");
  app.add("--ssh-signers", ssh_signers,
          "allowed-signers file of ssh-keygen: the statement must be signed by one");
  app.add("--timestamp-ca", timestamp_ca,
          "certificates (PEM) of the timestamp authority: the archive must be timestamped");
  app.add("--sha256", sha256, "the archive's digest, as known from elsewhere");
  app.add("--repo", repository, "a clone that must hold the commit, the tree and its files");
  app.add("--suite", suites, "trusted gate files or folders: the archive's gates must be the same");
  app.add("--config", config, "the exitgate.yaml that the trusted suite was resolved with");
  app.add("--profile", profile, "the profile that the trusted suite was resolved with");
  app.add_flag("--replay", replay,
               "evaluate every verdict again from the sealed facts, by the checks of this build");
  app.add("--checks", checks, "a folder of checks that exitgate does not hold, for --replay and --suite");
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  archive::VerifyOptions options;
  if (!key.empty()) options.key = key;
  if (!ssh_signers.empty()) options.ssh_signers = ssh_signers;
  if (!timestamp_ca.empty()) options.timestamp_ca = timestamp_ca;
  if (!sha256.empty()) options.sha256 = sha256;
  if (!repository.empty()) options.repo = repository;
  gate::load_own_checks(checks);
  if (replay) options.replay = check::find_check;
  options.build = stages::kVersion;
  if (!suites.empty()) {
    const auto suite = stages::trusted_suite(suites, config, profile);
    stages::require_valid(suite);
    options.suite = suite.gates;
    for (const auto& part : suite.bundle) {
      options.bundle.push_back(
          fmt::format("{}: {}", part.gate.empty() ? part.exit_gate : part.gate, part.path));
    }
  }
  const auto verified = archive::verify(archive, options);
  write_document(
      fmt::format("{}", as_json ? archive::render_json(verified) : archive::render_text(verified)));
  if (verified.good()) return static_cast<int>(Exit::good);
  const bool failed =
      std::any_of(verified.claims.begin(), verified.claims.end(),
                  [](const archive::Claim& claim) { return claim.status == archive::Claim::failed; });
  return static_cast<int>(failed || verified.claims.empty() ? Exit::failed : Exit::undecided);
}

}  // namespace exitgate::cli
