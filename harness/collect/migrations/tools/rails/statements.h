// What a Rails migration takes away on its way up, by the operations of its methods.
//
// Ruby is parsed, not run. Read are `change` and `up` and what they call of their own class, with what literals, constants
// and loops over literals make of the arguments. Whatever else may change something is undecided, never harmless.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

std::vector<Statement> rails_statements(std::string_view text);

}  // namespace exitgate::collect
