// `exitgate push` and `exitgate pull`: archives in a registry.

#include <fmt/core.h>

#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/json/json.h"
#include "harness/registry/registry.h"

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

}  // namespace

int run_push(int argc, char** argv) {
  std::string archive;
  std::string reference;
  Common common;
  Options app("Pushes an archive, with its attestation and timestamp, to a registry as an OCI artifact.",
              "exitgate push");
  app.add("ARCHIVE", archive, "the archive").required();
  app.add("REF", reference, "HOST/NAME:TAG; without a tag, the archive's name is the tag").required();
  common.add_to(app);
  if (const auto ended = app.parse(argc, argv)) return *ended;
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
