// Where else the commit is known: branches, tags and remotes of the clone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/repo/problem.h"
#include "harness/git/repository.h"

namespace exitgate::collect {

struct Reference {
  std::string name;  // 'refs/heads/main'
  std::string oid;   // commit that it points at, also through an annotated tag
  bool at_commit = false;
};

struct Remote {
  std::string name;
  std::string url;  // without credentials
  std::optional<bool> contains_commit;
};

struct References {
  std::vector<Reference> references;  // those whose history holds the commit
  std::vector<Remote> remotes;
  std::vector<RepoProblem> problems;
};

// Never throws: what goes wrong is a problem.
References read_references(const git::Repository& repository, const std::string& commit, bool shallow);

}  // namespace exitgate::collect
