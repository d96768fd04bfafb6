#include "harness/registry/oci_artifact.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/archive/bag.h"
#include "harness/attest/sidecars.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/names.h"

namespace exitgate::registry {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kTitle = "org.opencontainers.image.title";
constexpr std::string_view kConfig = "{}";
constexpr std::size_t kMostFiles = 1 + attest::kSidecars.size();

Json descriptor(std::string_view type, const std::string& sha256, std::uint64_t size) {
  return {{"mediaType", type}, {"digest", "sha256:" + sha256}, {"size", size}};
}

[[noreturn]] void invalid(const std::string& what) {
  throw VerificationError(fmt::format("the artifact's manifest {}", what),
                          "it was changed, or another program made it");
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != nullptr && found->is_string() ? found->text() : "";
}

ArtifactFile parse_layer(const Json& layer) {
  ArtifactFile file;
  if (!layer.is_object()) invalid("has a layer that is none");
  file.media_type = text_of(layer, "mediaType");
  const std::string digest = text_of(layer, "digest");
  const auto size = layer.find("size");
  if (!digest.starts_with("sha256:") || digest.size() != 71 ||
      digest.find_first_not_of("0123456789abcdef", 7) != std::string::npos) {
    invalid("has a layer without a SHA-256");
  }
  if (size == nullptr || !size->is_integer() || size->integer() < 0) invalid("has a layer without a size");
  file.sha256 = digest.substr(7);
  file.size = static_cast<std::uint64_t>(size->integer());
  const auto annotations = layer.find("annotations");
  if (annotations != nullptr) file.name = text_of(*annotations, kTitle);
  if (const auto problem = record::name_problem(file.name);
      !problem.empty() || file.name.find('/') != std::string::npos || file.name.front() == '.') {
    invalid(fmt::format("names a file '{}', which is not a plain name", valid_utf8(file.name)));
  }
  return file;
}

}  // namespace

std::string archive_media_type(const fs::path& archive) {
  switch (archive::format_of(archive)) {
    case archive::Format::tar_zst:
      return "application/vnd.exitgate.archive.v1.tar+zstd";
    case archive::Format::tar_gz:
      return "application/vnd.exitgate.archive.v1.tar+gzip";
    case archive::Format::zip:
      return "application/vnd.exitgate.archive.v1+zip";
  }
  return "";
}

std::vector<ArtifactFile> artifact_files(const fs::path& archive, const std::string& sha256) {
  std::vector<ArtifactFile> files = {
      {archive.filename().string(), archive_media_type(archive), sha256, fs::file_size(archive)}};
  for (const auto& [ending, type] : attest::kSidecars) {
    const fs::path sidecar = archive.string() + std::string(ending);
    if (!fs::exists(sidecar)) continue;
    files.push_back({sidecar.filename().string(), std::string(type), digest::sha256_file(sidecar),
                     fs::file_size(sidecar)});
  }
  return files;
}

std::string render_manifest_json(const std::vector<ArtifactFile>& files, const std::string& commit) {
  Json layers = Json::array();
  for (const auto& file : files) {
    Json layer = descriptor(file.media_type, file.sha256, file.size);
    layer["annotations"] = {{kTitle, file.name}};
    layers.push_back(std::move(layer));
  }
  Json manifest = {{"schemaVersion", 2},
                   {"mediaType", kManifestType},
                   {"artifactType", kArtifactType},
                   {"config", descriptor(kArtifactType, digest::sha256_hex(kConfig), kConfig.size())},
                   {"layers", std::move(layers)}};
  if (!commit.empty()) manifest["annotations"] = {{"org.opencontainers.image.revision", commit}};
  return manifest.dump();
}

std::vector<ArtifactFile> parse_manifest_json(std::string_view text) {
  const Json manifest = parse_strict(text, "the artifact's manifest");
  const auto config = manifest.find("config");
  const bool ours = config != nullptr && text_of(*config, "mediaType") == kArtifactType &&
                    text_of(manifest, "artifactType") == kArtifactType;
  if (!ours) {
    throw VerificationError("it is not evidence of Exitgate, but something else that the registry holds",
                            fmt::format("evidence has the artifactType {}", kArtifactType));
  }
  const auto layers = manifest.find("layers");
  if (layers == nullptr || !layers->is_array() || layers->empty() || layers->size() > kMostFiles) {
    invalid("does not name an archive and what stands beside it");
  }
  std::vector<ArtifactFile> files;
  for (const auto& layer : *layers) {
    ArtifactFile file = parse_layer(layer);
    const bool again = std::any_of(files.begin(), files.end(),
                                   [&](const ArtifactFile& other) { return other.name == file.name; });
    if (again) invalid(fmt::format("names '{}' twice", file.name));
    files.push_back(std::move(file));
  }
  const std::string& archive = files.front().name;
  try {
    if (archive_media_type(archive) != files.front().media_type) invalid("names no archive first");
  } catch (const UsageError&) {
    invalid("names no archive first");
  }
  for (std::size_t i = 1; i < files.size(); ++i) {
    const bool sidecar =
        std::any_of(attest::kSidecars.begin(), attest::kSidecars.end(), [&](const attest::Sidecar& one) {
          return files[i].name == archive + std::string(one.ending) && files[i].media_type == one.media_type;
        });
    if (!sidecar) invalid(fmt::format("names '{}', which does not belong to {}", files[i].name, archive));
  }
  return files;
}

void write_layout(const fs::path& layout, const fs::path& folder, const std::vector<ArtifactFile>& files,
                  const std::string& manifest) {
  const fs::path blobs = layout / "blobs" / "sha256";
  fs::create_directories(blobs);
  for (const auto& file : files) {
    const fs::path blob = blobs / file.sha256;
    if (!fs::exists(fs::symlink_status(blob))) fs::create_symlink(fs::absolute(folder / file.name), blob);
  }
  write_file(blobs / digest::sha256_hex(kConfig), kConfig);
  write_file(blobs / digest::sha256_hex(manifest), manifest);
  write_file(layout / "oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  const Json index = {
      {"schemaVersion", 2},
      {"manifests", Json::array({descriptor(kManifestType, digest::sha256_hex(manifest), manifest.size())})}};
  write_file(layout / "index.json", index.dump());
}

}  // namespace exitgate::registry
