// What a place in source code stands in.
#pragma once

#include <cstddef>
#include <optional>

#include "harness/facts/tables/asked.h"

struct TSTree;

namespace exitgate::collect::asked {

// Nullopt where the grammar could not place the text.
std::optional<facts::asked::MatchContext> context_at(const TSTree* tree, std::size_t start, std::size_t end);

}  // namespace exitgate::collect::asked
