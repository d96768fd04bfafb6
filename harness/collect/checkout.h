// What every collector of the repository's facts is given: the commit, never the work tree.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/git/repository.h"

namespace exitgate::collect {

struct Checkout {
  git::Repository repository;
  std::string commit;                // full id
  std::vector<git::TreeEntry> tree;  // of the commit, sorted by path
  // The branch or commit that the commit is compared with to tell what is new; "": the repository's main
  // branch, as far as it can be found.
  std::string base = {};
};

}  // namespace exitgate::collect
