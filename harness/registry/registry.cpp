#include "harness/registry/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "harness/archive/verify.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/redact/redactor.h"
#include "harness/registry/client.h"
#include "harness/registry/oci_artifact.h"

namespace exitgate::registry {

namespace {

namespace fs = std::filesystem;

// The archive read through, with what stands beside it: its digest.
archive::Verified sound(const fs::path& archive) {
  auto verified = archive::verify(archive);
  for (const auto& claim : verified.claims) {
    if (claim.status == archive::Claim::failed) {
      throw VerificationError(
          fmt::format("{}: {}: {}", archive.filename().string(), claim.name, claim.detail));
    }
  }
  return verified;
}

std::vector<std::string> names_of(const std::vector<ArtifactFile>& files) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const auto& file : files) names.push_back(file.name);
  return names;
}

bool same_content(const fs::path& path, const ArtifactFile& file) {
  return fs::is_regular_file(path) && fs::file_size(path) == file.size &&
         digest::sha256_file(path) == file.sha256;
}

// A folder beside the final files, so that naming them is one rename each.
class Landing {
 public:
  explicit Landing(const fs::path& folder) {
    fs::create_directories(folder);
    std::string name = (folder / ".exitgate-pull-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw Undecided(fmt::format("cannot write into {}", folder.string()));
    path_ = name;
  }
  ~Landing() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Landing(const Landing&) = delete;
  Landing& operator=(const Landing&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

Stored push(const fs::path& archive, const std::string& given, const RegistryOptions& options) {
  Reference reference = parse_reference(given);
  if (!reference.digest.empty())
    throw UsageError("a digest is given by the registry: push to a tag", "HOST/NAME:TAG");
  if (reference.tag.empty()) reference.tag = archive::folder_of(archive);
  if (!is_tag(reference.tag)) {
    throw UsageError(fmt::format("'{}' cannot be a tag", reference.tag), "give one: HOST/NAME:TAG");
  }
  const auto verified = sound(archive);
  const auto files = artifact_files(archive, verified.sha256);
  const std::string manifest =
      render_manifest_json(files, archive::info_value(verified.info, "Exitgate-Commit"));
  const TemporaryDirectory layout("exitgate-push");
  write_layout(layout.path(), fs::absolute(archive).parent_path(), files, manifest);
  skopeo({"copy", "--quiet", "--preserve-digests", tls(options, "--dest-tls-verify"),
          "oci:" + layout.path().string(), "docker://" + reference.text()},
         options, reference, "push to", kTransfer);
  return {reference.text(), "sha256:" + digest::sha256_hex(manifest), names_of(files)};
}

Stored pull(const std::string& given, const fs::path& folder, const RegistryOptions& options) {
  const Reference reference = parse_reference(given);
  if (reference.tag.empty() && reference.digest.empty())
    throw UsageError("the reference has neither a tag nor a digest", "give it as HOST/NAME:TAG");
  // What it is comes first: nothing of a foreign image is fetched. By digest when there is one.
  Reference asked = reference;
  if (!asked.digest.empty()) asked.tag.clear();
  const std::string manifest =
      skopeo({"inspect", "--raw", tls(options, "--tls-verify"), "docker://" + asked.text()}, options,
             reference, "pull", kQuestion);
  const std::string digest = "sha256:" + digest::sha256_hex(manifest);
  if (!reference.digest.empty() && digest != reference.digest) {
    throw VerificationError(
        fmt::format("{}: the registry gave another artifact ({})", reference.text(), digest));
  }
  std::vector<ArtifactFile> files;
  try {
    files = parse_manifest_json(manifest);
  } catch (const VerificationError& invalid) {
    throw VerificationError(fmt::format("{}: {}", reference.text(), invalid.what()), invalid.hint());
  }
  for (const auto& file : files) {
    const fs::path to = folder / file.name;
    if (fs::exists(fs::symlink_status(to)) && !same_content(to, file)) {
      throw UsageError(fmt::format("{} is there already, with another content", to.string()),
                       "give --out another folder");
    }
  }
  const Landing landing(folder);
  const fs::path blobs = landing.path() / "blobs";
  // The very manifest that was looked at, even if the tag has moved since.
  const Reference exact{reference.name, "", digest};
  skopeo({"copy", "--quiet", "--preserve-digests", tls(options, "--src-tls-verify"),
          "docker://" + exact.text(), "dir:" + blobs.string()},
         options, reference, "pull", kTransfer);
  for (const auto& file : files) {
    const fs::path blob = blobs / file.sha256;
    if (!same_content(blob, file)) {
      throw VerificationError(fmt::format("{}: {} is not what its digest says", reference.text(), file.name),
                              "the registry or the way from it is damaged: pull again, then ask its keeper");
    }
    fs::create_hard_link(blob, landing.path() / file.name);
  }
  sound(landing.path() / files.front().name);
  for (const auto& file : files) fs::rename(landing.path() / file.name, folder / file.name);
  return {reference.text(), digest, names_of(files)};
}

}  // namespace exitgate::registry
