// A suite as an OCI artifact: one layer, a tar of gate files in the form of harness/archive/tar.h, so that the same files
// have the same digest wherever they are packed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "harness/registry/registry.h"

namespace exitgate::registry {

inline constexpr std::string_view kSuiteArtifactType = "application/vnd.exitgate.suite.v1+json";
inline constexpr std::string_view kSuiteLayerType = "application/vnd.exitgate.suite.v1.tar";

using SuiteFiles = std::map<std::string, std::string>;  // content by path

std::string pack_suite(const SuiteFiles& files);
SuiteFiles unpack_suite(std::string_view tar);  // throws VerificationError

std::string render_suite_manifest_json(std::string_view tar);
// The SHA-256 of its layer. Throws VerificationError for a manifest that is not a suite's.
std::string layer_of_suite(std::string_view manifest);

// "HOST/NAME[:TAG]@sha256:…", or "oci:FOLDER@sha256:…" for an OCI layout in a folder. A tag beside the digest is for
// readers alone: what is fetched is what the digest names.
struct SuiteReference {
  std::string text;    // as it is shown: without the tag
  std::string sha256;  // of the manifest
};
// Throws UsageError, also for a reference without a digest.
SuiteReference parse_suite_reference(std::string_view given);

// The manifest and the layer that a reference names, as bytes. Not yet compared with their digests.
struct SuiteBlobs {
  std::string manifest;
  std::string layer;
};
SuiteBlobs fetch_suite(const SuiteReference& reference, const RegistryOptions& options = {});

// Pushes the gate files of a folder, its tests beside them. `reference`: HOST/NAME:TAG, or oci:FOLDER[:TAG].
Stored push_suite(const std::filesystem::path& folder, const std::string& reference,
                  const RegistryOptions& options = {});

}  // namespace exitgate::registry
