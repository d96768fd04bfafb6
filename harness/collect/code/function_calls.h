// Calls of the program's own functions: what a function reads or sets, whoever calls it reads or sets.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

// Of functions of this file, and of what is imported.
std::vector<FunctionCall> find_calls(const syntax::Tree& tree, const syntax::Names& names);

// The function at module level that the node stands in, whatever stands between them; "" for none.
std::string function_around(const syntax::Tree& tree, syntax::Id node);

}  // namespace exitgate::collect::code
