// Each fact table has an example row, and it is one that the table takes.

#include "harness/facts/examples.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/text.h"
#include "harness/facts/facts.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"

namespace exitgate::facts {
namespace {

std::string literal(const Json& value) {
  if (!value.is_string()) return value.dump();
  std::string text = "'";
  for (const char c : value.text()) text += c == '\'' ? "''" : std::string(1, c);
  return text + "'";
}

TEST(Examples, AreRowsThatTheTablesTake) {
  const auto declared = Facts::declared();
  for (const auto& table : tables()) {
    const auto name = fmt::format("{}.{}", table.domain, table.name);
    const auto row = example_row(table.domain, table.name);
    ASSERT_FALSE(row.empty()) << name << " has no example: add it to harness/facts/examples.cpp";
    std::vector<std::string> columns;
    std::vector<std::string> values;
    const auto parsed = Json::parse(row, name);
    for (const auto& [column, value] : parsed.members()) {
      columns.push_back('"' + column + '"');
      values.push_back(literal(value));
      if (value.is_string()) {
        EXPECT_LE(value.text().size(), 100U) << name << "." << column;
      }
    }
    std::int64_t changed = 0;
    EXPECT_NO_THROW(declared.changed_by(fmt::format("INSERT INTO {}.\"{}\" ({}) VALUES ({})", table.domain,
                                                    table.name, join(columns, ", "), join(values, ", ")),
                                        changed))
        << name;
    EXPECT_EQ(changed, 1) << name;
  }
}

}  // namespace
}  // namespace exitgate::facts
