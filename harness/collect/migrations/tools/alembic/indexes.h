// The indexes that Alembic's operations create and drop.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/migrations/statement.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

// Of a call of the operation `name` of alembic.op, or of a batch on `table`: what it creates and drops, as in
// sql_indexes.h. An index whose uniqueness is not written as True or False is none that is known.
void add_alembic_indexes(const syntax::Tree& tree, const syntax::Names& names, syntax::Id call,
                         std::string_view name, const std::optional<std::string>& table,
                         Statements& statements);

}  // namespace exitgate::collect
