// Calls in a revision that may change the database in a way that nobody can read off them.
#pragma once

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

// Why what the call does cannot be told, or nullptr. Of calls that are neither operations of alembic.op nor of a batch, nor
// hand their statement to execute(): commands that are started, code that is named at run time, operations on what is not
// known, SQL handed to something else, a connection handed to another module's function.
const char* hidden_effect(const syntax::Tree& tree, const syntax::Names& names, syntax::Id call,
                          syntax::Id callee);

// Whether `*x` or `**x` stands among the arguments, so that they are not all written there.
bool has_unpacked_arguments(const syntax::Tree& tree, syntax::Id call);

}  // namespace exitgate::collect
