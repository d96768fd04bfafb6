// Conditions that let every row through, whatever they look like.
#pragma once

#include "harness/json/json.h"

namespace exitgate::collect {

// Whether the condition (an expression of libpg_query's JSON) holds for every row of `relation` (a RangeVar), as far as
// that can be read off it: constants (`1 = 1`), a column compared with itself, `x IS NULL OR x IS NOT NULL`,
// `id IN (SELECT id FROM relation)`. A null node, which is no condition at all, holds. False where it is not known.
// A column that is compared with itself lets NULLs out: such a condition still counts, since it selects nothing.
bool holds_always(const Json& condition, const Json& relation);

// The same of the tree of `SELECT 1 WHERE condition`.
bool where_holds_always(const Json& tree);

// Whether the MERGE deletes (`deletes`), or else updates, every row of its target: it matches whatever the row is.
bool merges_all(const Json& merge, bool deletes);

}  // namespace exitgate::collect
