// A row of each fact table, as `exitgate tables` shows it beside the declaration: of one service, as a run would have it.
#pragma once

#include <string_view>

namespace exitgate::facts {

// JSON of a plausible row: its columns by name, without those that are NULL. "" for a table that has none.
std::string_view example_row(std::string_view domain, std::string_view table);

}  // namespace exitgate::facts
