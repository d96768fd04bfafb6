// git, through the program itself: it reads every repository that git reads (worktrees, bare, shallow and
// partial clones, SHA-256). Configuration of a hostile repository that would run code (fsmonitor, hooks,
// filters, external diff, pagers) is switched off in every call, and nothing is ever fetched.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/base/process.h"

namespace exitgate::git {

struct TreeEntry {
  std::string mode;  // "100644", "100755", "120000" (symbolic link), "160000" (submodule)
  std::string type;  // "blob" or "commit"
  std::string oid;
  std::string path;  // path_text() of the path relative to the root, with '/' (harness/base/path_text.h)
};

class Repository {
 public:
  // A work tree, a folder inside one, a worktree, or a bare git directory. Throws UsageError naming the fix
  // ("not a git repository", dubious ownership).
  static Repository open(const std::filesystem::path& path);

  const std::filesystem::path& git_directory() const { return git_directory_; }  // absolute
  // Root of the work tree; nullopt for a bare repository.
  const std::optional<std::filesystem::path>& work_tree() const { return work_tree_; }

  // Names of the filter drivers (`filter.<name>.clean`) that the repository's own configuration declares and
  // that are therefore not run: what `git status` says of a file with such a filter means nothing.
  const std::vector<std::string>& switched_off_filters() const { return filters_; }

  // A partial clone: objects may be absent because they were never fetched.
  bool is_partial() const { return partial_; }

  // Full commit id. Throws UsageError: unknown revision (with the shallow or empty case named), not a commit.
  std::string resolve_commit(std::string_view revision) const;

  // Every blob and submodule of the commit's tree, sorted by path.
  std::vector<TreeEntry> tree(std::string_view commit) const;

  // Runs `git ARGUMENTS` here and returns it whatever its exit code.
  ProcessResult run(std::vector<std::string> arguments,
                    std::chrono::milliseconds limit = std::chrono::seconds(120)) const;
  // Its standard output. Throws Undecided when the exit code is not 0.
  std::string output(std::vector<std::string> arguments) const;
  // The command as a reader could repeat it and with the safe settings that it runs under here.
  Command command(std::vector<std::string> arguments) const;

 private:
  void switch_off(std::string_view settings);

  std::filesystem::path git_directory_;
  std::optional<std::filesystem::path> work_tree_;
  bool partial_ = false;
  std::vector<std::string> filters_;
  std::vector<std::string> overrides_;  // GIT_CONFIG_COUNT and the settings behind it, as environment entries
};

// Id and size of every blob that is really there. For partial clones, where git ends at the first object that
// it would have to fetch instead of saying that it is missing.
std::unordered_map<std::string, std::int64_t> local_blobs(const Repository& repository);

// Objects by id over one `git cat-file --batch`. A missing object is nullopt, never an exception and never a fetch.
class Objects {
 public:
  explicit Objects(const Repository& repository);

  struct Object {
    std::string type;
    std::string content;
  };
  // `name`: an object id, or "COMMIT:path". Nullopt also for one of more than `limit` bytes, which is passed over.
  std::optional<Object> read(std::string_view name,
                             std::size_t limit = std::numeric_limits<std::size_t>::max());

 private:
  std::optional<Object> ask(std::string_view name, std::size_t limit);

  Command command_;
  std::unique_ptr<Process> process_;
  std::optional<std::unordered_map<std::string, std::int64_t>> local_;  // of a partial clone
};

// One file of a commit, or nullopt when the commit has no such file. Throws Undecided when the blob is missing.
std::optional<std::string> read_file_at(const Repository& repository, std::string_view commit,
                                        std::string_view path);

}  // namespace exitgate::git
