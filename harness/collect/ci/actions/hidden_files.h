// Whether an upload takes hidden files along.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/ci/reference.h"

namespace exitgate::collect::ci::actions {

// `asked`: its `include-hidden-files:`, as written. nullopt: it cannot be told.
std::optional<bool> takes_hidden_files(const ActionReference& reference,
                                       const std::optional<std::string>& asked);

}  // namespace exitgate::collect::ci::actions
