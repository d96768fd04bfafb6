// An archive as an OCI artifact: the manifest that names its files, and the layout folder that clients copy
// from. https://github.com/opencontainers/image-spec (image-layout.md, manifest.md)
//
// One manifest, the same for the same files. `artifactType` and, for registries from before OCI 1.1, the type
// of the empty config are kArtifactType. One layer for each file: the archive, then what stands beside it,
// each with its name as `org.opencontainers.image.title`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::registry {

inline constexpr std::string_view kArtifactType = "application/vnd.exitgate.evidence.v1+json";

struct ArtifactFile {
  std::string name;
  std::string media_type;
  std::string sha256;
  std::uint64_t size = 0;
};

// "application/vnd.exitgate.archive.v1.tar+zstd" for NAME.tar.zst.
std::string archive_media_type(const std::filesystem::path& archive);

// The archive, whose digest is known, and its sidecars. Throws Undecided for one that cannot be read.
std::vector<ArtifactFile> artifact_files(const std::filesystem::path& archive, const std::string& sha256);

std::string render_manifest_json(const std::vector<ArtifactFile>& files, const std::string& commit);

// Throws VerificationError for a manifest that is not of kArtifactType, or not in this form: one archive, only
// sidecars of it, each once, no name that is more than a name.
std::vector<ArtifactFile> parse_manifest_json(std::string_view manifest);

// An OCI layout in `layout`, in which the files are links to those in `folder`: nothing large is copied.
void write_layout(const std::filesystem::path& layout, const std::filesystem::path& folder,
                  const std::vector<ArtifactFile>& files, const std::string& manifest);

}  // namespace exitgate::registry
