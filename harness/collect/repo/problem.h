// A row of repo.problem.
#pragma once

#include <optional>
#include <string>

namespace exitgate::collect {

struct RepoProblem {
  std::optional<std::string> path;
  std::optional<std::string> oid;
  std::string reason;
};

}  // namespace exitgate::collect
