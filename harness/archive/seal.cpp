#include "harness/archive/seal.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "harness/archive/atomic_file.h"
#include "harness/archive/codec.h"
#include "harness/archive/packer.h"
#include "harness/archive/read_back.h"
#include "harness/attest/attestation.h"
#include "harness/attest/sidecars.h"
#include "harness/attest/signing.h"
#include "harness/attest/ssh.h"
#include "harness/attest/timestamp.h"
#include "harness/attest/verification_summary.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/record/names.h"
#include "harness/record/parts.h"
#include "harness/record/run_summary.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

// "2026-11-23T13:50:38Z" as seconds since 1970; 1980-01-01, the earliest that every archive format can say, when it is
// not such a time or an earlier one.
std::int64_t seconds_of(const std::string& time) {
  constexpr std::int64_t kEarliest = 315532800;
  return std::max(seconds_of_utc(time).value_or(kEarliest), kEarliest);
}

// What signs the statements. A key that cannot sign is known before anything is packed.
struct Signer {
  std::optional<attest::Key> key;  // a PEM key or a token's
  std::string ssh_key;             // "" for none

  explicit Signer(const SealOptions& options) {
    if (options.key && attest::is_ssh_key(*options.key)) {
      ssh_key = *options.key;
    } else if (options.key) {
      key = attest::Key::load_private(*options.key, options.key_passphrase);
    }
    if (options.summary && !key) {
      throw UsageError("a verification summary is signed, and there is no PEM key to sign it with",
                       "give --key a PEM key");
    }
    if (!ssh_key.empty()) attest::ssh_sign(ssh_key, "can it sign?");
  }
};

Info bag_info(const SealOptions& options, const record::RunSummary& run,
              const std::vector<record::PayloadFile>& files) {
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  Info info;
  const auto add = [&](const char* label, const std::string& value) {
    if (!value.empty()) info.emplace_back(label, value);
  };
  add("Bag-Software-Agent", options.agent);
  add("Bagging-Date", run.record ? run.record->day() : "");
  add("External-Identifier", run.id());
  add("Payload-Oxum", fmt::format("{}.{}", bytes, files.size()));
  add("Exitgate-Compression", compressors());
  add("Exitgate-Repository", run.repository());
  add("Exitgate-Commit", run.commit);
  add("Exitgate-Tree", run.tree);
  add("Exitgate-Suite", run.suite_digest);
  add("Exitgate-Outcome", std::string(record::outcome_name(run.outcome)));
  add("Exitgate-Verdicts", record::verdict_counts(run.gates));
  for (const auto& gate : run.gates) {
    if (!gate.status) add("Exitgate-Not-Evaluated", gate.gate);
  }
  for (const auto& problem : run.incomplete) add("Exitgate-Incomplete", problem);
  for (const auto& [label, value] : options.info) {
    if (info_value(info, label).empty()) info.emplace_back(label, value);
  }
  return info;
}

struct Packed {
  std::string sha256;  // of the archive
  std::uint64_t bytes = 0;
};

// Packs into `file`, and reads back what the file holds, not what was meant to be written to it.
Packed pack(AtomicFile& file, const SealOptions& options, const std::string& folder,
            const record::RunSummary& run, const std::vector<record::PayloadFile>& files) {
  const Format format = format_of(options.archive);
  ReadBack read_back(file.fd(), format);
  Packer packer(file, read_back, format, options.threads, seconds_of(run.started_at()), folder);
  std::vector<digest::ManifestEntry> tags;
  tags.push_back(packer.add("bagit.txt", kBagDeclaration));
  tags.push_back(packer.add("bag-info.txt", render_info(bag_info(options, run, files))));
  std::vector<digest::ManifestEntry> payload;
  payload.reserve(files.size());
  for (const auto& one : files)
    payload.push_back(packer.add_file("data/" + one.path, options.run / one.path, one.size));
  tags.push_back(packer.add("manifest-sha256.txt", digest::render_manifest(payload)));
  packer.add("tagmanifest-sha256.txt", digest::render_manifest(tags));
  packer.finish();
  read_back.written(file.size());
  file.sync();
  const std::string written = file.digest();
  const Bag bag = read_back.finish();
  if ((!written.empty() && bag.sha256 != written) || bag.payload.size() != payload.size() ||
      !bag.checksum_problems.empty() || !bag.completeness_problems.empty()) {
    throw Undecided(fmt::format("{} does not read back as it was written", options.archive.string()),
                    "the disk or the memory is faulty, or a file changed while it was sealed");
  }
  return {bag.sha256, file.size()};
}

// Statements about what the name held before would speak of another archive.
void remove_sidecars(const fs::path& archive) {
  std::error_code ignored;
  for (const auto& sidecar : attest::kSidecars) {
    fs::remove(archive.string() + std::string(sidecar.ending), ignored);
  }
}

// The archive gets its name, and then what speaks of it.
void publish(AtomicFile& file, const SealOptions& options, const Signer& signer,
             const record::RunSummary& run, Sealed& sealed) {
  const std::string name = options.archive.filename().string();
  const std::string statement = attest::render_statement(run, name, sealed.sha256);
  const std::string attestation =
      signer.key ? attest::render_envelope(statement, *signer.key) : statement + "\n";
  const std::string ssh_signature =
      signer.ssh_key.empty() ? "" : attest::ssh_sign(signer.ssh_key, attestation);
  remove_sidecars(options.archive);
  file.publish();
  sealed.is_signed = options.key.has_value();
  sealed.statement =
      signer.key ? attest::envelope_path(options.archive) : attest::statement_path(options.archive);
  write_atomically(sealed.statement, attestation);
  if (!ssh_signature.empty()) write_atomically(attest::ssh_signature_path(options.archive), ssh_signature);
  if (options.summary) {
    write_atomically(
        attest::summary_path(options.archive),
        attest::render_envelope(attest::render_summary_statement(run, options.agent, name, sealed.sha256),
                                *signer.key));
  }
  if (options.timestamp_url) {
    write_atomically(attest::timestamp_path(sealed.statement),
                     attest::fetch_timestamp(*options.timestamp_url, attestation));
    sealed.is_timestamped = true;
  }
}

}  // namespace

Sealed seal(const SealOptions& options) {
  const std::string folder = folder_of(options.archive);
  if (const auto problem = record::name_problem(folder); !problem.empty()) {
    throw UsageError(fmt::format("the archive {} {}", options.archive.filename().string(), problem),
                     "give it another name");
  }
  const Signer signer(options);
  const Assessment assessment =
      options.assessment ? assess_again(options, *options.assessment) : assess(options);
  record::RunSummary run = record::summarize(options.run);
  // What the run found missing stays missing: its verdicts and reports say so.
  std::vector<std::string> incomplete = std::move(run.incomplete);
  for (const auto& problem : assessment.problems) {
    if (std::find(incomplete.begin(), incomplete.end(), problem) == incomplete.end())
      incomplete.push_back(problem);
  }
  run.set_incomplete(std::move(incomplete));
  auto files = assessment.files;
  std::erase_if(files,
                [&](const record::PayloadFile& one) { return assessment.withheld.contains(one.path); });

  AtomicFile file(options.archive);
  const Packed packed = pack(file, options, folder, run, files);
  Sealed sealed;
  sealed.archive = options.archive;
  sealed.sha256 = packed.sha256;
  sealed.bytes = packed.bytes;
  sealed.files = files.size();
  sealed.problems = run.incomplete;
  sealed.outcome = run.outcome;
  publish(file, options, signer, run, sealed);
  if (!sealed.problems.empty()) {
    throw Incomplete(fmt::format("the evidence is incomplete: {}", join(sealed.problems, "; ")), sealed);
  }
  return sealed;
}

}  // namespace exitgate::archive
