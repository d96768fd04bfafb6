#include "harness/collect/kept/kept_facts.h"

#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <utility>

#include "harness/base/cache_folder.h"
#include "harness/base/error.h"

namespace exitgate::collect {

namespace fs = std::filesystem;

namespace {

// A file that has grown larger is begun anew.
constexpr std::uintmax_t kMostBytes = 512U << 20U;
// Files of so many builds stay, the newest.
constexpr std::size_t kMostBuilds = 4;
constexpr int kPatience = 2'000;  // milliseconds, for another run that is writing
constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS kept (oid TEXT NOT NULL, path TEXT NOT NULL, found BLOB NOT NULL, sum "
    "INTEGER NOT "
    "NULL, PRIMARY KEY (oid, path)) STRICT, WITHOUT ROWID";

// FNV-1a: tells damage, not forgery. Who can write here can do anything that this user can.
std::int64_t sum_of(std::string_view oid, std::string_view path, std::string_view found) {
  std::uint64_t sum = 14695981039346656037U;
  for (const std::string_view part : {oid, path, found}) {
    for (const char byte : part) sum = (sum ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    sum = (sum ^ part.size()) * 1099511628211U;
  }
  return static_cast<std::int64_t>(sum);
}

void bind_text(sqlite3_stmt* statement, int at, std::string_view text) {
  sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

std::string_view bytes_at(sqlite3_stmt* statement, int column) {
  const void* const bytes = sqlite3_column_blob(statement, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size);
}

struct Damaged {};

// Closes whatever was opened.
struct Connection {
  sqlite3* database = nullptr;
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { sqlite3_close(database); }
  void run(const char* sql) const {
    const int result = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    if (result == SQLITE_NOTADB || result == SQLITE_CORRUPT) throw Damaged{};
    if (result != SQLITE_OK) throw Undecided(sqlite3_errmsg(database));
  }
};

void remove_store(const fs::path& file) {
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + ending, ignored);
}

struct Statement {
  sqlite3_stmt* statement = nullptr;
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement); }
};

// Those of other builds of the program, but for the newest.
void remove_old_builds(const fs::path& file, std::string_view collector) {
  std::vector<std::pair<fs::file_time_type, fs::path>> others;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), failed)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(fmt::format("{}-", collector)) || !name.ends_with(".db")) continue;
    if (entry.path() != file) others.emplace_back(entry.last_write_time(failed), entry.path());
  }
  std::sort(others.begin(), others.end(), std::greater<>());
  for (std::size_t i = kMostBuilds - 1; i < others.size(); ++i) remove_store(others[i].second);
}

}  // namespace

KeptFacts::KeptFacts(const fs::path& cache, std::string_view collector, const std::string& build)
    : redactor_(redact::Redactor::from_environment()) {
  if (cache.empty() || build.empty()) return;
  std::error_code failed;
  const auto folder = cache / "facts";
  fs::create_directories(folder, failed);
  if (failed) return;
  ::chmod(folder.c_str(), S_IRWXU);
  if (!is_ours(folder)) return;
  file_ = folder / fmt::format("{}-{}.db", collector, build.substr(0, 16));
  if (const auto size = fs::file_size(file_, failed); !failed && size > kMostBytes) remove_store(file_);
  if (!fs::exists(file_, failed)) remove_old_builds(file_, collector);
}

std::vector<std::optional<std::string>> KeptFacts::find(const std::vector<Place>& places) const {
  std::vector<std::optional<std::string>> all(places.size());
  std::error_code failed;
  if (!keeps() || !fs::exists(file_, failed)) return all;
  Connection store;
  Statement lookup;
  if (sqlite3_open_v2(file_.c_str(), &store.database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) !=
          SQLITE_OK ||
      sqlite3_busy_timeout(store.database, kPatience) != SQLITE_OK ||
      // One transaction for all lookups: each by itself would lock the file again.
      sqlite3_exec(store.database, "PRAGMA mmap_size = 1073741824; BEGIN", nullptr, nullptr, nullptr) !=
          SQLITE_OK ||
      sqlite3_prepare_v2(store.database, "SELECT found, sum FROM kept WHERE oid = ?1 AND path = ?2", -1,
                         &lookup.statement, nullptr) != SQLITE_OK)
    return all;
  for (std::size_t i = 0; i < places.size(); ++i) {
    bind_text(lookup.statement, 1, places[i].oid);
    bind_text(lookup.statement, 2, places[i].path);
    if (sqlite3_step(lookup.statement) == SQLITE_ROW) {
      const auto bytes = bytes_at(lookup.statement, 0);
      if (sum_of(places[i].oid, places[i].path, bytes) == sqlite3_column_int64(lookup.statement, 1))
        all[i] = bytes;
    }
    sqlite3_reset(lookup.statement);
  }
  return all;
}

void KeptFacts::keep(const std::string& oid, const std::string& path, std::string found) {
  if (!keeps() || redactor_.redact(found) != found) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  new_.push_back({oid, path, std::move(found)});
}

void KeptFacts::save() noexcept {
  if (new_.empty()) return;
  try {
    write();
  } catch (const Damaged&) {
    remove_store(file_);             // the next run begins it anew
  } catch (const std::exception&) {  // it is read again then
  }
  new_.clear();
}

void KeptFacts::write() const {
  Connection store;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(file_.c_str(), &store.database, flags, nullptr) != SQLITE_OK)
    throw Undecided(sqlite3_errmsg(store.database));
  ::chmod(file_.c_str(), S_IRUSR | S_IWUSR);
  sqlite3_busy_timeout(store.database, kPatience);
  // What a crash of the machine leaves is told by the sums, and made anew.
  store.run("PRAGMA synchronous = OFF; BEGIN IMMEDIATE");
  store.run(kTable);
  Statement prepared;
  if (sqlite3_prepare_v2(store.database, "INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3, ?4)", -1,
                         &prepared.statement, nullptr) != SQLITE_OK)
    throw Undecided(sqlite3_errmsg(store.database));
  sqlite3_stmt* const insert = prepared.statement;
  bool written = true;
  for (const auto& entry : new_) {
    bind_text(insert, 1, entry.oid);
    bind_text(insert, 2, entry.path);
    sqlite3_bind_blob(insert, 3, entry.found.data(), static_cast<int>(entry.found.size()), SQLITE_STATIC);
    sqlite3_bind_int64(insert, 4, sum_of(entry.oid, entry.path, entry.found));
    written = written && sqlite3_step(insert) == SQLITE_DONE;
    sqlite3_reset(insert);
  }
  store.run(written ? "COMMIT" : "ROLLBACK");
}

}  // namespace exitgate::collect
