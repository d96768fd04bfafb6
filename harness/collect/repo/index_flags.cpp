#include "harness/collect/repo/index_flags.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/path_text.h"
#include "harness/base/text.h"

namespace exitgate::collect::repo {

namespace {

using Flag = facts::repo::IndexFlagFlag;
using ExcludedSource = facts::repo::ExcludedSource;

std::vector<std::string> records(std::string_view output) {
  auto fields = split(output, '\0');
  if (!fields.empty() && fields.back().empty()) fields.pop_back();
  return fields;
}

// `git ls-files -v -z`: a letter, a space and the path. 'S' is skip-worktree; a small letter is assume-unchanged.
std::vector<IndexFlag> flagged_entries(std::string_view output) {
  std::vector<IndexFlag> found;
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\0'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (line.size() < 3) throw Undecided(fmt::format("git ls-files gave a line of another form: '{}'", line));
    const std::string path(line.substr(2));
    if (line[0] == 'S' || line[0] == 's') found.push_back({path, Flag::skip_worktree, std::nullopt});
    if (line[0] >= 'a' && line[0] <= 'z') found.push_back({path, Flag::assume_unchanged, std::nullopt});
  }
  return found;
}

// Compares files of the work tree with the commit's blobs.
class Comparison {
 public:
  Comparison(const git::Repository& repository, const std::vector<git::TreeEntry>& tree)
      : repository_(repository), root_(*repository.work_tree()), tree_(tree) {
    sparse_ = setting("core.sparseCheckout") == "true";
    modes_count_ = setting("core.fileMode") != "false";
  }

  // Hashes all of them by one git, because each start of it takes longer than the hashing. Names that git
  // could not read line by line, and everything when one file cannot be read, are left for differs() to hash
  // one by one.
  void hash_ahead(const std::vector<IndexFlag>& flags) {
    std::vector<std::string> paths;
    auto command = repository_.command({"hash-object", "-t", "blob", "--no-filters", "--stdin-paths"});
    for (const auto& flagged : flags) {
      const std::string file = (root_ / flagged.path).string();
      struct stat status {};
      if (file.find('\n') != std::string::npos || ::lstat(file.c_str(), &status) != 0 ||
          !S_ISREG(status.st_mode)) {
        continue;
      }
      paths.push_back(flagged.path);
      command.input += file + '\n';
    }
    if (paths.empty()) return;
    const auto finished = exitgate::run(command);
    const auto oids = split(finished.output, '\n');
    if (!finished.ok() || oids.size() != paths.size() + 1) return;
    for (std::size_t i = 0; i < paths.size(); ++i) hashed_.emplace(paths[i], oids[i]);
  }

  // nullopt: cannot be told; `reason` says why.
  std::optional<bool> differs(const IndexFlag& flagged, std::string& reason) {
    const auto* entry = find(path_text(flagged.path));
    const std::string file = (root_ / flagged.path).string();
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) {
      if (entry == nullptr) return false;
      // In a sparse checkout the bit's very meaning is that the file is not there.
      return !(sparse_ && flagged.flag == Flag::skip_worktree);
    }
    if (entry == nullptr || entry->type == "commit") {
      if (entry == nullptr) return true;
      reason = "it is a submodule";
      return std::nullopt;
    }
    const bool is_link = S_ISLNK(status.st_mode);
    if (is_link != (entry->mode == "120000") || (!is_link && !S_ISREG(status.st_mode))) return true;
    if (is_link) {
      std::error_code failed;
      const auto target = std::filesystem::read_symlink(file, failed);
      if (failed) {
        reason = failed.message();
        return std::nullopt;
      }
      return hash({"hash-object", "-t", "blob", "--stdin"}, target.string()) != entry->oid;
    }
    if (modes_count_ && ((status.st_mode & S_IXUSR) != 0) != (entry->mode == "100755")) return true;
    // As it is on the disk first: no attribute and no filter can make equal bytes unequal here.
    const auto ahead = hashed_.find(flagged.path);
    const std::string oid = ahead != hashed_.end()
                                ? ahead->second
                                : hash({"hash-object", "-t", "blob", "--no-filters", "--", file}, "");
    if (oid == entry->oid) return false;
    return converted_differs(flagged.path, file, entry->oid, reason);
  }

 private:
  std::string setting(const std::string& name) const {
    return std::string(trim(repository_.run({"config", "--type=bool", "--get", name}).output));
  }

  const git::TreeEntry* find(const std::string& path) const {
    const auto at = std::lower_bound(
        tree_.begin(), tree_.end(), path,
        [](const git::TreeEntry& entry, const std::string& wanted) { return entry.path < wanted; });
    return at != tree_.end() && at->path == path ? &*at : nullptr;
  }

  std::string hash(std::vector<std::string> arguments, std::string input) const {
    auto command = repository_.command(std::move(arguments));
    command.input = std::move(input);
    const auto finished = exitgate::run(command);
    if (!finished.ok()) throw Undecided(fmt::format("git hash-object: {}", trim(finished.error)));
    return std::string(trim(finished.output));
  }

  // git's own conversions (line ends, encoding, $Id$) run no program and are allowed; a filter of the user's
  // is not run, so a file with one cannot be compared.
  std::optional<bool> converted_differs(const std::string& path, const std::string& file,
                                        const std::string& oid, std::string& reason) const {
    const auto attribute = repository_.run({"check-attr", "-z", "filter", "--", path});
    const auto fields = records(attribute.output);
    if (!attribute.ok() || fields.size() < 3) {
      reason = "its attributes cannot be read";
      return std::nullopt;
    }
    const std::string& filter = fields[2];
    if (filter != "unspecified" && filter != "unset") {
      reason = fmt::format("it has the filter '{}', which is not run", filter);
      return std::nullopt;
    }
    return hash({"hash-object", "-t", "blob", fmt::format("--path={}", path), "--", file}, "") != oid;
  }

  const git::Repository& repository_;
  std::filesystem::path root_;
  const std::vector<git::TreeEntry>& tree_;
  std::map<std::string, std::string> hashed_;  // path to blob id, as the file is on the disk
  bool sparse_ = false;
  bool modes_count_ = true;
};

void compare_flagged(const git::Repository& repository, const std::vector<git::TreeEntry>& tree,
                     IndexFlags& result) {
  result.flags = flagged_entries(repository.output({"ls-files", "-v", "-z"}));
  if (result.flags.empty()) return;
  Comparison comparison(repository, tree);
  comparison.hash_ahead(result.flags);
  for (auto& flagged : result.flags) {
    std::string reason;
    try {
      flagged.differs = comparison.differs(flagged, reason);
    } catch (const Error& error) {
      reason = error.what();
    }
    if (!flagged.differs) {
      result.problems.push_back({path_text(flagged.path), std::nullopt,
                                 fmt::format("behind the {} bit, and cannot be compared with the commit: {}",
                                             to_text(flagged.flag), reason)});
    }
    flagged.path = path_text(flagged.path);
  }
}

std::vector<std::string> untracked(const git::Repository& repository, const std::string& excludes) {
  return records(
      repository.output({"ls-files", "--others", excludes, "--directory", "--no-empty-directory", "-z"}));
}

// Untracked files that are hidden although no .gitignore says so.
void find_excluded(const git::Repository& repository, IndexFlags& result) {
  const auto all = untracked(repository, "--exclude-per-directory=.gitignore");
  if (all.empty()) return;
  const auto seen_list = untracked(repository, "--exclude-standard");
  const std::set<std::string> seen(seen_list.begin(), seen_list.end());
  std::string hidden;
  for (const auto& path : all) {
    // A folder of which a part is seen stands in both lists: its owner has been told of it.
    if (!seen.contains(path)) hidden += path + '\0';
  }
  if (hidden.empty()) return;
  auto command = repository.command({"check-ignore", "--verbose", "--no-index", "-z", "--stdin"});
  command.input = hidden;
  const auto answer = exitgate::run(command);
  if (answer.exit_code != 0 && answer.exit_code != 1) {
    throw Undecided(fmt::format("git check-ignore: {}", trim(answer.error)));
  }
  const auto fields = records(answer.output);  // source, line, pattern, path
  const std::string_view own_list = to_text(ExcludedSource::info_exclude);
  for (std::size_t i = 0; i + 3 < fields.size(); i += 4) {
    const std::string& source = fields[i];
    const bool own =
        source.size() >= own_list.size() && source.substr(source.size() - own_list.size()) == own_list;
    result.excluded.push_back(
        {path_text(fields[i + 3]), own ? ExcludedSource::info_exclude : ExcludedSource::core_excludesfile});
  }
}

}  // namespace

IndexFlags read_index_flags(const git::Repository& repository, const std::vector<git::TreeEntry>& tree) {
  IndexFlags result;
  if (!repository.work_tree()) return result;
  try {
    compare_flagged(repository, tree, result);
  } catch (const std::exception& error) {
    result.complete = false;
    result.problems.push_back(
        {std::nullopt, std::nullopt, fmt::format("the index could not be read: {}", error.what())});
  }
  try {
    find_excluded(repository, result);
  } catch (const std::exception& error) {
    result.complete = false;
    result.problems.push_back({std::nullopt, std::nullopt,
                               fmt::format("the lists of excludes could not be read: {}", error.what())});
  }
  return result;
}

}  // namespace exitgate::collect::repo
