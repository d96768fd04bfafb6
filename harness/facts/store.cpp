#include "harness/facts/store.h"

#include <fmt/core.h>
#include <sqlite3.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/facts/schema_version.h"
#include "harness/facts/secrets.h"
#include "harness/facts/tables.h"
#include "harness/redact/redactor.h"

namespace exitgate::facts {

namespace {

// A typed row has no value that a CHECK rules out, and asking again for each row takes a quarter of the time of collecting.
constexpr const char* kTrust = "PRAGMA ignore_check_constraints = ON";

[[noreturn]] void fail(sqlite3* database, const std::string& doing) {
  throw Undecided(
      fmt::format("{}: {}", doing, sqlite3_errmsg(database)),
      sqlite3_errcode(database) == SQLITE_FULL ? "the disk is full: free some room, then run again" : "");
}

}  // namespace

redact::Redactor& secrets() {
  static redact::Redactor known = redact::Redactor::from_environment();
  return known;
}

void add_secret_url(std::string_view url) {
  secrets().add_url(url);
}

Store::Store(const std::filesystem::path& directory, std::string_view domain)
    : domain_(domain),
      final_(directory / fmt::format("{}.db", domain)),
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
  run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN");
  run(declared.sql);
  run(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  run(kTrust);
}

Store::~Store() {
  writers_.clear();
  if (database_ == nullptr) return;
  sqlite3_close_v2(database_);
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

RowWriter& Store::writer(const TableInfo& table) {
  if (table.domain != domain_) {
    throw Undecided(fmt::format("internal fault: a row of {}.{} is written into {}.db", table.domain,
                                table.name, domain_));
  }
  if (writers_.size() <= table.number) writers_.resize(table.number + 1);
  auto& known = writers_[table.number];
  if (!known)
    known = std::make_unique<RowWriter>(database_, std::string(table.name), std::string(table.insert));
  return *known;
}

void Store::execute(const std::string& sql) {
  run("PRAGMA ignore_check_constraints = OFF");
  run(sql);
  run(kTrust);
}

void Store::run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(database_, fmt::format("cannot write {}", final_.string()));
  }
}

void Store::close() {
  run("COMMIT");
  writers_.clear();
  if (sqlite3_close_v2(std::exchange(database_, nullptr)) != SQLITE_OK) {
    throw Undecided(fmt::format("cannot close {}", final_.string()));
  }
  std::error_code failed;
  std::filesystem::rename(temporary_, final_, failed);
  if (failed) throw Undecided(fmt::format("cannot write {}: {}", final_.string(), failed.message()));
}

}  // namespace exitgate::facts
