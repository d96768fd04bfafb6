// Upload and download steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

struct Artifact {
  std::string direction;  // 'upload' or 'download'
  ActionReference reference;
  std::optional<std::string> name;  // all as written
  std::optional<std::string> path;
  std::optional<std::string> retention;
  std::optional<std::int64_t> retention_days;
  std::optional<std::string> if_no_files_found;
  // What it is called, expressions and all: the name, or the action's default; with `archive: false` the name
  // of the file. nullopt: of a download of several, or not known.
  std::optional<std::string> full_name;
  std::optional<std::string> name_pattern;
  std::optional<std::string> pattern;
  std::optional<std::string> merge_multiple;
  std::optional<std::string> overwrite;
  std::optional<std::string> artifact_ids;
  bool other_run = false;
  // Found out from the other files, see match.h and collision.h; nullopt when it cannot be told.
  std::optional<bool> collides;         // of an upload
  std::optional<std::int64_t> uploads;  // of a download
};

// What the step uploads or downloads, itself or through a wrapper that is given the action as `action:`
// (`uses: ./.github/actions/retry` with `action: actions/upload-artifact@v4`); nullopt for any other step.
std::optional<Artifact> read_artifact(const Step& step);

// Whether a name can fit both globs, of which '*' is any run of characters.
bool globs_meet(std::string_view one, std::string_view other);

// A text with expressions as a glob: each `${{ … }}` is '*'.
std::string name_glob(std::string_view text);

}  // namespace exitgate::collect::ci
