// What is known of a run on Forgejo or Gitea that a pull request starts, before it runs.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/ci/actions/context.h"

namespace exitgate::collect::ci::forgejo {

// The context `forgejo` (also `forge`, `gitea` and `github`). `repository` is "owner/name", where it is known.
actions::Possible run_context(const Trigger& trigger, const std::optional<std::string>& repository);

}  // namespace exitgate::collect::ci::forgejo
