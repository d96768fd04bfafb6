#include "harness/registry/suite_artifact.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/archive/tar.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/names.h"
#include "harness/registry/client.h"

namespace exitgate::registry {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kConfig = "{}";
constexpr std::string_view kLayout = "oci:";
constexpr std::string_view kDigest = "@sha256:";

Json descriptor(std::string_view type, std::string_view content) {
  return {{"mediaType", type}, {"digest", "sha256:" + digest::sha256_hex(content)}, {"size", content.size()}};
}

std::string text_of(const Json* object, const char* key) {
  const auto found = object != nullptr && object->is_object() ? object->find(key) : nullptr;
  return found != nullptr && found->is_string() ? found->text() : "";
}

[[noreturn]] void not_a_suite(const std::string& what) {
  throw VerificationError(fmt::format("the artifact is not a suite of gates: {}", what),
                          "a suite is pushed with `exitgate push FOLDER REF`");
}

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

class Collector : public archive::MemberVisitor {
 public:
  SuiteFiles files;

  void begin(const std::string& name, std::uint64_t /*size*/) override {
    if (const auto problem = record::name_problem(name); !problem.empty())
      throw VerificationError(fmt::format("the suite holds a file whose name {}", problem));
    content_ = &files.emplace(name, "").first->second;
  }
  void bytes(std::string_view piece) override { content_->append(piece); }
  void end() override {}

 private:
  std::string* content_ = nullptr;
};

// Everything in the folder but hidden files: includes may name whatever they like.
SuiteFiles files_of(const fs::path& folder) {
  SuiteFiles files;
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::recursive_directory_iterator(); ++at) {
    const auto path = at->path();
    if (path.filename().string().starts_with('.')) {
      if (at->is_directory()) at.disable_recursion_pending();
      continue;
    }
    const auto ending = path.extension();
    if (!at->is_regular_file() || (ending != ".yaml" && ending != ".yml")) continue;
    const auto name = fs::relative(path, folder).generic_string();
    if (const auto problem = record::name_problem(name); !problem.empty())
      throw UsageError(fmt::format("{} cannot be pushed: its name {}", printable(path.string()), problem));
    files.emplace(name, read_file(path));
  }
  if (files.empty())
    throw UsageError(fmt::format("{}: the folder contains no gate files (*.yaml)", folder.string()));
  return files;
}

}  // namespace

std::string pack_suite(const SuiteFiles& files) {
  std::string tar;
  for (const auto& [name, content] : files) {
    tar += archive::tar_header(name, content.size(), 0);
    tar += content;
    tar.append(archive::tar_padding(content.size()), '\0');
  }
  tar.append(2 * archive::kTarBlock, '\0');
  tar.append((archive::kTarRecord - tar.size() % archive::kTarRecord) % archive::kTarRecord, '\0');
  return tar;
}

SuiteFiles unpack_suite(std::string_view tar) {
  Collector collector;
  archive::TarReader reader(collector);
  reader.feed(tar);
  reader.finish();
  return std::move(collector.files);
}

std::string render_suite_manifest_json(std::string_view tar) {
  Json layer = descriptor(kSuiteLayerType, tar);
  layer["annotations"] = {{"org.opencontainers.image.title", "suite.tar"}};
  return Json{{"schemaVersion", 2},
              {"mediaType", kManifestType},
              {"artifactType", kSuiteArtifactType},
              {"config", descriptor(kSuiteArtifactType, kConfig)},
              {"layers", Json::array({std::move(layer)})}}
      .dump();
}

std::string layer_of_suite(std::string_view text) {
  const Json manifest = parse_strict(text, "the artifact's manifest");
  if (text_of(&manifest, "artifactType") != kSuiteArtifactType)
    not_a_suite(fmt::format("its artifactType is not {}", kSuiteArtifactType));
  const auto layers = manifest.find("layers");
  if (layers == nullptr || !layers->is_array() || layers->size() != 1) not_a_suite("it has not one layer");
  const Json& layer = *layers->begin();
  const auto digest = text_of(&layer, "digest");
  if (text_of(&layer, "mediaType") != kSuiteLayerType || !digest.starts_with("sha256:") ||
      digest.size() != 71 || !is_hexadecimal(digest.substr(7)))
    not_a_suite("its layer is not a tar of gate files with a SHA-256");
  return digest.substr(7);
}

SuiteReference parse_suite_reference(std::string_view given) {
  const auto at = given.rfind(kDigest);
  const auto hex = at == std::string_view::npos ? "" : given.substr(at + kDigest.size());
  if (hex.size() != 64 || !is_hexadecimal(hex)) {
    throw UsageError(
        "the reference has no digest: a tag can be moved to other gates",
        "write HOST/NAME@sha256:<64 digits>; `exitgate push` and `skopeo inspect docker://HOST/NAME:TAG` "
        "print the digest");
  }
  std::string name(given.substr(0, at));
  if (name.starts_with(kLayout) && !name.starts_with("oci://")) {
    name.resize(std::min(name.find(':', kLayout.size()), name.size()));  // the tag
    if (!name.substr(kLayout.size()).starts_with('/'))
      throw UsageError("the folder of an OCI layout must be an absolute path",
                       "write oci:/FOLDER@sha256:<64 digits>");
    return {fmt::format("{}@sha256:{}", name, hex), std::string(hex)};
  }
  const auto reference = parse_reference(given);
  return {fmt::format("{}@sha256:{}", reference.name, hex), std::string(hex)};
}

SuiteBlobs fetch_suite(const SuiteReference& reference, const RegistryOptions& options) {
  SuiteBlobs blobs;
  if (reference.text.starts_with(kLayout)) {
    const fs::path folder =
        fs::path(reference.text.substr(kLayout.size(), reference.text.find('@') - kLayout.size())) / "blobs" /
        "sha256";
    if (!fs::is_regular_file(folder / reference.sha256)) {
      throw Undecided(fmt::format("{}: there is no such artifact", reference.text),
                      "is the folder an OCI layout, and was the suite pushed to it?");
    }
    blobs.manifest = read_file(folder / reference.sha256);
    blobs.layer = read_file(folder / layer_of_suite(blobs.manifest));
    return blobs;
  }
  const TemporaryDirectory to("exitgate-suite");
  const auto parsed = parse_reference(reference.text);
  skopeo({"copy", "--quiet", "--preserve-digests", tls(options, "--src-tls-verify"),
          "docker://" + reference.text, "dir:" + to.path().string()},
         options, parsed, "fetch", kQuestion);
  blobs.manifest = read_file(to.path() / "manifest.json");
  blobs.layer = read_file(to.path() / layer_of_suite(blobs.manifest));
  return blobs;
}

Stored push_suite(const fs::path& folder, const std::string& given, const RegistryOptions& options) {
  if (given.find('@') != std::string::npos)
    throw UsageError("a digest is given by the registry: push to a tag", "HOST/NAME:TAG");
  const bool layout = given.starts_with(kLayout) && !given.starts_with("oci://");
  Reference reference;
  if (!layout) {
    reference = parse_reference(given);
    if (reference.tag.empty()) reference.tag = "latest";
  } else {
    reference.name = given;
  }
  const auto files = files_of(folder);
  const auto tar = pack_suite(files);
  const auto manifest = render_suite_manifest_json(tar);
  const TemporaryDirectory from("exitgate-push");
  const auto blobs = from.path() / "blobs" / "sha256";
  make_directories(blobs);
  for (const auto content : {std::string_view(tar), std::string_view(manifest), kConfig})
    write_file(blobs / digest::sha256_hex(content), content);
  write_file(from.path() / "oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
  write_file(
      from.path() / "index.json",
      Json{{"schemaVersion", 2}, {"manifests", Json::array({descriptor(kManifestType, manifest)})}}.dump());
  skopeo({"copy", "--quiet", "--preserve-digests", tls(options, "--dest-tls-verify"),
          "oci:" + from.path().string(), layout ? given : "docker://" + reference.text()},
         options, reference, "push to", kTransfer);
  Stored stored{reference.text(), "sha256:" + digest::sha256_hex(manifest), {}};
  for (const auto& [name, content] : files) stored.files.push_back(name);
  return stored;
}

}  // namespace exitgate::registry
