#include "harness/stages/clear_run.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/gate/bundle.h"

namespace exitgate::stages {

void clear_run(const record::RunDirectory& run) {
  std::error_code failed;
  std::filesystem::create_directories(run.root, failed);
  if (failed)
    throw Undecided(
        fmt::format("cannot create the run directory {}: {}", run.root.string(), failed.message()));
  // suite/gates alone is what a begin leaves that failed before it wrote run.json.
  const bool ours = std::filesystem::exists(run.run()) || std::filesystem::exists(run.gates());
  for (const auto member : gate::kMembers) {
    const auto path = run.root / member;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path))) continue;
    if (!ours) {
      throw UsageError(
          fmt::format("{} holds '{}', and was not made by a run of exitgate", run.root.string(), member),
          "give --out an empty or new folder");
    }
    std::filesystem::remove_all(path, failed);
    if (failed) throw Undecided(fmt::format("cannot remove {}: {}", path.string(), failed.message()));
  }
}

}  // namespace exitgate::stages
