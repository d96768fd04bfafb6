// Between a typed row and SQLite: only the code generated from the declarations uses this, which counts columns from 0
// in the order of their declaration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/table_info.h"

struct sqlite3;
struct sqlite3_stmt;

namespace exitgate::facts {

// Of the store attached as `domain` (harness/facts/schema_version.h).
int schema_version(sqlite3* database, std::string_view domain);

// The values of an enum class, which count from 1; 0 is none.
struct ValueSet {
  std::string_view column;  // "ci.job.on_pull_request"
  const ValueInfo* values;
  std::size_t count;
};
std::string_view text_of(const ValueSet& set,
                         unsigned char value);  // throws Undecided for a value that is none
unsigned char value_of(const ValueSet& set, std::string_view text);  // 0 for a string that is none of them

// The row that a statement made of TableInfo::select is at. Throws Undecided for what the declaration rules out, and
// which a store of another version, or one changed by hand, may hold nevertheless: NULL, another type, an unknown value
// of a closed set. None of these ever becomes a default.
class RowReader {
 public:
  RowReader(sqlite3_stmt* statement, const TableInfo& table) : statement_(statement), table_(table) {}

  void get(int column, std::string& value) const;
  void get(int column, std::int64_t& value) const;
  void get(int column, bool& value) const;
  void get(int column, std::optional<std::string>& value) const;
  void get(int column, std::optional<std::int64_t>& value) const;
  void get(int column, std::optional<bool>& value) const;
  // Of a closed set, from 1.
  unsigned char value(int column) const;
  unsigned char optional_value(int column) const;  // 0 when NULL

 private:
  bool is_null(int column) const;
  std::string_view text(int column) const;
  std::int64_t integer(int column) const;
  [[noreturn]] void fail(int column, const std::string& what) const;

  sqlite3_stmt* statement_;
  const TableInfo& table_;
};

// Writes rows of one table; each text is redacted and made valid UTF-8 (harness/facts/store.h).
class RowWriter {
 public:
  RowWriter(sqlite3* database, std::string table, const std::string& sql);
  ~RowWriter();
  RowWriter(RowWriter&& other) noexcept;
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;
  RowWriter& operator=(RowWriter&&) = delete;

  // The text must stay as it is until finish().
  void put(int column, std::string_view value);
  void put(int column, const std::string& value) { put(column, std::string_view(value)); }
  void put(int column, std::int64_t value);
  void put(int column, bool value);
  template <typename Value>
  void put(int column, const std::optional<Value>& value) {
    if (value) {
      put(column, *value);
    } else {
      put_null(column);
    }
  }
  void put_null(int column);
  // A value of a closed set: a constant, which needs no redaction.
  void put_value(int column, std::string_view value);
  // Writes the row. Throws Undecided.
  void finish();

 private:
  std::string table_;
  std::vector<std::string> last_;  // short strings by column, known to be as they are written
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace exitgate::facts
