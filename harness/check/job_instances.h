// How often the jobs of a file stand in one run, for names that each of them has to have for itself.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/check/check.h"

namespace exitgate::check {

class JobInstances {
 public:
  explicit JobInstances(const Facts& facts);  // of the store `ci`

  struct Count {
    bool in_matrix = false;  // one call has several combinations of it, or any number that only the run knows
    bool called_again = false;  // its file is called several times, or in a matrix
  };

  // By file and id, the jobs of the runs of `root` that a pull request does not surely skip.
  const std::map<std::pair<std::string, std::string>, Count>& of_run(const std::string& root) const;

 private:
  std::map<std::string, std::map<std::pair<std::string, std::string>, Count>> runs_;
};

}  // namespace exitgate::check
