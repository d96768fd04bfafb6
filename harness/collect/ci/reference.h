// `uses:` taken apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

struct ActionReference {
  std::string action;              // without the ref
  std::optional<std::string> ref;  // behind the '@'
  facts::ci::Pin pin = facts::ci::Pin::none;
};

ActionReference read_reference(std::string_view uses);

// What a `uses:` of this repository itself names, from its root: "./a/b" (in the workspace) and "$/a/b" (in
// the repository at the commit that runs, whatever is checked out) as "a/b". nullopt for any other `uses:`.
std::optional<std::string> local_path(std::string_view uses);

}  // namespace exitgate::collect::ci
