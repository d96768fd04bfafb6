// The facts that a team's own gates ask for (tables: harness/facts/tables/asked.sql).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"

namespace exitgate::collect {

// What one gate asks.
struct AskedRequest {
  std::string gate;
  std::string check;
  std::string with;     // JSON of its parameters, without the defaults
  std::string example;  // JSON of the example that must turn it red; "" when it has none
};

// Whether a check's facts are collected because its gates ask for them: text, syntax, files and document.
bool is_asked_by(std::string_view check);

// Writes OUT/asked.db, in one pass over the files; without requests it is empty. What cannot be looked at is a problem row.
// Throws check::ParameterError for a request that no gate file may hold, and Undecided when git breaks off.
void collect_asked(const Checkout& checkout, const std::vector<AskedRequest>& requests,
                   const std::filesystem::path& out);

}  // namespace exitgate::collect
