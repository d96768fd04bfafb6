// `exitgate push` and `exitgate pull`: archives in a registry.

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/json/json.h"
#include "harness/registry/registry.h"
#include "harness/registry/suite_artifact.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

struct Common {
  registry::RegistryOptions registry;
  std::string auth_file;
  bool as_json = false;

  void add_to(Options& app) {
    app.add_flag("--insecure", registry.insecure,
                 "the registry speaks HTTP, or its certificate is not to be checked");
    app.add("--authfile", auth_file, "logins, as `skopeo login --authfile` writes them");
    app.add_flag("--json", as_json, "as JSON");
  }
  const registry::RegistryOptions& options() {
    if (!auth_file.empty()) registry.auth_file = auth_file;
    return registry;
  }
  void print(const char* what, const registry::Stored& stored) const {
    if (as_json) {
      write_document(fmt::format(
          "{}\n",
          Json{{"reference", stored.reference}, {"digest", stored.digest}, {"files", stored.files}}.dump(2)));
      return;
    }
    say(fmt::format("{} {} ({})\n", what, stored.reference, stored.digest));
    for (const auto& file : stored.files) say(fmt::format("  {}\n", file));
  }
};

// A suite of gates, for others to include.
int push_folder(const std::string& folder, const std::string& reference, Common& common) {
  if (std::filesystem::exists(std::filesystem::path(folder) / "run.json")) {
    throw UsageError(fmt::format("{} is a run directory, and only its archive can be pushed", folder),
                     "give the archive that the run made");
  }
  stages::require_valid(stages::trusted_suite({folder}, ""));
  const auto stored = registry::push_suite(folder, reference, common.options());
  common.print("pushed", stored);
  if (common.as_json) return 0;
  // As an include names it: a layout's folder must be absolute, and a tag says nothing.
  std::string name = stored.reference;
  if (name.starts_with("oci:") && !name.starts_with("oci://")) {
    name.resize(std::min(name.find(':', 4), name.size()));
    name = "oci:" + std::filesystem::absolute(name.substr(4)).lexically_normal().string();
  } else {
    name.resize(std::min(name.find(':', name.rfind('/')), name.size()));
  }
  say(fmt::format("To include it:\n  - {{oci: \"{}@{}\"}}\n", name, stored.digest));
  return 0;
}

}  // namespace

int run_push(int argc, char** argv) {
  std::string archive;
  std::string reference;
  Common common;
  Options app(
      "Pushes an archive, with its attestation and timestamp, or a folder of gate files to a registry as an "
      "OCI artifact.",
      "exitgate push");
  app.add("ARCHIVE", archive, "the archive, or the folder of gate files").required();
  app.add("REF", reference,
          "HOST/NAME:TAG; without a tag, the archive's name is the tag. Of a folder also oci:FOLDER, an OCI "
          "layout")
      .required();
  common.add_to(app);
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (std::filesystem::is_directory(archive)) return push_folder(archive, reference, common);
  common.print("pushed", registry::push(archive, reference, common.options()));
  return 0;
}

int run_pull(int argc, char** argv) {
  std::string reference;
  std::string folder = ".";
  Common common;
  Options app("Pulls an archive, with its attestation and timestamp, from a registry.", "exitgate pull");
  app.add("REF", reference, "HOST/NAME:TAG or HOST/NAME@sha256:…").required();
  app.add("--out", folder, "folder for the files").show_default();
  common.add_to(app);
  if (const auto ended = app.parse(argc, argv)) return *ended;
  common.print("pulled", registry::pull(reference, folder, common.options()));
  return 0;
}

}  // namespace exitgate::cli
