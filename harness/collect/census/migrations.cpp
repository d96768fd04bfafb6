// Which migrations a tool does not look at, told by its configuration's own lines.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/census/hits.h"
#include "harness/json/json.h"

namespace exitgate::collect::census {

namespace {

// Whether the folder is one that alembic.ini names: `migrations/versions`, `%(here)s/versions`.
bool is_named(const Found& found, std::string_view folder) {
  return std::any_of(found.version_folders.begin(), found.version_folders.end(), [&](std::string_view named) {
    if (named.starts_with("%(here)s/")) named.remove_prefix(9);
    while (named.starts_with("./")) named.remove_prefix(2);
    while (named.ends_with('/')) named.remove_suffix(1);
    if (named.find('%') != std::string_view::npos || named.find(':') != std::string_view::npos) return true;
    for (std::string_view at = folder;;) {
      if (at == named || at.ends_with(fmt::format("/{}", named))) return true;
      const auto slash = at.rfind('/');
      if (!found.recursive_folders || slash == std::string_view::npos) return false;
      at = at.substr(0, slash);
    }
  });
}

bool is_replaced(const Found& found, std::string_view folder, std::string_view name) {
  return std::any_of(found.squashed.begin(), found.squashed.end(), [&](const auto& squashed) {
    return squashed.first == folder &&
           (squashed.second.find(fmt::format("\"{}\"", name)) != std::string::npos ||
            squashed.second.find(fmt::format("'{}'", name)) != std::string::npos);
  });
}

}  // namespace

void read_alembic_ini(std::string_view text, Found& found) {
  for (const auto& line : split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const auto key = trim(std::string_view(line).substr(0, equals));
    std::string value(trim(std::string_view(line).substr(equals + 1)));
    if (key == "recursive_version_locations") found.recursive_folders = lower(value) == "true";
    if (key != "version_locations") continue;
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == ';' || c == ','; }, ' ');
    for (const auto& folder : split(value, ' ')) {
      if (!trim(folder).empty()) found.version_folders.emplace_back(trim(folder));
    }
  }
}

void explain_migrations(Found& found) {
  for (auto& hit : found.hits) {
    if (!hit.explained.empty()) continue;
    const auto slash = hit.file.rfind('/');
    const auto folder = std::string_view(hit.file).substr(0, slash == std::string::npos ? 0 : slash);
    if (hit.search == Search::alembic_revisions && !found.version_folders.empty() &&
        !is_named(found, folder)) {
      hit.explained = "in no folder of version_locations: Alembic does not see it";
    }
    if (hit.search == Search::django_migrations) {
      auto name = std::string_view(hit.file).substr(slash + 1);
      name.remove_suffix(3);  // .py
      if (is_replaced(found, folder, name)) hit.explained = "replaced by a squashed migration";
    }
  }
}

void count_revisions(Found& found) {
  std::map<std::string, std::vector<const Revision*>> by_id;
  bool all_read = true;
  for (const Revision& revision : found.revisions) {
    if (!found.hits[revision.hit].explained.empty()) continue;
    by_id[revision.id].push_back(&revision);
    all_read = all_read && revision.parents && revision.line > 0;
  }
  std::set<std::string> parents;
  for (const auto& [id, revisions] : by_id) {
    std::int64_t edges = 0;
    bool is_read = true;
    for (const Revision* revision : revisions) {
      is_read = is_read && revision->parents && revision->line > 0;
      if (!is_read) break;
      edges += static_cast<std::int64_t>(revision->parents->size());
      parents.insert(revision->parents->begin(), revision->parents->end());
    }
    all_read = all_read && revisions.size() == 1;
    if (!is_read) continue;
    const Revision& first = *revisions.front();
    found.tallies.push_back({.fact = "migrations.edge",
                             .condition = Json{{"id", id}, {"kind", "down"}}.dump(),
                             .rows = edges,
                             .file = found.hits[first.hit].file,
                             .line = first.line,
                             .method = "the texts of its down_revision"});
  }
  // Heads are told by all of them together; a parent may be written shorter than it is.
  all_read = all_read && std::all_of(parents.begin(), parents.end(),
                                     [&](const std::string& parent) { return by_id.contains(parent); });
  if (!all_read) return;
  for (const auto& [id, revisions] : by_id) {
    const Revision& only = *revisions.front();
    found.tallies.push_back({.fact = "migrations.head",
                             .condition = Json{{"id", id}}.dump(),
                             .rows = parents.contains(id) ? 0 : 1,
                             .file = found.hits[only.hit].file,
                             .line = only.line,
                             .method = "whether another down_revision names it"});
  }
}

}  // namespace exitgate::collect::census
