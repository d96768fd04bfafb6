#include "harness/facts/tables.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::facts {

const Declaration& declaration(std::string_view domain) {
  std::vector<std::string> known;
  for (const auto& one : declarations()) {
    if (one.domain == domain) return one;
    known.push_back(one.domain);
  }
  throw UsageError(fmt::format("unknown fact domain '{}'{}", domain, did_you_mean(domain, known)),
                   fmt::format("the domains are {}", join(known, ", ")));
}

std::vector<Table> tables() {
  std::vector<Table> all;
  for (const TableInfo* table : table_infos()) {
    Table& added = all.emplace_back(
        Table{std::string(table->domain), std::string(table->name), std::string(table->meaning), {}});
    for (std::size_t i = 0; i < table->column_count; ++i) {
      const ColumnInfo& info = table->columns[i];
      Column& column = added.columns.emplace_back(
          Column{std::string(info.name), std::string(info.type), std::string(info.meaning), {}});
      for (std::size_t v = 0; v < info.value_count; ++v)
        column.values.push_back({std::string(info.values[v].text), std::string(info.values[v].meaning)});
    }
  }
  return all;
}

}  // namespace exitgate::facts
