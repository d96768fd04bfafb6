#include <fmt/core.h>

#include "harness/authored/starter.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/collect/migrations/tool.h"
#include "harness/git/repository.h"

namespace exitgate::cli {

namespace {

constexpr const char* kUnknownStep =
    "echo 'write the command that migrates an empty database here' >&2; exit 1";

// Of the tool whose configuration lies at the root.
std::string step_for(const std::filesystem::path& root) {
  for (const auto& tool : collect::all_tools()) {
    if (!tool.default_config.empty() && std::filesystem::exists(root / tool.default_config))
      return std::string(tool.up);
  }
  return kUnknownStep;
}

}  // namespace

int run_init(int argc, char** argv) {
  std::string directory = ".";
  Options app("Writes a first exitgate.yaml into a work tree.", "exitgate init");
  app.add("--repo", directory, "the work tree").show_default();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const auto repository = git::Repository::open(directory);
  if (!repository.work_tree()) {
    throw UsageError(fmt::format("{} has no work tree to write exitgate.yaml into", directory),
                     "write it elsewhere and give it with --config");
  }
  const auto path = *repository.work_tree() / "exitgate.yaml";
  if (std::filesystem::exists(path)) {
    throw UsageError(fmt::format("{} is there already", path.string()), "change it, or remove it first");
  }
  write_file(path, authored::starter_configuration(step_for(*repository.work_tree())));
  say(fmt::format("wrote {}\n", path.string()));
  return 0;
}

}  // namespace exitgate::cli
