// What a Rails migration takes away on its way up, by the operations of its methods.
//
// Ruby is read line by line, not run: an operation of Active Record's stands at the beginning of a line, with symbols and
// strings as its arguments. Whatever else stands in a method that may run on the way up is undecided, never harmless.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

std::vector<Statement> rails_statements(std::string_view text);

}  // namespace exitgate::collect
