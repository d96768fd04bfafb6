// The calls of migration builders in JavaScript, by their names.
#pragma once

#include <string_view>

namespace exitgate::collect {

// Its first argument is SQL.
bool is_sql_call(std::string_view method);
// The kind of what a builder's call takes away: "drop-table"; "" when it is none of those.
std::string_view taken_by(std::string_view method);
// Only makes something, or reads, says or goes through something.
bool is_harmless_call(std::string_view method);

}  // namespace exitgate::collect
