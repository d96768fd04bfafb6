#include "harness/facts/row_io.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/schema_version.h"
#include "harness/facts/secrets.h"
#include "harness/redact/redactor.h"

namespace exitgate::facts {

int schema_version(sqlite3* database, std::string_view domain) {
  const std::string sql = fmt::format("PRAGMA {}.user_version", domain);
  sqlite3_stmt* statement = nullptr;
  int version = 0;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    version = sqlite3_column_int(statement, 0);
  }
  sqlite3_finalize(statement);
  return version == 0 ? 1 : version;  // stores of the first version have no number
}

std::string_view text_of(const ValueSet& set, unsigned char value) {
  if (value == 0 || value > set.count) {
    throw Undecided(fmt::format("internal fault: a value of {} was never set", set.column));
  }
  return set.values[value - 1].text;
}

unsigned char value_of(const ValueSet& set, std::string_view text) {
  for (std::size_t i = 0; i < set.count; ++i) {
    if (set.values[i].text == text) return static_cast<unsigned char>(i + 1);
  }
  return 0;
}

bool RowReader::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view RowReader::text(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_TEXT:
      break;
    case SQLITE_NULL:
      fail(column, "is NULL, which its declaration rules out");
    default:
      fail(column, "is not a string");
  }
  const auto* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) fail(column, "does not fit into memory");
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t RowReader::integer(int column) const {
  switch (sqlite3_column_type(statement_, column)) {
    case SQLITE_INTEGER:
      return sqlite3_column_int64(statement_, column);
    case SQLITE_NULL:
      fail(column, "is NULL, which its declaration rules out");
    default:
      fail(column, "is not an integer");
  }
}

void RowReader::get(int column, std::string& value) const {
  value = text(column);
}
void RowReader::get(int column, std::int64_t& value) const {
  value = integer(column);
}
void RowReader::get(int column, bool& value) const {
  const std::int64_t number = integer(column);
  if (number != 0 && number != 1) fail(column, fmt::format("is {}, where only 0 and 1 can be", number));
  value = number == 1;
}
void RowReader::get(int column, std::optional<std::string>& value) const {
  if (is_null(column)) {
    value.reset();
  } else {
    value = text(column);
  }
}
void RowReader::get(int column, std::optional<std::int64_t>& value) const {
  if (is_null(column)) {
    value.reset();
  } else {
    value = integer(column);
  }
}
void RowReader::get(int column, std::optional<bool>& value) const {
  if (is_null(column)) {
    value.reset();
  } else {
    get(column, value.emplace());
  }
}

unsigned char RowReader::value(int column) const {
  const ColumnInfo& info = table_.columns[column];
  const std::string_view found = text(column);
  const unsigned char value = value_of({info.name, info.values, info.value_count}, found);
  if (value == 0) fail(column, fmt::format("is '{}', which is not one of its values", found));
  return value;
}

unsigned char RowReader::optional_value(int column) const {
  return is_null(column) ? 0 : value(column);
}

void RowReader::fail(int column, const std::string& what) const {
  const ColumnInfo& info = table_.columns[column];
  const int version = schema_version(sqlite3_db_handle(statement_), table_.domain);
  if (version < kSchemaVersion) {
    throw SchemaMismatch(version,
                         fmt::format("where {}.{}.{} {}", table_.domain, table_.name, info.name, what));
  }
  std::string hint = fmt::format(
      "the store was written by another version of exitgate, or changed by hand; "
      "{} is {}",
      info.name, info.type);
  for (std::size_t i = 0; i < info.value_count; ++i)
    hint += fmt::format("{}'{}'", i == 0 ? ", one of " : ", ", info.values[i].text);
  throw Undecided(fmt::format("{}.{}.{} {}", table_.domain, table_.name, info.name, what), hint);
}

RowWriter::RowWriter(sqlite3* database, std::string table, const std::string& sql)
    : table_(std::move(table)) {
  if (sqlite3_prepare_v2(database, sql.c_str(), static_cast<int>(sql.size()) + 1, &statement_, nullptr) !=
      SQLITE_OK) {
    throw Undecided(fmt::format("{}: {}", sql, sqlite3_errmsg(database)));
  }
  last_.resize(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_)));
}

RowWriter::~RowWriter() {
  sqlite3_finalize(statement_);
}

RowWriter::RowWriter(RowWriter&& other) noexcept
    : table_(std::move(other.table_)),
      last_(std::move(other.last_)),
      statement_(std::exchange(other.statement_, nullptr)) {}

void RowWriter::put_null(int column) {
  sqlite3_bind_null(statement_, column + 1);
}
void RowWriter::put(int column, std::int64_t value) {
  sqlite3_bind_int64(statement_, column + 1, value);
}
void RowWriter::put(int column, bool value) {
  sqlite3_bind_int64(statement_, column + 1, value ? 1 : 0);
}
void RowWriter::put_value(int column, std::string_view value) {
  sqlite3_bind_text(statement_, column + 1, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

void RowWriter::put(int column, std::string_view value) {
  // Sorted rows repeat their first columns.
  auto& last = last_[static_cast<std::size_t>(column)];
  if (value != last) {
    const auto masked = secrets().redacted(value);
    const std::string_view safe = masked ? *masked : value;
    // SQLite takes any bytes as text; readers of the archive do not.
    if (masked || invalid_utf8(safe)) {
      const std::string clean = valid_utf8(safe);
      sqlite3_bind_text(statement_, column + 1, clean.data(), static_cast<int>(clean.size()),
                        SQLITE_TRANSIENT);
      return;
    }
    constexpr std::size_t kShort = 64;
    if (value.size() <= kShort) last = value;
  }
  sqlite3_bind_text(statement_, column + 1, value.empty() ? "" : value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
}

void RowWriter::finish() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_DONE) {
    sqlite3* const database = sqlite3_db_handle(statement_);
    const std::string reason = sqlite3_errmsg(database);
    const bool full = sqlite3_errcode(database) == SQLITE_FULL;
    sqlite3_reset(statement_);
    throw Undecided(fmt::format("cannot write a row of {}: {}", table_, reason),
                    full ? "the disk is full: free some room, then run again" : "");
  }
  sqlite3_reset(statement_);
}

}  // namespace exitgate::facts
