#include "harness/archive/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/archive/extractor.h"
#include "harness/archive/seal.h"
#include "harness/archive/verify_repository.h"
#include "harness/attest/attestation.h"
#include "harness/attest/sidecars.h"
#include "harness/attest/ssh.h"
#include "harness/attest/timestamp.h"
#include "harness/attest/verification_summary.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestAttestation = 16U << 20;

std::string counted(const std::vector<std::string>& problems) {
  constexpr std::size_t kShown = 5;
  std::string text =
      join(std::vector<std::string>(problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                             kShown, problems.size()))),
           "; ");
  if (problems.size() > kShown) text += fmt::format("; and {} more", problems.size() - kShown);
  return text;
}

// The claims, in the order in which they are told. Nobody vouches yet for what they quote of an archive.
class Claims {
 public:
  explicit Claims(std::vector<Claim>& claims) : claims_(claims) {}
  void proven(std::string name, const std::string& detail) { add(Claim::proven, std::move(name), detail); }
  void not_asked(std::string name, const std::string& detail) {
    add(Claim::not_asked, std::move(name), detail);
  }
  void failed(std::string name, const std::string& detail) { add(Claim::failed, std::move(name), detail); }
  // Neither proven nor refuted: never good.
  void undecided(std::string name, const std::string& detail) {
    add(Claim::undecided, std::move(name), detail);
  }
  void settle(const std::string& name, const std::vector<std::string>& problems, const std::string& detail) {
    if (problems.empty()) {
      proven(name, detail);
    } else {
      failed(name, counted(problems));
    }
  }

 private:
  void add(Claim::Status status, std::string name, const std::string& detail) {
    claims_.push_back({status, std::move(name), printable(detail)});
  }
  std::vector<Claim>& claims_;
};

std::string read_bounded(const fs::path& path) {
  if (fs::file_size(path) > kLargestAttestation)
    throw VerificationError(fmt::format("{} is too large for an attestation", path.filename().string()));
  return read_file(path);
}

// A statement may say worse of the run than the archive does (it was not complete, say), never better.
void check_result(const std::string& result, const Verified& verified) {
  if (result == "FAILED") return;
  const std::string outcome = info_value(verified.info, "Exitgate-Outcome");
  if (outcome == "fail" || outcome == "error" || outcome == "skip")
    throw VerificationError(fmt::format("it says {}, and the run's outcome is {}", result, outcome));
  const std::string missing = info_value(verified.info, "Exitgate-Incomplete");
  if (!missing.empty())
    throw VerificationError(fmt::format("it says {}, and the archive lacks {}", result, missing));
}

// What the attestation says, against the archive as it is.
void check_statement(const attest::Attestation& attestation, const Verified& verified) {
  if (attestation.sha256 != verified.sha256) {
    throw VerificationError(fmt::format("it is about another archive (SHA-256 {})", attestation.sha256));
  }
  const std::string commit = info_value(verified.info, "Exitgate-Commit");
  const std::string tree = info_value(verified.info, "Exitgate-Tree");
  if (attestation.commit != commit || attestation.tree != tree) {
    throw VerificationError(
        fmt::format("it names commit {} with tree {}, the archive's bag-info.txt {} with {}",
                    attestation.commit, attestation.tree, commit, tree));
  }
  check_result(attestation.result, verified);
}

void check_attestation(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims) {
  constexpr const char* kName = "attestation";
  const fs::path envelope = attest::envelope_path(verified.archive);
  const fs::path statement = attest::statement_path(verified.archive);
  try {
    if (!fs::exists(envelope)) {
      if (key) {
        claims.failed(kName,
                      fmt::format("a key was given, and there is no {}", envelope.filename().string()));
      } else if (fs::exists(statement)) {
        check_statement(attest::read_statement(trim(read_bounded(statement))), verified);
        claims.not_asked(kName, fs::exists(attest::ssh_signature_path(verified.archive))
                                    ? "a statement names this archive; an SSH key signed it"
                                    : "an unsigned statement names this archive; nobody signed it");
      } else {
        claims.not_asked(kName, "no key was given, and no attestation stands beside the archive");
      }
      return;
    }
    const std::string text = read_bounded(envelope);
    const attest::Attestation attestation = attest::read_envelope(text);
    check_statement(attestation, verified);
    if (!key) {
      claims.not_asked(kName, fmt::format("signed by key {}, and no key was given to verify it with",
                                          attestation.key_id.substr(0, 16)));
      return;
    }
    if (!key->verify(attest::pre_authentication(attest::kPayloadType, attestation.payload),
                     attestation.signature)) {
      throw VerificationError(
          attestation.key_id == key->id()
              ? std::string("the signature is wrong: the statement or the signature was changed")
              : fmt::format("it is signed by another key ({}) than the one given ({})",
                            attestation.key_id.substr(0, 16), key->id().substr(0, 16)));
    }
    if (attestation.key_id != key->id())
      throw VerificationError("its keyid is not that of the key that signed it");
    if (attest::render_envelope(attestation) != text) {
      throw VerificationError(
          "the envelope around the signed statement was changed: it is not as seal writes it");
    }
    claims.proven(
        kName, fmt::format("{} signature by key {} over this archive, commit {}, result {}", key->algorithm(),
                           key->id().substr(0, 16), attestation.commit.substr(0, 12), attestation.result));
  } catch (const VerificationError& refused) {
    claims.failed(kName, refused.what());
  }
}

// An SSH signature over the statement; said to be there even when nobody asks.
void check_ssh_signature(const Verified& verified, const std::optional<fs::path>& signers, Claims& claims) {
  constexpr const char* kName = "ssh-signature";
  const fs::path statement = attest::statement_path(verified.archive);
  const fs::path signature = attest::ssh_signature_path(verified.archive);
  try {
    const bool there = fs::exists(statement) && fs::exists(signature);
    if (!there && !signers) return;
    if (!there) {
      claims.failed(kName,
                    fmt::format("signers were given, and there is no {}", signature.filename().string()));
      return;
    }
    const std::string text = read_bounded(statement);
    const attest::Attestation attestation = attest::read_statement(trim(text));
    check_statement(attestation, verified);
    if (!signers) {
      claims.not_asked(kName, "there is one, and no allowed signers were given to verify it with");
      return;
    }
    const std::string who = attest::ssh_verify(*signers, signature, text);
    claims.proven(kName, fmt::format("signed by {} over this archive, commit {}, result {}", who,
                                     attestation.commit.substr(0, 12), attestation.result));
  } catch (const VerificationError& refused) {
    claims.failed(kName, refused.what());
  }
}

// A verification summary: said to be there even when no key was given.
void check_summary(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims) {
  constexpr const char* kName = "summary";
  const fs::path path = attest::summary_path(verified.archive);
  if (!fs::exists(path)) return;
  try {
    const std::string text = read_bounded(path);
    const attest::Attestation envelope = attest::open_envelope(text);
    const attest::VerificationSummary summary = attest::read_summary_statement(envelope.payload);
    if (summary.archive_sha256 != verified.sha256)
      throw VerificationError(
          fmt::format("it is about another archive (SHA-256 {})", summary.archive_sha256));
    if (const auto commit = info_value(verified.info, "Exitgate-Commit"); summary.commit != commit)
      throw VerificationError(
          fmt::format("it names commit {}, the archive's bag-info.txt {}", summary.commit, commit));
    if (!key) {
      claims.not_asked(kName, "there is a SLSA verification summary, and no key was given to verify it with");
      return;
    }
    if (!key->verify(attest::pre_authentication(attest::kPayloadType, envelope.payload),
                     envelope.signature) ||
        attest::render_envelope(envelope) != text || envelope.key_id != key->id()) {
      throw VerificationError("it is not signed by the key that was given, or was changed");
    }
    check_result(summary.result, verified);
    claims.proven(kName, fmt::format("SLSA verification summary of commit {} by the same key, {}",
                                     summary.commit.substr(0, 12), summary.result));
  } catch (const VerificationError& refused) {
    claims.failed(kName, refused.what());
  }
}

// A timestamp over the attestation; said to be there even when nobody asks.
void check_timestamp(const Verified& verified, const std::optional<fs::path>& ca, Claims& claims) {
  constexpr const char* kName = "timestamp";
  const fs::path envelope = attest::envelope_path(verified.archive);
  const fs::path attestation = fs::exists(envelope) ? envelope : attest::statement_path(verified.archive);
  const fs::path answer = attest::timestamp_path(attestation);
  try {
    const bool there = fs::exists(attestation) && fs::exists(answer);
    if (!there && !ca) return;
    if (!there) {
      claims.failed(kName,
                    fmt::format("an authority was given, and there is no {}", answer.filename().string()));
      return;
    }
    const std::string text = read_bounded(attestation);
    check_statement(fs::exists(envelope) ? attest::read_envelope(text) : attest::read_statement(trim(text)),
                    verified);
    if (!ca) {
      claims.not_asked(kName, "there is one, and no authority's certificates were given to verify it with");
      return;
    }
    const attest::Timestamp timestamp = attest::verify_timestamp(read_bounded(answer), text, *ca);
    claims.proven(kName,
                  fmt::format("the attestation existed at {}, says {}", timestamp.time, timestamp.authority));
  } catch (const VerificationError& refused) {
    claims.failed(kName, refused.what());
  }
}

// run.json must speak of the commit that bag-info.txt names.
void check_documents(const Extractor& spill, const Verified& verified, Claims& claims) {
  constexpr const char* kName = "documents";
  if (spill.run_record().empty()) {
    claims.failed(kName, "run.json is missing: nothing says what the run was");
    return;
  }
  const auto record = parse_strict(spill.run_record(), "run.json");
  const std::string commit = info_value(verified.info, "Exitgate-Commit");
  const auto named = record.find("commit");
  if (named != nullptr && named->is_string() && named->text() != commit) {
    claims.failed(kName, fmt::format("run.json names commit {}, bag-info.txt {}", named->text(), commit));
    return;
  }
  claims.proven(kName,
                fmt::format("{} read without a duplicate key", count_of(spill.documents(), "JSON document")));
}

void check_record(const Extractor& spill, const Verified& verified, Claims& claims) {
  claims.settle(
      "record",
      record_problems(parse_strict(spill.run_record(), "run.json"), verified.info, spill.run_documents()),
      "run.json, bag-info.txt, suite and verdicts say the same of the run");
}

std::string essence(const Gate& gate) {
  auto with = Json::try_parse(gate.with).value_or(Json());
  Json waivers = Json::array();
  for (const auto& waiver : gate.waivers)
    waivers.push_back({{"finding", waiver.finding}, {"expires", waiver.expires}});
  return Json{
      {"check", gate.check}, {"with", with}, {"counterexample", gate.counterexample}, {"waivers", waivers}}
      .dump();
}

// suite/bundle.json's parts in the form of VerifyOptions::bundle.
std::set<std::string> sealed_bundle(const fs::path& folder) {
  std::set<std::string> parts;
  const fs::path file = folder / "suite" / "bundle.json";
  if (!fs::exists(file)) return parts;
  const auto text = [](const Json& part, const char* key) {
    const auto found = part.find(key);
    if (found == nullptr || !found->is_string()) throw VerificationError("suite/bundle.json is damaged");
    return found->text();
  };
  for (const auto& part : parse_strict(read_file(file), "suite/bundle.json")) {
    const std::string gate = text(part, "gate");
    parts.insert(fmt::format("{}: {}", gate.empty() ? text(part, "exit-gate") : gate, text(part, "path")));
  }
  return parts;
}

void check_suite(const fs::path& folder, const std::vector<Gate>& trusted,
                 const std::vector<std::string>& bundle, Claims& claims) {
  constexpr const char* kName = "suite";
  std::map<std::string, Gate> sealed;
  std::set<std::string> parts;
  try {
    parts = sealed_bundle(folder);
    const fs::path gates = folder / "suite" / "gates";
    if (fs::exists(gates)) {
      for (const auto& entry : fs::directory_iterator(gates)) {
        Gate gate = gate_from_json(parse_strict(read_file(entry.path()), entry.path().filename().string()));
        sealed.emplace(gate.name, std::move(gate));
      }
    }
  } catch (const std::exception& problem) {
    claims.failed(kName, problem.what());
    return;
  }
  std::vector<std::string> problems;
  for (const auto& gate : trusted) {
    const auto found = sealed.find(gate.name);
    if (found == sealed.end()) {
      problems.push_back(fmt::format("{} is not in the archive's suite", gate.name));
    } else if (essence(found->second) != essence(gate)) {
      problems.push_back(fmt::format("{} is {} in the archive and {} in the trusted suite", gate.name,
                                     essence(found->second), essence(gate)));
    }
  }
  for (const auto& part : bundle) {
    if (!parts.contains(part))
      problems.push_back(
          fmt::format("the trusted suite asks for the part '{}', the archive's does not", part));
  }
  claims.settle(
      kName, problems,
      fmt::format("{} as in the trusted suite, {} more in the archive", count_of(trusted.size(), "gate"),
                  sealed.size() - std::min(sealed.size(), trusted.size())));
}

void check_replay(const fs::path& folder, const VerifyOptions& options, Claims& claims) {
  constexpr const char* kName = "replay";
  try {
    const Replayed replayed = replay(folder, options.replay, options.build);
    if (replayed.differences.empty() && replayed.gates == 0) {
      claims.failed(kName, "the archive holds no verdict that could be evaluated again");
      return;
    }
    if (replayed.differences.empty() && !replayed.not_replayed.empty()) {
      claims.undecided(kName,
                       fmt::format("{} evaluated again from the sealed facts, all the same; {}",
                                   count_of(replayed.same, "verdict"), join(replayed.not_replayed, "; ")));
      return;
    }
    std::vector<std::string> problems = replayed.differences;
    problems.insert(problems.end(), replayed.not_replayed.begin(), replayed.not_replayed.end());
    claims.settle(
        kName, problems,
        fmt::format(
            "{} evaluated again from the sealed facts, all the same{}", count_of(replayed.gates, "verdict"),
            replayed.not_evaluated == 0
                ? ""
                : fmt::format("; {} not evaluated by the run", count_of(replayed.not_evaluated, "gate"))));
  } catch (const VerificationError& refused) {
    claims.failed(kName, refused.what());
  }
}

}  // namespace

std::string_view claim_status(Claim::Status status) {
  switch (status) {
    case Claim::proven:
      return "proven";
    case Claim::not_asked:
      return "not asked";
    case Claim::failed:
      return "failed";
    case Claim::undecided:
      return "undecided";
  }
  return "";
}

bool Verified::good() const {
  return !claims.empty() && std::none_of(claims.begin(), claims.end(), [](const Claim& claim) {
    return claim.status == Claim::failed || claim.status == Claim::undecided;
  });
}

Verified verify(const fs::path& archive, const VerifyOptions& options) {
  Verified verified;
  verified.archive = archive;
  Claims claims(verified.claims);
  std::optional<attest::Key> key;
  if (options.key) key = attest::Key::load_public(*options.key);
  const bool unpack = options.repo || options.suite || options.replay;
  Extractor spill([&](const std::string& path) { return unpack && is_evaluated_part(path); });
  try {
    const Bag bag = read_bag(archive, &spill, options.limits);
    verified.sha256 = bag.sha256;
    verified.info = bag.info;
    claims.proven("framing",
                  fmt::format("one archive of {} bytes, SHA-256 {}", bag.archive_bytes, bag.sha256));
    claims.settle("checksums", bag.checksum_problems,
                  fmt::format("{}, {} bytes, each as its manifest says", count_of(bag.payload.size(), "file"),
                              bag.payload_bytes));
    claims.settle("completeness", bag.completeness_problems,
                  "no file is missing, none is there that the manifest does not list");
    check_documents(spill, verified, claims);
  } catch (const VerificationError& refused) {
    claims.failed("framing", refused.what());
  }
  // What the rest would say of an archive that is damaged already is worth nothing.
  const bool sound = verified.good();
  if (sound) check_record(spill, verified, claims);
  const auto ask = [&](const char* name, bool asked, const char* hint, const auto& check) {
    if (!asked) {
      claims.not_asked(name, hint);
    } else if (!sound) {
      claims.failed(name, "not looked at: the archive itself is damaged");
    } else {
      check();
    }
  };
  if (options.sha256) {
    if (verified.sha256 == lower(*options.sha256)) {
      claims.proven("digest", "the archive is the one with the SHA-256 that was given");
    } else {
      claims.failed("digest", fmt::format("the archive's SHA-256 is not the one given, {}", *options.sha256));
    }
  }
  if (sound) {
    check_attestation(verified, key, claims);
    check_summary(verified, key, claims);
    check_ssh_signature(verified, options.ssh_signers, claims);
    check_timestamp(verified, options.timestamp_ca, claims);
  } else {
    if (options.timestamp_ca) claims.failed("timestamp", "not looked at: the archive itself is damaged");
    if (key) claims.failed("attestation", "not looked at: the archive itself is damaged");
    if (options.ssh_signers) claims.failed("ssh-signature", "not looked at: the archive itself is damaged");
  }
  ask("repository", options.repo.has_value(), "no clone was given (--repo)", [&] {
    const auto problems =
        repository_problems(spill.folder(), *options.repo, info_value(verified.info, "Exitgate-Commit"),
                            info_value(verified.info, "Exitgate-Tree"));
    claims.settle("repository", problems,
                  fmt::format("commit {} is in the clone, with the tree and the files that the facts name",
                              info_value(verified.info, "Exitgate-Commit").substr(0, 12)));
  });
  ask("suite", options.suite.has_value(), "no trusted suite was given (--suite)",
      [&] { check_suite(spill.folder(), *options.suite, options.bundle, claims); });
  ask("replay", static_cast<bool>(options.replay), "the verdicts were not evaluated again (--replay)",
      [&] { check_replay(spill.folder(), options, claims); });
  return verified;
}

std::string render_text(const Verified& verified) {
  std::string text;
  std::size_t failed = 0;
  for (const auto& claim : verified.claims) {
    text += fmt::format("{:<10} {:<13} {}\n", claim_status(claim.status), claim.name, claim.detail);
    failed += claim.status == Claim::failed ? 1 : 0;
  }
  const std::string name = verified.archive.filename().string();
  for (const auto& [label, value] : verified.info) {
    if (label == "Exitgate-Incomplete" || label == "Exitgate-Not-Evaluated") {
      text += fmt::format("the archive says of itself: {}: {}\n",
                          label == "Exitgate-Incomplete" ? "incomplete" : "not evaluated", printable(value));
    }
  }
  text += failed == 0 ? fmt::format("{}: everything that was asked holds\n", name)
                      : fmt::format("{}: {} failed\n", name, count_of(failed, "claim"));
  return text;
}

std::string render_json(const Verified& verified) {
  Json claims = Json::array();
  for (const auto& claim : verified.claims) {
    claims.push_back(
        {{"claim", claim.name}, {"status", claim_status(claim.status)}, {"detail", claim.detail}});
  }
  Json info = Json::array();
  for (const auto& [label, value] : verified.info) info.push_back({{"label", label}, {"value", value}});
  const Json document = {{"archive", verified.archive.filename().string()},
                         {"sha256", verified.sha256},
                         {"good", verified.good()},
                         {"claims", std::move(claims)},
                         {"info", std::move(info)}};
  return document.dump(2) + "\n";
}

}  // namespace exitgate::archive
