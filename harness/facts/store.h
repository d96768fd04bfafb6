// Writing facts: one SQLite file per domain, created from its declaration and complete when it gets its name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/row_io.h"

struct sqlite3;

namespace exitgate::facts {

// Every text that is written into a store is redacted: what this process's environment says is secret, and what is
// recognisable as a secret by its form (harness/redact/redactor.h). This adds the password of a URL that came
// another way. Before the collectors start: it is not for several threads.
void add_secret_url(std::string_view url);

class Store {
 public:
  // Starts DIRECTORY/<domain>.db under a temporary name. Throws Undecided.
  Store(const std::filesystem::path& directory, std::string_view domain);
  ~Store();  // without close(): nothing is left
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Writes a row: store.insert(ci::Need{.file = "ci.yml", .job = "test", .needs = "build"}). A column that must be given
  // and is not is an error of the compiler (-Wmissing-field-initializers), one that may be NULL is NULL. For as many rows
  // as you like: the statement is prepared once for each table. Throws Undecided.
  template <typename Row>
  void insert(const Row& row) {
    RowWriter& to = writer(Row::table);
    write(to, row);
    to.finish();
  }
  // For an index, or a few rows made from rows already there; throws Undecided for one that the declaration rules out.
  void execute(const std::string& sql);
  // Commits, checks, and gives the file its name.
  void close();

 private:
  RowWriter& writer(const TableInfo& table);
  void run(const std::string& sql);

  std::string domain_;
  std::filesystem::path final_;
  std::filesystem::path temporary_;
  sqlite3* database_ = nullptr;
  std::vector<std::unique_ptr<RowWriter>> writers_;  // by the number of their table
};

}  // namespace exitgate::facts
