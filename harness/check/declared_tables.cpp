#include "harness/check/declared_tables.h"

#include <sqlite3.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/stores.h"
#include "harness/facts/tables.h"

namespace exitgate::check {

namespace {

facts::Stores declared_stores() {
  facts::Stores stores;
  for (const auto& [domain, sql] : facts::declarations()) {
    const facts::Stores one;
    if (sqlite3_exec(one.database(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw Undecided(sqlite3_errmsg(one.database()));
    stores.add_bytes(domain, one.bytes_of("main"));
  }
  return stores;
}

int record(void* context, int action, const char* first, const char* second, const char* database,
           const char* /*trigger*/) {
  switch (action) {
    case SQLITE_READ:
      if (first != nullptr && database != nullptr)
        ++static_cast<TriedQuery*>(context)->reads[{database, first, second == nullptr ? "" : second}];
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      return second != nullptr && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_PRAGMA:
      return SQLITE_DENY;
    default:  // it is prepared only, and a table-valued function (json_each) declares a table
      return SQLITE_OK;
  }
}

}  // namespace

TriedQuery try_on_declared(std::string_view sql) {
  static const facts::Stores stores = declared_stores();
  TriedQuery tried;
  try {
    stores.make_ready(sql);
  } catch (const Undecided& problem) {
    tried.mistake = problem.what();
    return tried;
  }
  sqlite3* const database = stores.database();
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  sqlite3_set_authorizer(database, record, &tried);
  const int prepared =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, &rest);
  sqlite3_set_authorizer(database, nullptr, nullptr);
  if (prepared != SQLITE_OK) {
    tried.mistake = prepared == SQLITE_AUTH ? "it must be one SELECT statement" : sqlite3_errmsg(database);
    if (const int offset = sqlite3_error_offset(database); offset >= 0 && prepared != SQLITE_AUTH)
      tried.offset = static_cast<std::size_t>(offset);
  } else {
    const std::size_t used = rest == nullptr ? sql.size() : static_cast<std::size_t>(rest - sql.data());
    const int columns = sqlite3_column_count(statement);
    if (columns == 0 || sqlite3_stmt_readonly(statement) == 0 || !trim(sql.substr(used)).empty())
      tried.mistake = "it must be one SELECT statement";
    for (int i = 0; i < columns; ++i) tried.columns.emplace_back(sqlite3_column_name(statement, i));
  }
  sqlite3_finalize(statement);
  return tried;
}

}  // namespace exitgate::check
