// A query tried on the declared fact tables, empty: what it reads, and what SQLite says of it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/facts.h"

namespace exitgate::check {

struct TriedQuery {
  // SQLite's message, or why the query is not one SELECT; "" when it is right.
  std::string mistake = {};
  std::optional<std::size_t> offset = {};  // of the mistake, in bytes, where SQLite says it
  // How often each column is named; with the column "" a table of which the query names none.
  std::map<facts::ColumnRead, int> reads = {};
  std::vector<std::string> columns = {};  // of its answer
};

// For one thread.
TriedQuery try_on_declared(std::string_view sql);

}  // namespace exitgate::check
