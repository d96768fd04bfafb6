// The order of a table's columns, as schema.object says it in a row of its own (kind 'column order'): the
// names, quoted where SQL needs it, with ", " between them.
#pragma once

#include <string_view>

namespace exitgate::schema {

inline constexpr std::string_view kColumnOrder = "column order";

// Whether the columns that both have stand in one order. That others came or went is told by those columns
// themselves, and changes no order.
bool same_column_order(std::string_view before, std::string_view after);

}  // namespace exitgate::schema
