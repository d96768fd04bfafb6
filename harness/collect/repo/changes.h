// How the work tree and the index differ from the commit, as git sees it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/repo/problem.h"
#include "harness/facts/tables/repo.h"
#include "harness/git/repository.h"

namespace exitgate::collect::repo {

using Change = facts::repo::Change;

struct Changes {
  std::vector<Change> rows;
  std::vector<RepoProblem> problems;
  // Whether every file was compared: without it, no rows do not mean a clean tree.
  bool complete = true;
};

// Reads `git status --porcelain=v2 -z --no-renames`. Exposed for the tests.
std::vector<Change> parse_status(std::string_view output);

// Never throws: what goes wrong is a problem and `complete` is false. A repository without a work tree gives
// nothing. `head`: commit that HEAD is at. When it is `commit`, this is what `git status` says; when it is
// another, the work tree and the index are compared with `commit`, and untracked files are added.
// `submodules`: paths of the commit's.
Changes read_changes(const git::Repository& repository, const std::string& commit, const std::string& head,
                     const std::vector<std::string>& submodules);

}  // namespace exitgate::collect::repo
