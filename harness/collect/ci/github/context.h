// What is known of a run on GitHub that a pull request starts, before it runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/source.h"

namespace exitgate::collect::ci::github {

using actions::Possible;

// The `github` context of a run that `trigger` ('pull_request' or 'pull_request_target') starts with its
// `types`. `repository` is "owner/name" where a remote of the clone tells it.
Possible run_context(const Trigger& trigger, const std::optional<std::string>& repository);

// "owner/name" as the clone's remotes tell it: what origin says, else what all others agree on.
std::optional<std::string> repository_name(const std::vector<Remote>& remotes);

}  // namespace exitgate::collect::ci::github
