#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/facts/examples.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"

namespace exitgate::cli {

namespace {

void print_text(const std::vector<facts::Table>& tables) {
  std::size_t widest = 0;
  for (const auto& table : tables) {
    for (const auto& column : table.columns) widest = std::max(widest, column.name.size());
  }
  bool first = true;
  for (const auto& table : tables) {
    say(fmt::format("{}{}.{}\n  {}\n", first ? "" : "\n", table.domain, table.name, table.meaning));
    for (const auto& column : table.columns) {
      say(column.meaning.empty() ? fmt::format("    {}\n", column.name)
                                 : fmt::format("    {:<{}}  {}\n", column.name, widest, column.meaning));
      for (const auto& value : column.values)
        say(fmt::format("    {:<{}}    '{}': {}\n", "", widest, value.text, value.meaning));
    }
    if (const auto row = facts::example_row(table.domain, table.name); !row.empty())
      say(fmt::format("  a row: {}\n", printable(row)));
    first = false;
  }
}

void print_json(const std::vector<facts::Table>& tables) {
  Json all = Json::array();
  for (const auto& table : tables) {
    Json columns = Json::array();
    for (const auto& column : table.columns) {
      Json described = {{"name", column.name}, {"type", column.type}, {"meaning", column.meaning}};
      for (const auto& value : column.values)
        described["values"].push_back({{"value", value.text}, {"meaning", value.meaning}});
      columns.push_back(std::move(described));
    }
    const auto row = facts::example_row(table.domain, table.name);
    all.push_back({{"domain", table.domain},
                   {"name", table.name},
                   {"meaning", table.meaning},
                   {"columns", std::move(columns)},
                   {"example", row.empty() ? Json() : Json::parse(row)}});
  }
  write_document(fmt::format("{}\n", all.dump(2)));
}

}  // namespace

int run_tables(int argc, char** argv) {
  std::string wanted;
  bool as_json = false;
  std::string format = "text";
  Options app("Prints every fact table and column with its meaning, and an example row of each.",
              "exitgate tables");
  app.add("NAME", wanted, "only this domain ('ci') or table ('ci.artifact')");
  app.add("--format", format, "text or json").show_default();
  app.add_flag("--json", as_json, "short for --format json");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const std::vector<std::string> formats = {"text", "json"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end())
    throw UsageError(fmt::format("unknown format '{}'{}", format, did_you_mean(format, formats)),
                     "the formats are text, json");
  auto tables = facts::tables();
  if (!wanted.empty()) {
    std::vector<std::string> known;
    for (const auto& table : tables) {
      known.push_back(fmt::format("{}.{}", table.domain, table.name));
      known.push_back(table.domain);
    }
    std::erase_if(tables, [&](const facts::Table& table) {
      return table.domain != wanted && fmt::format("{}.{}", table.domain, table.name) != wanted;
    });
    if (tables.empty())
      throw UsageError(fmt::format("unknown table '{}'{}", wanted, did_you_mean(wanted, known)));
  }
  as_json || format == "json" ? print_json(tables) : print_text(tables);
  return 0;
}

}  // namespace exitgate::cli
