// What stands under `on: pull_request:` and keeps pull requests from starting a workflow: activity types, base branches, paths
// (ci.trigger.filters).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

struct TriggerFilters {
  std::vector<std::string> types;  // as written; none: opened, synchronize and reopened
  std::vector<std::string> branches;
  std::vector<std::string> branches_ignore;
  std::vector<std::string> paths;
  std::vector<std::string> paths_ignore;

  bool on_type(std::string_view type) const;
  bool filters_paths() const { return !paths.empty() || !paths_ignore.empty(); }
  // Whether a change of this file alone passes the filters of paths.
  bool covers(std::string_view path) const;
};

// Of the JSON in ci.trigger.filters; what is not as expected there is passed over.
TriggerFilters read_trigger_filters(std::string_view json);

// A pattern as filters of branches and paths have it: `*` any run without '/', `**` any run, `?` none or one of the character
// before it, `+` one or more of it, `[a-z]` one of a set.
bool filter_matches(std::string_view pattern, std::string_view text);

}  // namespace exitgate::check
