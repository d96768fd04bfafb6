// Where files can be included from: a folder of this machine, the target's commit, a commit of another repository, an
// artifact of a registry. Paths are relative to the tree's root, with '/'; "" is the root.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/git/repository.h"
#include "harness/suites/objects.h"

namespace exitgate::suites {

class Tree {
 public:
  enum class Kind { nothing, file, folder, other };

  virtual ~Tree() = default;
  // All throw Error: what cannot be fetched or read.
  virtual Kind kind(const std::string& path) = 0;
  virtual std::string content(const std::string& file) = 0;
  virtual std::vector<std::string> names(const std::string& folder) = 0;  // of what is directly in it

  virtual std::string shown(const std::string& path) const = 0;   // IncludedFile::shown
  virtual std::string origin(const std::string& path) const = 0;  // IncludedFile::origin
  virtual std::string sealed(const std::string& path) const = 0;  // IncludedFile::sealed
  // The path that `given` in `file` means, or "" with `problem` when it leads out of the tree.
  virtual std::string resolved(const std::string& file, const std::string& given, std::string& problem) const;
};

// Of this machine. Paths are those of the system, absolute or relative to the current folder.
std::unique_ptr<Tree> disk_tree();

// Of the target.
std::unique_ptr<Tree> commit_tree(const git::Repository& repository, std::string commit);

// Of another repository. Nothing is fetched before something is asked that the cache does not have. `url` is checked
// (check_git_url).
std::unique_ptr<Tree> git_tree(std::string url, std::string commit, ObjectCache cache);

// "" for a URL that git may be given: https, http, ssh, git and file URLs, HOST:PATH, an absolute path. Else what is
// wrong with it, without the URL itself: it may hold a password.
std::string git_url_problem(std::string_view url);

// Of an artifact that `exitgate push FOLDER` made: "HOST/NAME@sha256:…", or "oci:FOLDER@sha256:…" for an OCI layout.
// Throws UsageError for another form.
std::unique_ptr<Tree> oci_tree(const std::string& reference, ObjectCache cache);

// EXITGATE_OFFLINE: nothing is fetched. Throws Undecided, naming what would be.
void require_online(const std::string& what);

}  // namespace exitgate::suites
