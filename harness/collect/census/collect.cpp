#include "harness/collect/census/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/census/hits.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/census.h"
#include "harness/git/batch.h"

namespace exitgate::collect {

namespace census {

namespace {

constexpr std::size_t kMostBytes = 4U << 20U;

bool is_workflow(std::string_view path) {
  for (const std::string_view folder : {".github/workflows/", ".forgejo/workflows/", ".gitea/workflows/"}) {
    if (!path.starts_with(folder)) continue;
    path.remove_prefix(folder.size());
    return path.find('/') == std::string_view::npos && (path.ends_with(".yml") || path.ends_with(".yaml"));
  }
  return false;
}

bool is_action(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  return name == "action.yml" || name == "action.yaml";
}

bool is_alembic_ini(std::string_view path) {
  return path == "alembic.ini" || path.ends_with("/alembic.ini");
}

bool is_python(std::string_view path) {
  return path.ends_with(".py");
}

// The Python files in which git itself finds one of the patterns.
std::set<std::string> python_files(const Checkout& checkout) {
  const auto found = checkout.repository.run(
      {"grep", "-zlIE", "-e", kPythonPattern, checkout.commit, "--", "*.py"}, std::chrono::seconds(300));
  // 1: nothing found. Anything else: an object that a partial clone lacks, for instance; then all are read.
  std::set<std::string> files;
  if (!found.ok() && found.exit_code != 1) {
    for (const auto& entry : checkout.tree) {
      if (is_python(entry.path)) files.insert(entry.path);
    }
    return files;
  }
  const std::string prefix = checkout.commit + ":";
  for (const auto& name : split(found.output, '\0')) {
    if (name.starts_with(prefix)) files.insert(name.substr(prefix.size()));
  }
  return files;
}

Found search(const Checkout& checkout) {
  Found found;
  const auto python = python_files(checkout);
  std::vector<const git::TreeEntry*> files;
  std::vector<std::string> ids;
  for (const auto& entry : checkout.tree) {
    if (is_workflow(entry.path)) {
      found.hits.push_back(
          {.search = Search::workflow_files, .file = entry.path, .text = {}, .explained = {}});
    }
    const bool regular = entry.type == "blob" && entry.mode != "120000";
    if (regular && is_migration_file(entry.path)) {
      found.hits.push_back(
          {.search = Search::migration_files, .file = entry.path, .text = {}, .explained = {}});
    }
    const bool searched = is_workflow(entry.path) || is_action(entry.path) || is_alembic_ini(entry.path) ||
                          python.contains(entry.path);
    if (!regular || !searched) continue;
    files.push_back(&entry);
    ids.push_back(entry.oid);
  }
  git::read_blobs(checkout.repository, ids, kMostBytes, [&](std::size_t index, git::Blob blob) {
    if (!blob.content) return;
    const auto& path = files[index]->path;
    if (is_python(path)) {
      search_python(path, *blob.content, found);
    } else if (is_alembic_ini(path)) {
      read_alembic_ini(*blob.content, found);
    } else {
      search_workflow(path, *blob.content, is_action(path) && !is_workflow(path), found);
    }
  });
  return found;
}

// The files that GitLab's configuration consists of, one after the other, as each names others.
void search_gitlab_of(const Checkout& checkout, Found& found) {
  std::map<std::string, std::string> oids;
  std::vector<std::string> paths;
  for (const auto& entry : checkout.tree) {
    const bool regular = entry.type == "blob" && entry.mode != "120000";
    const std::string_view path = entry.path;
    if (!regular || !(path.ends_with(".yml") || path.ends_with(".yaml"))) continue;
    oids.emplace(entry.path, entry.oid);
    paths.push_back(entry.path);
  }
  const auto read = [&](const std::string& path) {
    std::optional<std::string> text;
    if (const auto known = oids.find(path); known != oids.end()) {
      git::read_blobs(checkout.repository, {known->second}, kMostBytes,
                      [&](std::size_t, git::Blob blob) { text = std::move(blob.content); });
    }
    return text;
  };
  search_gitlab(read, paths, found);
}

// git's own count of the commit's files, past the list that the collectors share.
void count_files(const Checkout& checkout, Found& found) {
  const auto listed = checkout.repository.output({"ls-tree", "-r", "-z", checkout.commit});
  std::int64_t files = 0;
  std::int64_t python = 0;
  for (const auto& line : split(listed, '\0')) {
    if (line.empty()) continue;
    ++files;
    if (line.starts_with("100") && line.ends_with(".py")) ++python;
  }
  found.tallies.push_back({.fact = "repo.file",
                           .condition = "{}",
                           .rows = files,
                           .file = {},
                           .method = "git ls-tree -r $C | wc -l"});
  found.tallies.push_back({.fact = "code.file",
                           .condition = R"({"file": "*.py"})",
                           .rows = python,
                           .file = {},
                           .method = R"(git ls-tree -r $C | grep -c '^100.*\.py$')"});
}

template <typename Value>
std::optional<Value> known(Value value) {
  return value == Value{} ? std::nullopt : std::optional<Value>(std::move(value));
}

std::optional<std::int64_t> line_of(int line) {
  return line == 0 ? std::nullopt : std::optional<std::int64_t>(line);
}

void write(const Found& found, const std::filesystem::path& out) {
  namespace rows = facts::census;
  facts::Store store(out, "census");
  for (const auto& search : searches()) {
    const auto hits = std::count_if(found.hits.begin(), found.hits.end(),
                                    [&](const Hit& hit) { return hit.search == search.search; });
    store.insert(rows::Search{.name = fmt::format("{} ({})", search.name, search.fact),
                              .fact = std::string(search.fact),
                              .command = command_of(search, found.gitlab_files),
                              .hits = hits});
  }
  for (const auto& hit : found.hits) {
    const auto& search = searches()[static_cast<std::size_t>(hit.search)];
    store.insert(rows::Hit{.search = fmt::format("{} ({})", search.name, search.fact),
                           .fact = std::string(search.fact),
                           .file = hit.file,
                           .line = line_of(hit.line),
                           .first = line_of(hit.first),
                           .last = line_of(hit.last),
                           .text = hit.text,
                           .explained = known(hit.explained)});
  }
  for (const auto& tally : found.tallies) {
    store.insert(rows::Tally{.fact = tally.fact,
                             .condition = tally.condition,
                             .rows = tally.rows,
                             .file = known(tally.file),
                             .line = line_of(tally.line),
                             .method = tally.method});
  }
  store.close();
}

}  // namespace
}  // namespace census

void collect_census(const Checkout& checkout, const std::filesystem::path& out) {
  auto found = census::search(checkout);
  census::search_gitlab_of(checkout, found);
  census::explain_migrations(found);
  census::count_revisions(found);
  census::count_files(checkout, found);
  census::write(found, out);
}

}  // namespace exitgate::collect
