// Many blobs at once: one question to git, one answer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/git/repository.h"

namespace exitgate::collect::ci {

struct Blob {
  std::string content;
  std::string problem;  // why there is no content; empty when there is
};

// One for each id, in their order. Blobs larger than `limit` bytes are not read.
std::vector<Blob> read_blobs(const git::Repository& repository, const std::vector<std::string>& ids,
                             std::size_t limit);

}  // namespace exitgate::collect::ci
