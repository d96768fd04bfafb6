#include "harness/facts/amend.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "harness/base/error.h"

namespace exitgate::facts {

void amend_store(const std::filesystem::path& store, const std::string& statements) {
  sqlite3* database = nullptr;
  std::string problem;
  if (sqlite3_open_v2(store.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
          SQLITE_OK ||
      sqlite3_exec(
          database,
          ("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; " + statements + "; COMMIT").c_str(),
          nullptr, nullptr, nullptr) != SQLITE_OK) {
    problem = sqlite3_errmsg(database);
  }
  sqlite3_close(database);
  if (!problem.empty()) throw Undecided(fmt::format("cannot change {}: {}", store.string(), problem));
}

}  // namespace exitgate::facts
