#include "harness/facts/answer.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/stores.h"

namespace exitgate::facts {

namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Cell cell_at(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return bytes == nullptr ? std::string() : std::string(bytes, size);
    }
  }
}

}  // namespace

Answer answer(const std::filesystem::path& folder, const std::vector<std::string>& domains,
              const std::string& query) {
  Stores stores;
  for (const auto& domain : domains) stores.add_file(domain, folder / (domain + ".db"));
  stores.make_ready(query);
  sqlite3* const database = stores.database();
  const auto fail = [&](const char* what) {
    throw Undecided(fmt::format("{}: {}", what, sqlite3_errmsg(database)),
                    fmt::format("query: {}", trim(query)));
  };
  sqlite3_stmt* prepared = nullptr;
  sqlite3_exec(database, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  if (sqlite3_prepare_v2(database, query.c_str(), static_cast<int>(query.size()) + 1, &prepared, nullptr) !=
      SQLITE_OK)
    fail("the query has a mistake");
  const Statement statement(prepared);
  Answer all;
  const int columns = sqlite3_column_count(prepared);
  for (int i = 0; i < columns; ++i) all.columns.emplace_back(sqlite3_column_name(prepared, i));
  for (;;) {
    const int result = sqlite3_step(prepared);
    if (result == SQLITE_DONE) return all;
    if (result != SQLITE_ROW) fail("the query broke off");
    std::vector<Cell> row;
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(cell_at(prepared, i));
    all.rows.push_back(std::move(row));
  }
}

}  // namespace exitgate::facts
