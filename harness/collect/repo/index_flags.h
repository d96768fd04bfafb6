// What git was told not to look at: entries behind assume-unchanged and skip-worktree bits, and untracked
// files that only this clone's or this user's lists of excludes hide.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/repo/problem.h"
#include "harness/facts/tables/repo.h"
#include "harness/git/repository.h"

namespace exitgate::collect::repo {

// Where `differs` is nullopt, a problem says why.
using IndexFlag = facts::repo::IndexFlag;

using Excluded = facts::repo::Excluded;

struct IndexFlags {
  std::vector<IndexFlag> flags;
  std::vector<Excluded> excluded;
  std::vector<RepoProblem> problems;
  bool complete = true;  // false: the index or the lists could not be read at all
};

// Never throws. `tree`: of the commit, sorted by path; a flagged file differs when its content or mode is not
// the commit's. Content is compared by hashing it, without running any filter.
IndexFlags read_index_flags(const git::Repository& repository, const std::vector<git::TreeEntry>& tree);

}  // namespace exitgate::collect::repo
