#include "harness/collect/repo/changes.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/path_text.h"
#include "harness/base/text.h"

namespace exitgate::collect::repo {

namespace {

constexpr int kSubmoduleDepth = 8;

// Views into `output`, which must outlive them: not to be called with a temporary string.
std::vector<std::string_view> records(std::string&& output) = delete;
std::vector<std::string_view> records(std::string_view output) {
  std::vector<std::string_view> result;
  while (!output.empty()) {
    const std::size_t end = output.find('\0');
    result.push_back(output.substr(0, end));
    output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
  }
  return result;
}

// The rest of a line behind its first `count` fields.
std::string_view after_fields(std::string_view line, int count) {
  for (; count > 0; --count) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return {};
    line.remove_prefix(space + 1);
  }
  return line;
}

[[noreturn]] void throw_unexpected(std::string_view line) {
  throw Undecided(fmt::format("git status gave a line of another form: '{}'", valid_utf8(line)));
}

// `git diff --raw -z`: ":<modes> <ids> <status>" and the path, each ended by NUL.
void add_raw_diff(std::string_view output, std::map<std::string, std::string>& changed) {
  const auto fields = records(output);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    changed.emplace(std::string(fields[i + 1]), std::string(after_fields(fields[i], 4).substr(0, 1)));
  }
}

std::vector<Change> against_other_commit(const git::Repository& repository, const std::string& commit) {
  // `git diff` and not diff-index, because it looks again at files whose times changed and whose content did not.
  const std::vector<std::string> diff = {"diff",         "--raw",         "-z",
                                         "--no-renames", "--no-ext-diff", "--no-textconv",
                                         "--no-abbrev",  "--no-relative", "--ignore-submodules=dirty"};
  std::map<std::string, std::string> changed;
  auto work_tree = diff;
  work_tree.insert(work_tree.end(), {commit, "--"});
  add_raw_diff(repository.output(work_tree), changed);
  auto index = diff;
  index.insert(index.end(), {"--cached", commit, "--"});
  add_raw_diff(repository.output(index), changed);
  std::vector<Change> rows;
  rows.reserve(changed.size());
  for (auto& [path, status] : changed) rows.push_back({std::move(status), path});
  const std::string untracked = repository.output(
      {"ls-files", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "-z"});
  for (const auto path : records(untracked)) {
    rows.push_back({"??", std::string(path)});
  }
  return rows;
}

std::vector<Change> against_head(const git::Repository& repository) {
  return parse_status(
      repository.output({"status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=normal",
                         "--ignored=no", "--ignore-submodules=dirty"}));
}

// Changes of files whose filter was not run say nothing: they become problems.
void take_out_filtered(const git::Repository& repository, Changes& changes) {
  if (repository.switched_off_filters().empty()) return;
  std::string asked;
  for (const auto& change : changes.rows) {
    if (change.status == "M") asked += change.path + '\0';
  }
  if (asked.empty()) return;
  auto command = repository.command({"check-attr", "-z", "--stdin", "filter"});
  command.input = asked;
  const auto answer = exitgate::run(command);
  if (!answer.ok()) throw Undecided(fmt::format("git check-attr: {}", answer.outcome()));
  std::map<std::string, std::string> filter_of;
  const auto fields = records(answer.output);
  for (std::size_t i = 0; i + 2 < fields.size(); i += 3) filter_of.emplace(fields[i], fields[i + 2]);
  const auto& off = repository.switched_off_filters();
  std::erase_if(changes.rows, [&](const Change& change) {
    const auto found = filter_of.find(change.path);
    if (change.status != "M" || found == filter_of.end() ||
        std::find(off.begin(), off.end(), found->second) == off.end()) {
      return false;
    }
    changes.problems.push_back(
        {path_text(change.path), std::nullopt,
         fmt::format("cannot be compared with the commit: its filter '{}' is declared in the clone's own "
                     "configuration, which is not run",
                     found->second)});
    changes.complete = false;
    return true;
  });
}

// A submodule with changes of its own is asked as a repository of its own, so that its configuration is
// switched off as well. Its checked-out commit is compared by the outer repository.
bool submodule_is_changed(const std::filesystem::path& folder, int depth) {
  const auto repository = git::Repository::open(folder);
  if (!against_head(repository).empty()) return true;
  if (depth == 0) throw Undecided(fmt::format("submodules are nested more than {} deep", kSubmoduleDepth));
  const std::string staged = repository.output({"ls-files", "--stage", "-z"});
  for (const auto line : records(staged)) {
    if (line.rfind("160000 ", 0) != 0) continue;
    const auto inner = folder / std::string(line.substr(line.find('\t') + 1));
    if (std::filesystem::exists(inner / ".git") && submodule_is_changed(inner, depth - 1)) return true;
  }
  return false;
}

void add_submodules(const git::Repository& repository, const std::vector<std::string>& paths,
                    Changes& changes) {
  const auto& root = *repository.work_tree();
  for (const auto& path : paths) {
    const auto folder = root / path_bytes(path);
    std::error_code unreadable;
    // Not checked out: nothing to differ.
    if (!std::filesystem::exists(folder / ".git", unreadable)) continue;
    try {
      if (submodule_is_changed(folder, kSubmoduleDepth)) changes.rows.push_back({"m", path});
    } catch (const Error& error) {
      changes.problems.push_back(
          {path, std::nullopt,
           fmt::format("the submodule could not be asked for changes: {}", error.what())});
      changes.complete = false;
    }
  }
}

}  // namespace

std::vector<Change> parse_status(std::string_view output) {
  std::vector<Change> rows;
  for (const auto line : records(output)) {
    if (line.empty()) throw_unexpected(line);
    std::string_view path;
    std::string status;
    switch (line[0]) {
      case '1':  // 1 XY sub mH mI mW hH hI path
        path = after_fields(line, 8);
        break;
      case 'u':  // u XY sub m1 m2 m3 mW h1 h2 h3 path
        path = after_fields(line, 10);
        break;
      case '?':
        path = after_fields(line, 1);
        status = "??";
        break;
      default:
        throw_unexpected(line);
    }
    if (path.empty()) throw_unexpected(line);
    if (status.empty()) {
      for (const char letter : line.substr(2, 2)) {
        if (letter != '.') status += letter;
      }
    }
    rows.push_back({std::move(status), std::string(path)});
  }
  return rows;
}

Changes read_changes(const git::Repository& repository, const std::string& commit, const std::string& head,
                     const std::vector<std::string>& submodules) {
  Changes changes;
  if (!repository.work_tree()) return changes;
  try {
    changes.rows = head == commit ? against_head(repository) : against_other_commit(repository, commit);
    take_out_filtered(repository, changes);
    for (auto& row : changes.rows) row.path = path_text(row.path);
    add_submodules(repository, submodules, changes);
  } catch (const std::exception& error) {
    changes.complete = false;
    changes.problems.push_back(
        {std::nullopt, std::nullopt,
         fmt::format("the work tree could not be compared with the commit: {}", error.what())});
  }
  std::sort(changes.rows.begin(), changes.rows.end(), [](const Change& a, const Change& b) {
    return std::tie(a.path, a.status) < std::tie(b.path, b.status);
  });
  return changes;
}

}  // namespace exitgate::collect::repo
