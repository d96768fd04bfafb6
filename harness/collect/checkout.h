// What every collector of the repository's facts is given: the commit, never the work tree.
#pragma once

#include <filesystem>
#include <functional>
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
  // Where what was found in a blob may be kept for the next run; "": nothing is kept, and all is read anew.
  std::filesystem::path cache = {};
  // What a reader of the log may want to know, a line each; may be empty.
  std::function<void(const std::string&)> say = {};
};

}  // namespace exitgate::collect
