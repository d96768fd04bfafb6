// Reading facts: the stores of a run attached under their domains' names, so that a query reads
// `ci.artifact`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace exitgate::facts {

using Value = std::variant<std::nullptr_t, std::int64_t, std::string>;

// One row of an answer, valid until the next one is read. Columns count from 0.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  std::string text(int column) const;      // "" when NULL
  std::int64_t integer(int column) const;  // 0 when NULL
  bool boolean(int column) const { return integer(column) != 0; }
  bool is_null(int column) const;
  std::optional<std::string> optional_text(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  int columns() const;
  std::string column_name(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// for (const Row& row : facts.query("SELECT file, line FROM ci.job WHERE id = ?", {id})) …
class Query {
 public:
  Query(sqlite3* database, std::string_view sql, const std::vector<Value>& values);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  std::optional<Row> next();  // throws Undecided when the answer breaks off
  std::vector<std::string> column_names() const;

  class Iterator {
   public:
    explicit Iterator(Query* query) : query_(query), row_(query != nullptr ? query->next() : std::nullopt) {}
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
  sqlite3_stmt* statement_ = nullptr;
  std::string sql_;
};

class Facts {
 public:
  // Attaches DIRECTORY/<domain>.db read-only for each domain. Throws Undecided for a store that is missing or
  // no store ("ci.db is missing: the facts were not collected").
  Facts(const std::filesystem::path& directory, const std::vector<std::string>& domains);
  // Every declared store, empty and in memory: to try a statement against the tables' names.
  static Facts declared();
  ~Facts();
  Facts(Facts&&) noexcept;
  Facts& operator=(Facts&&) = delete;
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;

  // Throws Undecided with SQLite's message when the query has a mistake.
  Query query(std::string_view sql, const std::vector<Value>& values = {}) const;
  // First column of the first row.
  std::optional<std::int64_t> integer(std::string_view sql, const std::vector<Value>& values = {}) const;
  std::optional<std::string> text(std::string_view sql, const std::vector<Value>& values = {}) const;
  const std::vector<std::string>& domains() const { return domains_; }
  bool has(std::string_view domain) const;

  // Throws UsageError, as changed_by, when the statements have a mistake or are not allowed; changes nothing.
  void check_statements(std::string_view statements) const;

  // A private copy in memory of the stores that `statements` write to, the others as here, with the
  // statements carried out. Nothing but reading tables and changing rows is allowed in them. `changed` gets
  // the number of rows changed. Throws UsageError with SQLite's message when a statement has a mistake or is
  // not allowed.
  Facts changed_by(std::string_view statements, std::int64_t& changed) const;

 private:
  Facts() = default;
  std::filesystem::path directory_;
  std::vector<std::string> domains_;
  sqlite3* database_ = nullptr;
};

}  // namespace exitgate::facts
