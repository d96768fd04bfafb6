// The commit's files as the migration readers ask for them: which are there, and what one holds.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/path.h"
#include "harness/collect/checkout.h"

namespace exitgate::collect {

class Source {
 public:
  explicit Source(const Checkout& checkout);

  // Paths of the commit's regular files, sorted.
  const std::vector<std::string>& paths() const { return paths_; }
  // Of the files in a folder ("" is the root), in this folder alone or below it as well; sorted.
  std::vector<std::string> files_in(std::string_view folder, bool below = false) const;
  // Of the files that have this name, or end like "*.csproj", anywhere; sorted.
  std::vector<std::string> named(std::string_view name) const;
  bool has_file(std::string_view path) const;
  std::string oid(std::string_view path) const;    // of its blob; "" when there is no such file
  bool has_folder(std::string_view folder) const;  // that holds at least one file, at any depth

  // Nullopt when there is no such file or its blob is missing from the clone; is_missing() tells which.
  std::optional<std::string> read(std::string_view path);
  // The contents of many, in one go, for read() to have.
  void read_ahead(const std::vector<std::string>& paths);
  bool is_missing(std::string_view path) { return has_file(path) && !read(path); }

  // Files that a tool reads as its own, so that no other takes them for its migrations.
  void take(const std::string& path) { taken_.insert(path); }
  bool is_taken(const std::string& path) const { return taken_.contains(path); }

 private:
  std::vector<std::string> paths_;
  std::map<std::string, std::string, std::less<>> oids_;
  std::map<std::string, std::optional<std::string>, std::less<>> read_;
  std::set<std::string> taken_;
  const git::Repository& repository_;
  std::optional<git::Objects> objects_;  // begun when a first file is asked for
};

// `folder`/`path` with "." and ".." worked out; nullopt when it leads out of the repository or is absolute.
std::optional<std::string> join_path(std::string_view folder, std::string_view path);
bool ends_with(std::string_view text, std::string_view end);

}  // namespace exitgate::collect
