#include "harness/facts/changed_stores.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/stores.h"

namespace exitgate::facts {

void write_changed_stores(const std::filesystem::path& from, const std::vector<std::string>& domains,
                          std::string_view statements, const Facts& rules, const std::filesystem::path& to) {
  rules.check_statements(statements);
  const auto file = [](const std::filesystem::path& folder, const std::string& domain) {
    return folder / (domain + ".db");
  };
  Stores stores;
  for (const auto& domain : domains) stores.add_bytes(domain, read_file(file(from, domain)));
  stores.make_ready(statements);
  char* said = nullptr;
  const int result =
      sqlite3_exec(stores.database(), std::string(statements).c_str(), nullptr, nullptr, &said);
  const std::string why = said != nullptr ? said : "";
  sqlite3_free(said);
  if (result != SQLITE_OK) throw UsageError(fmt::format("the statements have a mistake: {}", why));
  for (const auto& domain : domains) write_file(file(to, domain), stores.bytes_of(domain));
}

}  // namespace exitgate::facts
