// The indexes that Active Record's operations create and remove.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

// Of an operation and its arguments as the source writes them, without the table: `add_index`, `remove_index`, `index`,
// `references`, `string` and whatever else takes `index:`. As in sql_indexes.h; an index with a name of its own is there
// under that which Rails would give it as well, since it may be removed by its columns. What it removes without saying is
// undecided; line and text are for the caller to fill in.
std::vector<Statement> rails_index_changes(std::string_view operation, const std::string& table,
                                           const std::vector<std::string>& arguments);

}  // namespace exitgate::collect
