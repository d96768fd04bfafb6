// Reading facts: the stores of a run attached under their domains' names, so that a query reads `ci.artifact`.
//
// A whole row is read as the struct that is generated from its declaration (harness/facts/tables/ci.sql makes
// "harness/facts/tables/ci.h"; `exitgate tables` prints all of them):
//
//   for (const ci::Artifact& artifact : facts.rows<ci::Artifact>("WHERE direction = 'upload' ORDER BY file, line"))
//     if (artifact.retention_days && artifact.pin == ci::Pin::sha) …
//
// and what a query joins or counts is read by the name of its column:
//
//   for (const Row& row : facts.query("SELECT s.file, j.name AS job FROM ci.step s JOIN ci.job j ON …"))
//     row.text("job") …
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/facts/row_io.h"
#include "harness/facts/stores.h"

struct sqlite3;
struct sqlite3_stmt;

namespace exitgate::facts {

// What is bound to a '?' of a query.
class Value {
 public:
  Value(std::nullptr_t) {}
  Value(std::int64_t number) : kind_(integer), number_(number) {}
  Value(int number) : Value(static_cast<std::int64_t>(number)) {}
  Value(std::string text) : kind_(string), text_(std::move(text)) {}
  Value(std::string_view text) : Value(std::string(text)) {}
  Value(const char* text) : Value(std::string(text)) {}

 private:
  friend class Query;
  enum { null, integer, string } kind_ = null;
  std::int64_t number_ = 0;
  std::string text_;
};

// A column that a query names; "" for a table of which it names none, as count(*) does.
struct ColumnRead {
  std::string domain;
  std::string table;
  std::string column;
  auto operator<=>(const ColumnRead&) const =
      default;  // NOLINT(modernize-use-nullptr): of the compiler's own comparison
};
using Reads = std::set<ColumnRead>;

class Query;

// One row of an answer, valid until the next one is read. Columns go by the names that the query gives them,
// so a query names what is not a plain column: `count(*) AS jobs`. Throws Undecided for a name that the query
// does not give, or gives twice.
class Row {
 public:
  Row(const Query& query, sqlite3_stmt* statement) : query_(&query), statement_(statement) {}
  std::string text(std::string_view column) const;      // "" when NULL
  std::int64_t integer(std::string_view column) const;  // 0 when NULL
  bool boolean(std::string_view column) const { return integer(column) != 0; }
  bool is_null(std::string_view column) const;
  std::optional<std::string> optional_text(std::string_view column) const;
  std::optional<std::int64_t> optional_integer(std::string_view column) const;
  // All columns in their order, as strings: to show a row, whatever it holds.
  std::vector<std::optional<std::string>> cells() const;

 private:
  const Query* query_;
  sqlite3_stmt* statement_;
};

// for (const Row& row : facts.query("SELECT file, line FROM ci.job WHERE id = ?", {id})) …
class Query {
 public:
  Query(sqlite3* database, std::string sql, const std::vector<Value>& values);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  std::optional<Row> next();  // throws Undecided when the answer breaks off
  const std::vector<std::string>& column_names() const;

  class Iterator {
   public:
    explicit Iterator(Query* query) : query_(query), row_(query->next()) {}
    const Row& operator*() const { return *row_; }
    Iterator& operator++() {
      row_ = query_->next();
      return *this;
    }
    bool operator!=(std::nullptr_t) const { return row_.has_value(); }

   private:
    Query* query_;
    std::optional<Row> row_;
  };
  Iterator begin() { return Iterator(this); }
  static std::nullptr_t end() { return nullptr; }

 private:
  friend class Facts;
  friend class Row;
  template <typename T>
  friend class Rows;
  bool step();
  int index(std::string_view column) const;
  [[noreturn]] void fail_at(const std::string& what) const;

  sqlite3_stmt* statement_ = nullptr;
  std::string sql_;
  mutable std::vector<std::string> names_;                   // looked up once
  mutable std::size_t last_ = static_cast<std::size_t>(-1);  // of names_, which was asked for last
};

// The rows of one table, each as its struct.
template <typename T>
class Rows {
 public:
  Rows(sqlite3* database, const std::string& sql, const std::vector<Value>& values)
      : query_(database, sql, values) {}

  class Iterator {
   public:
    explicit Iterator(Rows* rows) : rows_(rows), more_(rows->next()) {}
    const T& operator*() const { return rows_->row_; }
    const T* operator->() const { return &rows_->row_; }
    Iterator& operator++() {
      more_ = rows_->next();
      return *this;
    }
    bool operator!=(std::nullptr_t) const { return more_; }

   private:
    Rows* rows_;
    bool more_;
  };
  Iterator begin() { return Iterator(this); }
  static std::nullptr_t end() { return nullptr; }

 private:
  bool next() {
    if (!query_.step()) return false;
    read(RowReader(query_.statement_, T::table), row_);
    return true;
  }

  Query query_;
  T row_{};
};

class Facts {
 public:
  // Attaches DIRECTORY/<domain>.db read-only for each domain. Throws Undecided for a store that is missing or
  // no store ("ci.db is missing: the facts were not collected").
  Facts(const std::string& directory, const std::vector<std::string>& domains);
  // Every declared store, empty and in memory: to try a statement against the tables' names.
  static Facts declared();
  ~Facts();
  Facts(Facts&&) noexcept;
  Facts& operator=(Facts&&) = delete;
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  // The rows of a table, all or those that `tail` leaves: "WHERE file = ? ORDER BY line". For a subquery that names a
  // column of the row, begin with a name: "AS a WHERE EXISTS (SELECT 1 FROM ci.need WHERE file = a.file)". One row at a
  // time: copy what you keep. Throws Undecided for a mistake in `tail`, and at a row that its declaration rules out (NULL,
  // an unknown value), which a store of another version or one changed by hand may hold.
  template <typename T>
  Rows<T> rows(std::string_view tail = "", const std::vector<Value>& values = {}) const {
    const auto sql = std::string(T::table.select).append(tail);
    return Rows<T>(ready_for(sql), sql, values);
  }
  // The first of them.
  template <typename T>
  std::optional<T> row(std::string_view tail = "", const std::vector<Value>& values = {}) const {
    for (const T& first : rows<T>(tail, values)) return first;
    return std::nullopt;
  }
  // Throws Undecided with SQLite's message when the query has a mistake.
  Query query(std::string_view sql, const std::vector<Value>& values = {}) const;
  // First column of the first row.
  std::optional<std::int64_t> integer(std::string_view sql, const std::vector<Value>& values = {}) const;
  std::optional<std::string> text(std::string_view sql, const std::vector<Value>& values = {}) const;
  const std::vector<std::string>& domains() const { return domains_; }
  bool has(std::string_view domain) const;

  // Throws UsageError, as changed_by, when the statements have a mistake or are not allowed; changes nothing.
  void check_statements(std::string_view statements) const;

  // The stores that a query reads, without running it. Throws UsageError with SQLite's message for a mistake, and for
  // what is not one SELECT.
  std::vector<std::string> check_query(std::string_view query) const;

  // A private copy in memory of the stores that `statements` write to, the others as here, with the
  // statements carried out. Nothing but reading tables and changing rows is allowed in them. `changed` gets
  // the number of rows changed. Throws UsageError with SQLite's message when a statement has a mistake, is
  // not allowed, or writes a row that the table's declaration rules out.
  Facts changed_by(std::string_view statements, std::int64_t& changed) const;

  // Adds to `into` which columns the queries from here on read, until it is called with nullptr. What a query could read
  // counts, whether or not it met a row; check_statements and changed_by end the recording.
  void record_reads(Reads* into) const;

  // A private copy in memory of every store, to try changes on one after the other.
  Facts copy() const;
  // Of such a copy: carries the statements out under the rules of changed_by, and returns the number of rows changed;
  // undo() takes them back. One change at a time. After a UsageError nothing is changed, and nothing is to be undone.
  std::int64_t change(std::string_view statements) const;
  void undo() const;

 private:
  Facts() = default;
  std::filesystem::path file_of(const std::string& domain) const;
  // The connection, with the stores that the statement names.
  sqlite3* ready_for(std::string_view sql) const;
  std::int64_t carry_out(std::string_view statements) const;

  std::string directory_;
  std::vector<std::string> domains_;
  Stores stores_;
  mutable std::vector<std::pair<std::string, std::string>> before_;  // of the stores of a change: their bytes
};

}  // namespace exitgate::facts
