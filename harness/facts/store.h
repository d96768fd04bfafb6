// Writing facts: one SQLite file per domain, created from its declaration and complete when it gets its name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace exitgate::facts {

// Every text that an Inserter writes is redacted: what this process's environment says is secret, and what is
// recognisable as a secret by its form (harness/redact/redactor.h). This adds the password of a URL that came
// another way. Before the collectors start: it is not for several threads.
void add_secret_url(std::string_view url);

// Inserts rows into one table, columns in the order that the inserter was made with.
class Inserter {
 public:
  Inserter(sqlite3* database, std::string table, const std::vector<std::string_view>& columns);
  ~Inserter();
  Inserter(Inserter&&) noexcept;
  Inserter(const Inserter&) = delete;
  Inserter& operator=(const Inserter&) = delete;
  Inserter& operator=(Inserter&&) = delete;

  // Text, integers, bool (0/1), and std::optional of these, nullopt and nullptr as NULL.
  template <typename... Values>
  void operator()(const Values&... values) {
    int at = 0;
    (bind(++at, values), ...);
    finish(at);
  }

 private:
  void bind(int at, std::nullptr_t);
  void bind(int at, std::nullopt_t) { bind(at, nullptr); }
  void bind(int at, std::int64_t value);
  void bind(int at, int value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, std::size_t value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, bool value) { bind(at, static_cast<std::int64_t>(value ? 1 : 0)); }
  void bind(int at, std::string_view value);  // invalid UTF-8 is replaced by U+FFFD
  void bind(int at, const std::string& value) { bind(at, std::string_view(value)); }
  void bind(int at, const char* value) { bind(at, std::string_view(value)); }
  template <typename Value>
  void bind(int at, const std::optional<Value>& value) {
    if (value) {
      bind(at, *value);
    } else {
      bind(at, nullptr);
    }
  }
  void finish(int bound);

  std::string table_;
  std::vector<std::string> last_;  // short texts by column, known to be as they are written
  sqlite3_stmt* statement_ = nullptr;
};

class Store {
 public:
  // Starts DIRECTORY/<domain>.db under a temporary name. Throws Undecided.
  Store(const std::filesystem::path& directory, std::string_view domain);
  ~Store();  // without close(): nothing is left
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Inserter inserter(std::string table, std::initializer_list<std::string_view> columns);
  // For a few rows made from rows already there.
  void execute(const std::string& sql);
  // Commits, checks, and gives the file its name.
  void close();

 private:
  std::filesystem::path final_;
  std::filesystem::path temporary_;
  sqlite3* database_ = nullptr;
};

}  // namespace exitgate::facts
