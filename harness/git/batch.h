// Many objects through one `git cat-file --batch`, read as they stream by.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/git/repository.h"

namespace exitgate::git {

// Calls `take` once for each of `oids`, in their order, with its index and the blob's content; nullopt when
// the object is missing from the clone (or is no blob). Nothing is fetched. Throws Undecided when git breaks
// off.
void read_blobs(const Repository& repository, const std::vector<std::string>& oids,
                const std::function<void(std::size_t, std::optional<std::string>)>& take);

}  // namespace exitgate::git
