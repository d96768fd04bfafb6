// The conditions that a place in a program stands under, in languages whose `if` has the same fields in their grammars.
#pragma once

#include <optional>
#include <string>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

// Of the `if` statements and expressions around the node in its function, outermost first, joined by " and "; what stands in
// the other branch is "not (…)". Nullopt for none.
std::optional<std::string> conditions_around(const syntax::Tree& tree, syntax::Id node);

}  // namespace exitgate::collect::code
