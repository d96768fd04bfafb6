// What an upload or download step says, whatever the provider calls it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/ci/reference.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

struct Artifact {
  facts::ci::Direction direction = facts::ci::Direction::upload;
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
  std::optional<std::string> archive;        // of an upload: whether it is packed
  std::optional<std::string> delete_merged;  // of a merge
  bool other_run = false;
  // Of an upload; nullopt when it cannot be told.
  std::optional<facts::ci::SecondUpload> second_upload;
  std::optional<bool> hidden_files;
  std::string_view default_name;  // of an upload that is given no name; of static storage
  // Found out from the other files and the other jobs; nullopt when it cannot be told.
  std::optional<bool> collides;         // of an upload
  std::optional<std::int64_t> uploads;  // of a download

  bool is_merge() const { return is_upload() && reference.action.ends_with("/merge"); }
  bool is_upload() const { return direction == facts::ci::Direction::upload; }
};

}  // namespace exitgate::collect::ci
