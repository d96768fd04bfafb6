// Which files of the commit are new since its base branch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"

namespace exitgate::collect {

struct Comparison {
  std::optional<std::string> reference;
  std::optional<std::string> oid;
  std::optional<std::string> merge_base;
  std::optional<std::string> problem;  // why what is new cannot be told
};

// Where the commit's own history begins: at `checkout.base` when it is named, else at the branch that CI says
// the change is for, else at the remote's main branch, else at the local one.
Comparison compare_with_base(const Checkout& checkout);

// The files of a commit by path and by blob.
class BaseTree {
 public:
  explicit BaseTree(std::vector<git::TreeEntry> entries);

  // The base has this content at this path, or at another: the file was moved.
  bool has_blob(const std::string& oid) const { return blobs_.count(oid) != 0; }
  // The blob at the path; nullopt when there is none.
  std::optional<std::string> blob_at(const std::string& path) const;

 private:
  std::map<std::string, std::string> paths_;
  std::map<std::string, int> blobs_;
};

}  // namespace exitgate::collect
