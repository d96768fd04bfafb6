// What the checks on a database's catalogs share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::check {

// The snapshots that a check of the schema looks at: 'migrated', what the commit makes, and 'live', what is.
// Without any, the report is given the reason: a skip when no database was asked for, else what could not be decided.
std::vector<std::string> snapshots_to_judge(const Facts& facts, Report& report);

// " (in the live database)" where that is not plain.
std::string in_snapshot(const std::string& snapshot);

// The items of the first list in parentheses at or behind `from`, split at its own commas:
// `FOREIGN KEY (a, "b,c") REFERENCES …` gives a and "b,c". Empty when there is none.
std::vector<std::string> listed(std::string_view definition, std::size_t from = 0);

// Whether the columns are the first of an index's items, in any order; an index serves such a search.
bool leads_with(const std::vector<std::string>& items, const std::vector<std::string>& columns);

// Where two definitions part, with some room around it: they can be pages long.
std::string excerpt(const std::string& text, const std::string& other);

}  // namespace exitgate::check
