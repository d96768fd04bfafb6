// Expressions over the columns of a table, told by the server without that table. Inside this library only.
//
// pg_get_expr(tree, table) opens the table to look up its columns' names: of all that a snapshot asks, this costs the
// most, and each table is locked. The names are known here; so the server is given one table for all, and the names of
// its columns in the answer are replaced by those of the table that is meant.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

// SQL for the expression: behind '1' when it has the stand-in's names, behind '0' when it needs the real table. `tree`: a
// pg_node_tree without a sub-select; `relation`: the table's oid; `width`: its pg_class.relnatts.
std::string stand_in_expression(std::string_view tree, std::string_view relation, std::string_view width);

// Replaces the stand-in's column names in what the server said by those that `name_of` gives for their numbers. With the
// empty search_path that is read under, whatever else a database has of its own stands behind a dot.
std::string with_real_names(std::string_view text, const std::function<std::string(int)>& name_of);

}  // namespace exitgate::collect::schema
