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

  // The base has this content, at this path or at another.
  bool has_blob(const std::string& oid) const { return blobs_.count(oid) != 0; }
  // The base has it under the same name, in whatever folder: the file was moved. A name that many have ("up.sql") counts
  // with its folder's. What is named by its number alone may have another title.
  bool has_moved(const std::string& oid, std::string_view path, bool named_by_number) const;
  // The blob at the path; nullopt when there is none.
  std::optional<std::string> blob_at(const std::string& path) const;
  const std::map<std::string, std::string>& blobs_by_path() const { return paths_; }

 private:
  std::map<std::string, std::string> paths_;
  std::map<std::string, std::vector<std::string>> blobs_;  // their paths
};

}  // namespace exitgate::collect
