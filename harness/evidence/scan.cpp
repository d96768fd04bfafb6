#include "harness/evidence/scan.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/facts.h"
#include "harness/redact/redactor.h"

namespace exitgate::evidence {

namespace {

constexpr std::size_t kMost = 100;

std::string column_list(const facts::Facts& facts, const std::string& domain, const std::string& table) {
  std::string columns;
  for (const auto& row :
       facts.query(fmt::format("SELECT name FROM pragma_table_info('{}', '{}')", table, domain))) {
    columns += fmt::format("{}\"{}\"", columns.empty() ? "" : ", ", row.text(0));
  }
  return columns;
}

void scan_store(const std::filesystem::path& store, const std::string& shown,
                std::vector<std::string>& found) {
  const std::string domain = store.stem().string();
  const facts::Facts facts(store.parent_path(), {domain});
  std::vector<std::string> tables;
  for (const auto& row : facts.query(
           fmt::format("SELECT name FROM {}.sqlite_schema WHERE type = 'table' ORDER BY name", domain))) {
    tables.push_back(row.text(0));
  }
  for (const auto& table : tables) {
    std::size_t number = 0;
    for (const auto& row : facts.query(
             fmt::format("SELECT {} FROM {}.\"{}\"", column_list(facts, domain, table), domain, table))) {
      ++number;
      for (int column = 0; column < row.columns() && found.size() < kMost; ++column) {
        for (const auto& what : Redactor::suspicious(row.text(column))) {
          found.push_back(fmt::format("{}: {}.{}.{}, row {}: {}", shown, domain, table,
                                      row.column_name(column), number, what.substr(what.find(": ") + 2)));
        }
      }
    }
  }
}

}  // namespace

std::vector<std::string> scan(const std::filesystem::path& run) {
  return scan(run, payload_of(run));
}

std::vector<std::string> scan(const std::filesystem::path& run, const std::vector<PayloadFile>& files) {
  std::vector<std::string> found;
  for (const auto& file : files) {
    if (found.size() >= kMost) break;
    if (file.path.starts_with("facts/") && file.path.ends_with(".db")) {
      scan_store(run / file.path, file.path, found);
      continue;
    }
    for (const auto& what : Redactor::suspicious(read_file(run / file.path))) {
      if (found.size() < kMost) found.push_back(fmt::format("{}: {}", file.path, what));
    }
  }
  return found;
}

}  // namespace exitgate::evidence
