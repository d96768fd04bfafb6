#include "harness/facts/store.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/tables.h"
#include "harness/redact/redactor.h"

namespace exitgate::facts {

namespace {

[[noreturn]] void refuse(sqlite3* database, const std::string& doing) {
  throw Undecided(
      fmt::format("{}: {}", doing, sqlite3_errmsg(database)),
      sqlite3_errcode(database) == SQLITE_FULL ? "the disk is full: free some room, then run again" : "");
}

// What this process's environment says is secret, known to every collector without being told.
Redactor& secrets() {
  static Redactor known = Redactor::from_environment();
  return known;
}

}  // namespace

void add_secret_url(std::string_view url) {
  secrets().add_url(url);
}

Inserter::Inserter(sqlite3* database, std::string table, const std::vector<std::string_view>& columns)
    : table_(std::move(table)), last_(columns.size()) {
  std::string marks = "?";
  for (std::size_t i = 1; i < columns.size(); ++i) marks += ", ?";
  const std::string sql =
      fmt::format("INSERT INTO {} ({}) VALUES ({})", table_, fmt::join(columns, ", "), marks);
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK) refuse(database, sql);
}

Inserter::~Inserter() {
  sqlite3_finalize(statement_);
}

Inserter::Inserter(Inserter&& other) noexcept
    : table_(std::move(other.table_)),
      last_(std::move(other.last_)),
      statement_(std::exchange(other.statement_, nullptr)) {}

void Inserter::bind(int at, std::nullptr_t) {
  sqlite3_bind_null(statement_, at);
}
void Inserter::bind(int at, std::int64_t value) {
  sqlite3_bind_int64(statement_, at, value);
}
void Inserter::bind(int at, std::string_view value) {
  if (static_cast<std::size_t>(at) > last_.size()) return;  // finish() says so
  // Sorted rows repeat their first columns.
  auto& last = last_[static_cast<std::size_t>(at) - 1];
  if (value != last) {
    const auto masked = secrets().redacted(value);
    const std::string_view safe = masked ? *masked : value;
    // SQLite takes any bytes as text; readers of the archive do not.
    if (masked || invalid_utf8(safe)) {
      const std::string clean = valid_utf8(safe);
      sqlite3_bind_text(statement_, at, clean.data(), static_cast<int>(clean.size()), SQLITE_TRANSIENT);
      return;
    }
    constexpr std::size_t kShort = 64;
    if (value.size() <= kShort) last = value;
  }
  // The caller's text outlives the row: it is written at the end of the same expression.
  sqlite3_bind_text(statement_, at, value.empty() ? "" : value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
}

void Inserter::finish(int bound) {
  sqlite3* const database = sqlite3_db_handle(statement_);
  if (bound != sqlite3_bind_parameter_count(statement_)) {
    throw Undecided(fmt::format("internal fault: {} values for {} columns of {}", bound,
                                sqlite3_bind_parameter_count(statement_), table_));
  }
  const int result = sqlite3_step(statement_);
  sqlite3_reset(statement_);
  if (result != SQLITE_DONE) refuse(database, fmt::format("cannot write a row of {}", table_));
}

Store::Store(const std::filesystem::path& directory, std::string_view domain)
    : final_(directory / fmt::format("{}.db", domain)),
      temporary_(directory / fmt::format(".{}.db.{}", domain, ::getpid())) {
  const auto& declared = declaration(domain);
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  std::filesystem::remove(temporary_, failed);
  if (sqlite3_open_v2(temporary_.c_str(), &database_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                      nullptr) != SQLITE_OK) {
    const std::string reason = sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw Undecided(fmt::format("cannot write {}: {}", final_.string(), reason));
  }
  // The file gets its name only when complete, so a journal would protect nothing.
  execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN");
  execute(declared.sql);
}

Store::~Store() {
  if (database_ == nullptr) return;
  sqlite3_close_v2(database_);
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

Inserter Store::inserter(std::string table, std::initializer_list<std::string_view> columns) {
  return Inserter(database_, std::move(table), columns);
}

void Store::execute(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    refuse(database_, fmt::format("cannot write {}", final_.string()));
  }
}

void Store::close() {
  execute("COMMIT");
  if (sqlite3_close_v2(std::exchange(database_, nullptr)) != SQLITE_OK) {
    throw Undecided(fmt::format("cannot close {}", final_.string()));
  }
  std::error_code failed;
  std::filesystem::rename(temporary_, final_, failed);
  if (failed) throw Undecided(fmt::format("cannot write {}: {}", final_.string(), failed.message()));
}

}  // namespace exitgate::facts
