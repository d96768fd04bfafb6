#include "harness/facts/stores.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/percent.h"
#include "harness/facts/row_io.h"
#include "harness/facts/schema_version.h"

namespace exitgate::facts {

namespace {

// A "file:" URI may hold any byte when it is percent-encoded.
std::string read_only_uri(const std::filesystem::path& path) {
  // Complete files that nobody changes: no locks, no look for a journal.
  return "file:" + percent_encoded(std::filesystem::absolute(path).string(), "/") + "?immutable=1";
}

void run_sql(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw Undecided(fmt::format("{}: {}", sql, sqlite3_errmsg(database)));
  }
}

void attach_file(sqlite3* database, const std::filesystem::path& path, const std::string& domain) {
  if (!std::filesystem::exists(path)) {
    throw Undecided(fmt::format("{} is missing: the {} facts were not collected", path.string(), domain),
                    "see the log of the collecting test, exitgate.collect or exitgate.database");
  }
  run_sql(database, fmt::format("ATTACH '{}' AS {}", read_only_uri(path), domain));
  // Fails here, with the file's name, rather than at the first query when it is not a store.
  if (sqlite3_exec(database, fmt::format("SELECT count(*) FROM {}.sqlite_schema", domain).c_str(), nullptr,
                   nullptr, nullptr) != SQLITE_OK) {
    throw Undecided(fmt::format("{} is not a fact store: {}", path.string(), sqlite3_errmsg(database)));
  }
  const int version = schema_version(database, domain);
  if (version > kSchemaVersion) {
    throw SchemaMismatch(version,
                         fmt::format("which this build does not know: it knows {} at most", kSchemaVersion));
  }
}

// A store in memory: a database file's bytes, handed to SQLite as a database that only this connection knows.
void attach_bytes(sqlite3* database, const std::string& domain, std::string_view bytes) {
  run_sql(database, fmt::format("ATTACH ':memory:' AS {}", domain));
  auto* const memory = static_cast<unsigned char*>(sqlite3_malloc64(bytes.size()));
  if (memory == nullptr) throw Undecided(fmt::format("out of memory for a copy of the {} facts", domain));
  std::copy(bytes.begin(), bytes.end(), memory);
  const auto size = static_cast<sqlite3_int64>(bytes.size());
  if (sqlite3_deserialize(database, domain.c_str(), memory, size, size,
                          SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) != SQLITE_OK) {
    throw Undecided(fmt::format("cannot copy the {} facts: {}", domain, sqlite3_errmsg(database)));
  }
}

bool is_word_byte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
}

// Whether the statement may mean the domain: the word stands in it, before a dot.
bool may_name(std::string_view sql, std::string_view domain) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  auto from = sql.begin();
  while (true) {
    const auto found = std::search(from, sql.end(), domain.begin(), domain.end(), same);
    if (found == sql.end()) return false;
    auto behind = found + static_cast<std::ptrdiff_t>(domain.size());
    while (behind != sql.end() && std::string_view("\"]` \t\n\r").find(*behind) != std::string_view::npos)
      ++behind;
    const bool whole = found == sql.begin() || !is_word_byte(*(found - 1));
    if (whole && behind != sql.end() && *behind == '.') return true;
    from = found + 1;
  }
}

}  // namespace

Stores::Stores() {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(":memory:", &database_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw Undecided(fmt::format("SQLite does not start: {}", reason));
  }
}

Stores::~Stores() {
  sqlite3_close(database_);
}

Stores::Stores(Stores&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), stores_(std::move(other.stores_)) {}

void Stores::add_file(const std::string& domain, const std::filesystem::path& file) {
  add({.domain = domain, .file = file, .bytes = {}});
}

void Stores::add_bytes(const std::string& domain, std::string bytes) {
  add({.domain = domain, .file = {}, .bytes = std::move(bytes)});
}

// Each is attached once, so that one that is missing or not a store is known at once.
void Stores::add(Store store) {
  make_room(0);
  attach(stores_.emplace_back(std::move(store)));
}

void Stores::attach(Store& store) const {
  if (store.file.empty()) {
    attach_bytes(database_, store.domain, store.bytes);
    store.bytes.clear();
  } else {
    attach_file(database_, store.file, store.domain);
  }
  store.attached = true;
}

bool Stores::detach(Store& store) const {
  std::string bytes = store.file.empty() ? bytes_of(store.domain) : "";
  // Fails while a statement is using it.
  if (sqlite3_exec(database_, ("DETACH " + store.domain).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return false;
  store.bytes = std::move(bytes);
  store.attached = false;
  return true;
}

// Detaches what was asked for longest ago, and not in `now`, until there is room for one.
void Stores::make_room(std::size_t now) const {
  const auto attached =
      std::count_if(stores_.begin(), stores_.end(), [](const Store& one) { return one.attached; });
  if (static_cast<std::size_t>(attached) < kMostAttached) return;
  std::vector<Store*> candidates;
  for (auto& store : stores_) {
    if (store.attached && (now == 0 || store.used != now)) candidates.push_back(&store);
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Store* a, const Store* b) { return a->used < b->used; });
  for (auto* store : candidates) {
    if (detach(*store)) return;
  }
  throw Undecided(fmt::format("facts of more than {} domains are asked for at once", kMostAttached),
                  "ask for them in several queries");
}

void Stores::make_ready(std::string_view sql) const {
  if (all_attached()) return;
  const std::size_t now = ++uses_;
  std::vector<Store*> wanted;
  for (auto& store : stores_) {
    if (!may_name(sql, store.domain)) continue;
    store.used = now;
    wanted.push_back(&store);
  }
  for (auto* store : wanted) {
    if (store->attached) continue;
    make_room(now);
    attach(*store);
  }
}

std::string Stores::bytes_of(const std::string& domain) const {
  for (const auto& store : stores_) {
    if (store.domain == domain && !store.attached)
      return store.file.empty() ? store.bytes : read_file(store.file);
  }
  sqlite3_int64 size = 0;
  unsigned char* const bytes = sqlite3_serialize(database_, domain.c_str(), &size, 0);
  if (bytes == nullptr) throw Undecided(fmt::format("cannot copy the {} facts", domain));
  std::string copy(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  return copy;
}

void Stores::replace(const std::string& domain, std::string bytes) const {
  for (auto& store : stores_) {
    if (store.domain != domain) continue;
    if (store.attached && !detach(store))
      throw Undecided(fmt::format("internal fault: the {} facts are in use", domain));
    store.bytes = std::move(bytes);
    make_room(0);
    attach(store);
  }
}

}  // namespace exitgate::facts
