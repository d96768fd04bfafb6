// Conditions of SQLAlchemy's expressions that select nothing: `.where(sa.true())`.
#pragma once

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

// Whether one of the methods where, filter and filter_by in the chain of calls that ends with `expression` is given a
// condition that may leave a row out. None of `True`, `sa.true()`, `sa.text("1 = 1")` and a call without arguments is.
bool has_condition(const syntax::Tree& tree, const syntax::Names& names, syntax::Id expression);

}  // namespace exitgate::collect
