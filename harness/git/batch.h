// Many objects through one `git cat-file --batch`, read as they stream by.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/git/repository.h"

namespace exitgate::git {

struct Blob {
  // Nullopt when it is missing from the clone, not a blob, or larger than the limit.
  std::optional<std::string> content;
  std::size_t size = 0;  // in bytes; 0 when it is missing
  bool missing = false;
};

// Calls `take` once for each of `oids`, in their order, with its index. What is larger than `limit` streams
// by and is not kept. Nothing is fetched. Throws Undecided when git breaks off.
void read_blobs(const Repository& repository, const std::vector<std::string>& oids, std::size_t limit,
                const std::function<void(std::size_t, Blob)>& take);

}  // namespace exitgate::git
