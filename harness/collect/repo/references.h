// Where else the commit is known: branches, tags and remotes of the clone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/repo/problem.h"
#include "harness/facts/tables/repo.h"
#include "harness/git/repository.h"

namespace exitgate::collect::repo {

using Reference = facts::repo::Reference;

using Remote = facts::repo::Remote;

struct References {
  std::vector<Reference> references;  // those whose history holds the commit
  std::vector<Remote> remotes;
  std::vector<RepoProblem> problems;
};

// Never throws: what goes wrong is a problem.
References read_references(const git::Repository& repository, const std::string& commit, bool shallow);

}  // namespace exitgate::collect::repo
