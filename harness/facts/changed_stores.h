// Stores made from others by statements that somebody wrote: the facts of a test.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/facts/facts.h"

namespace exitgate::facts {

// Writes TO/<domain>.db for each: FROM/<domain>.db after the statements, which may read and write these stores. `rules` is
// Facts::declared(). Throws UsageError with SQLite's message for a statement that is not allowed, or that writes a row that the
// table's declaration rules out.
void write_changed_stores(const std::filesystem::path& from, const std::vector<std::string>& domains,
                          std::string_view statements, const Facts& rules, const std::filesystem::path& to);

}  // namespace exitgate::facts
