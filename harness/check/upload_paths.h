// What an upload takes in the runs of pull requests, with the values of `env`, `inputs` and `matrix` in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

class UploadPaths {
 public:
  explicit UploadPaths(const Facts& facts);  // of the store `ci`

  // Each `path:` that it has in some run, without doubles; as written where no run of a pull request has it. None without one.
  std::vector<std::string> of(const ci::Artifact& artifact) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::string>> paths_;  // by file and line
};

}  // namespace exitgate::check
