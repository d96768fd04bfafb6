// A row of repo.problem.
#pragma once

#include <optional>
#include <string>

#include "harness/facts/tables/repo.h"

namespace exitgate::collect::repo {

using RepoProblem = facts::repo::Problem;

}  // namespace exitgate::collect::repo
