// Literals that a column can never hold.
#pragma once

#include <optional>
#include <string_view>

#include "harness/check/declared_tables.h"
#include "harness/check/query_validation.h"

namespace exitgate::check {

// The first literal that is compared (=, <>, IS, IN, LIKE) with a column of a closed set of values, and is not in the set: the
// comparison says the same of every row, so that a gate that rests on it passes or fails by accident. Only where a column stands
// alone on one side and SQLite says which column it is. `tried`: the query as it is, without a mistake.
std::optional<QueryMistake> impossible_literal(std::string_view sql, const TriedQuery& tried);

}  // namespace exitgate::check
