// Which file of the commit a report means by a path: by an absolute one of another machine, by one of a folder in the
// repository, or by a package and a name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/git/repository.h"

namespace exitgate::collect::tests {

class CommitPaths {
 public:
  explicit CommitPaths(const std::vector<git::TreeEntry>& tree);

  // For each file of one report the path in the commit that it means, nullopt where it means none or that is not certain.
  // `files`: the paths that each may be meant by, the likeliest first. `root`: where the commit lay, "" when unknown.
  //
  // A path that is one of the commit is meant. Else all absolute paths have lost one prefix, the one by which most of them
  // become paths of the commit; and a relative path lies below the folder by which most of them do.
  std::vector<std::optional<std::string>> resolve(const std::vector<std::vector<std::string>>& files,
                                                  const std::string& root) const;

 private:
  using Index = std::multimap<std::string_view, std::string_view>;
  bool has(std::string_view path) const;

  std::vector<std::string> paths_;  // sorted
  Index by_name_;                   // the paths by their last part
};

}  // namespace exitgate::collect::tests
