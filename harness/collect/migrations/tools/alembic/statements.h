// What an Alembic revision takes away, by the syntax of its upgrade().
#pragma once

#include "harness/collect/migrations/statement.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

// Adds what upgrade() does, and the functions of the same file that it calls: operations of alembic.op and of
// its batches, SQL that is executed, `delete()` and `update()` of SQLAlchemy, types that are dropped. A text
// with something filled in counts as read when it parses with a name in each gap.
void add_alembic_upgrade(const syntax::Tree& tree, const syntax::Names& names, Statements& statements);

}  // namespace exitgate::collect
