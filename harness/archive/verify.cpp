#include "harness/archive/verify.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/archive/claims.h"
#include "harness/archive/consistency.h"
#include "harness/archive/extractor.h"
#include "harness/archive/verify_repository.h"
#include "harness/archive/verify_statements.h"
#include "harness/archive/verify_suite.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/json/json.h"
#include "harness/record/run_record.h"
#include "harness/record/suite_digest.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDamaged = "not looked at: the archive itself is damaged";

// run.json is a record of a run, and speaks of the commit that bag-info.txt names.
void check_documents(const Extractor& extractor, Verified& verified, Claims& claims) {
  constexpr const char* kName = "documents";
  if (!extractor.run_record()) {
    claims.failed(kName, "run.json is missing: nothing says what the run was");
    return;
  }
  try {
    verified.run = record::record_from_json(*extractor.run_record());
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
    return;
  }
  const std::string commit = info_value(verified.info, "Exitgate-Commit");
  if (verified.run->commit != commit) {
    claims.failed(kName,
                  fmt::format("run.json names commit {}, bag-info.txt {}", verified.run->commit, commit));
    return;
  }
  claims.proven(kName, fmt::format("{} read without a duplicate key",
                                   count_of(extractor.documents(), "JSON document")));
}

// Of the sealed files; "" when one of them is withheld, for the run's digest is over all of them.
std::string sealed_suite_digest(const Bag& bag) {
  for (const auto& line : incomplete_of(bag.info)) {
    if (line.starts_with(record::withheld("suite/"))) return "";
  }
  return record::suite_digest(bag.payload, "data/");
}

void check_record(const Extractor& extractor, const Verified& verified, const std::string& suite_digest,
                  Claims& claims) {
  claims.conclude(
      "record", record_problems(*verified.run, verified.info, extractor.run_documents(), suite_digest),
      verified.run->has_comparable_digest()
          ? "run.json, bag-info.txt, suite and verdicts say the same of the run"
          : "run.json, bag-info.txt, suite and verdicts say the same of the run, but for the suite digest "
            "in run.json, which was computed in an older way");
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
    claims.conclude(
        kName, problems,
        fmt::format(
            "{} evaluated again from the sealed facts, all the same{}", count_of(replayed.gates, "verdict"),
            replayed.not_evaluated == 0
                ? ""
                : fmt::format("; {} not evaluated by the run", count_of(replayed.not_evaluated, "gate"))));
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
  }
}

// Framing, checksums, completeness, documents and record. Whether all of them hold: what the rest would say of an
// archive that is damaged is worth nothing.
bool check_archive(Extractor& extractor, const Limits& limits, Verified& verified, Claims& claims) {
  std::string suite_digest;
  try {
    const Bag bag = read_bag(verified.archive, &extractor, limits);
    verified.sha256 = bag.sha256;
    verified.info = bag.info;
    claims.proven("framing",
                  fmt::format("one archive of {} bytes, SHA-256 {}", bag.archive_bytes, bag.sha256));
    claims.conclude("checksums", bag.checksum_problems,
                    fmt::format("{}, {} bytes, each as its manifest says",
                                count_of(bag.payload.size(), "file"), bag.payload_bytes));
    claims.conclude("completeness", bag.completeness_problems,
                    "no file is missing, none is there that the manifest does not list");
    check_documents(extractor, verified, claims);
    suite_digest = sealed_suite_digest(bag);
  } catch (const VerificationError& problem) {
    claims.failed("framing", problem.what());
  }
  if (!verified.good()) return false;
  check_record(extractor, verified, suite_digest, claims);
  return true;
}

void check_digest(const std::string& given, const Verified& verified, Claims& claims) {
  if (verified.sha256 == lower(given)) {
    claims.proven("digest", "the archive is the one with the SHA-256 that was given");
  } else {
    claims.failed("digest", fmt::format("the archive's SHA-256 is not the one given, {}", given));
  }
}

void check_statements(bool sound, const Verified& verified, const std::optional<attest::Key>& key,
                      const VerifyOptions& options, Claims& claims) {
  if (sound) {
    check_attestation(verified, key, claims);
    check_summary(verified, key, claims);
    check_ssh_signature(verified, options.ssh_signers, claims);
    check_timestamp(verified, options.timestamp_ca, claims);
    return;
  }
  if (options.timestamp_ca) claims.failed("timestamp", kDamaged);
  if (key) claims.failed("attestation", kDamaged);
  if (options.ssh_signers) claims.failed("ssh-signature", kDamaged);
}

void check_repository(Extractor& extractor, const VerifyOptions& options, const Verified& verified,
                      Claims& claims) {
  const std::string commit = info_value(verified.info, "Exitgate-Commit");
  claims.conclude("repository",
                  repository_problems(extractor.folder(), *options.repo, commit,
                                      info_value(verified.info, "Exitgate-Tree")),
                  fmt::format("commit {} is in the clone, with the tree and the files that the facts name",
                              commit.substr(0, 12)));
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
  Extractor extractor([&](const std::string& path) { return unpack && is_evaluated_part(path); });
  const bool sound = check_archive(extractor, options.limits, verified, claims);
  if (options.sha256) check_digest(*options.sha256, verified, claims);
  check_statements(sound, verified, key, options, claims);
  const auto ask = [&](const char* name, bool asked, const char* hint, const auto& check) {
    if (!asked) {
      claims.not_asked(name, hint);
    } else if (!sound) {
      claims.failed(name, kDamaged);
    } else {
      check();
    }
  };
  ask("repository", options.repo.has_value(), "no clone was given (--repo)",
      [&] { check_repository(extractor, options, verified, claims); });
  ask("suite", options.suite.has_value(), "no trusted suite was given (--suite)",
      [&] { check_suite(extractor.folder(), *options.suite, options.bundle, claims); });
  ask("replay", static_cast<bool>(options.replay), "the verdicts were not evaluated again (--replay)",
      [&] { check_replay(extractor.folder(), options, claims); });
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
