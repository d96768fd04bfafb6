// The indexes that Active Record's operations create and remove.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/collect/migrations/tools/rails/operations.h"

namespace exitgate::collect::rails {

// Of an operation whose arguments from `first` on follow its table's: `add_index`, `remove_index`, `index`, `references`,
// `string` and whatever else takes `index:`. As in sql_indexes.h; an index with a name of its own is there under that
// which Rails would give it as well, since it may be removed by its columns. What it removes without saying is undecided;
// line and text are for the caller to fill in.
std::vector<Statement> index_changes(const Call& call, const Values& values, const std::string& table,
                                     std::size_t first);

}  // namespace exitgate::collect::rails
