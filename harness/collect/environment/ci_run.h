// The CI run that a run is part of, in terms that are the same for every service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/tables/environment.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::environment {

using CiRun = facts::environment::CiRun;

// nullopt outside CI. `environment`: "NAME=value" entries. On GitHub the pull request's commits stand in the
// file that GITHUB_EVENT_PATH names; a file that cannot be read leaves them unknown.
std::optional<CiRun> describe_ci_run(const std::vector<std::string>& environment,
                                     const redact::Redactor& redactor);

}  // namespace exitgate::collect::environment
