#include "harness/census/census.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/base/text.h"
#include "harness/check/database_parts.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"

namespace exitgate::census {

namespace {

using check::Facts;
using check::Finding;
using check::Report;
using check::Row;

constexpr std::size_t kMostShown = 10;  // findings for one table

const facts::TableInfo* table_named(const std::string& name) {
  for (const facts::TableInfo* info : facts::table_infos()) {
    if (name == fmt::format("{}.{}", info->domain, info->name)) return info;
  }
  return nullptr;
}

bool has_column(const facts::TableInfo& table, std::string_view name) {
  return std::any_of(table.columns, table.columns + table.column_count,
                     [&](const facts::ColumnInfo& column) { return column.name == name; });
}

// Files and lines that the domain itself says it could not read: line 0 for a whole file.
std::set<std::pair<std::string, std::int64_t>> unreadable(const Facts& facts, std::string_view domain) {
  std::string query;
  if (domain == "ci") {
    query =
        "SELECT file, 0 AS line FROM ci.workflow WHERE problem IS NOT NULL UNION ALL "
        "SELECT file, 0 FROM ci.action_file WHERE problem IS NOT NULL UNION ALL SELECT file, line FROM "
        "ci.problem";
  } else if (domain == "code") {
    query = "SELECT file, 0 AS line FROM code.problem";
  } else if (domain == "migrations") {
    query = "SELECT file, 0 AS line FROM migrations.problem WHERE file IS NOT NULL";
  }
  std::set<std::pair<std::string, std::int64_t>> places;
  if (query.empty()) return places;
  for (const Row& row : facts.query(query)) places.insert({row.text("file"), row.integer("line")});
  return places;
}

// Where the rows of a table stand.
class Places {
 public:
  Places(const Facts& facts, const facts::TableInfo& table) : unreadable_(unreadable(facts, table.domain)) {
    if (!has_column(table, "file")) return;
    const bool lines = has_column(table, "line");
    for (const Row& row : facts.query(fmt::format("SELECT file, {} AS line FROM {}.{} WHERE file IS NOT NULL",
                                                  lines ? "line" : "NULL", table.domain, table.name))) {
      rows_.insert({row.text("file"), row.integer("line")});
    }
  }
  bool knows(const std::string& file, std::optional<std::int64_t> first, std::int64_t last) const {
    return within(rows_, file, first.value_or(0), first ? last : kNoEnd);
  }
  bool is_unreadable(const std::string& file, std::int64_t first, std::int64_t last) const {
    return unreadable_.contains({file, 0}) || within(unreadable_, file, first, last);
  }

 private:
  using Set = std::set<std::pair<std::string, std::int64_t>>;
  static constexpr std::int64_t kNoEnd = INT64_MAX;
  static bool within(const Set& set, const std::string& file, std::int64_t first, std::int64_t last) {
    const auto found = set.lower_bound({file, first});
    return found != set.end() && found->first == file && found->second <= last;
  }
  Set rows_;
  Set unreadable_;
};

// So many findings about one table, and how many more there are.
class Findings {
 public:
  Findings(Report& report, std::string table) : report_(report), table_(std::move(table)) {}
  void add(Finding finding) {
    if (++count_ <= kMostShown) report_.undecided(std::move(finding));
  }
  void close() {
    if (count_ <= kMostShown) return;
    report_.undecided({fmt::format("census:{}:more", table_), "", 0,
                       fmt::format("{} lacks another {}", table_, count_of(count_ - kMostShown, "row")),
                       "see the table census.hit"});
  }

 private:
  Report& report_;
  std::string table_;
  std::size_t count_ = 0;
};

std::string command_of(const Facts& facts, const std::string& search) {
  return facts.text("SELECT command FROM census.search WHERE name = ?", {search}).value_or("");
}

void compare_hits(const Facts& facts, const facts::TableInfo& table, const std::string& name,
                  Findings& findings) {
  std::optional<Places> places;
  for (const Row& row : facts.query("SELECT search, file, line, first, last, text FROM census.hit WHERE fact "
                                    "= ? AND explained IS NULL "
                                    "ORDER BY file, line",
                                    {name})) {
    if (!places) places.emplace(facts, table);
    const auto file = row.text("file");
    const auto first = row.optional_integer("first");
    if (places->knows(file, first, row.integer("last"))) continue;
    if (places->is_unreadable(file, first.value_or(0), row.integer("last"))) continue;
    const auto search = row.text("search");
    const auto text = row.text("text");
    findings.add(
        {.key = fmt::format("census:{}:{}:{}", name, file, text),
         .file = file,
         .line = row.integer("line"),
         .message = fmt::format("{} finds {} here, and {} has no row for it: the facts that this gate "
                                "looks at are not complete",
                                search, text.empty() ? "this file" : fmt::format("`{}`", text), name),
         .hint = fmt::format("write it in a form that the collector knows, and report what it missed; "
                             "`{}` shows every hit",
                             command_of(facts, search))});
  }
}

// " where job = 'test'", and the SQL for it. A name that is no column of the table is a mistake of the census.
struct Condition {
  std::string sql = " WHERE 1";
  std::vector<facts::Value> values;
  std::string words;
};

Condition condition_of(const facts::TableInfo& table, const std::string& json) {
  Condition condition;
  const auto wanted = Json::parse(json, "the condition of a census tally");
  for (const auto& [column, value] : wanted.members()) {
    if (!has_column(table, column))
      throw Undecided(fmt::format("census: {}.{} has no column '{}'", table.domain, table.name, column));
    const auto& text = value.text();
    condition.sql += fmt::format(" AND {} {} ?", column, text.find('*') != std::string::npos ? "GLOB" : "=");
    condition.values.emplace_back(text);
    condition.words += fmt::format("{}{} {}", condition.words.empty() ? " with " : " and ", column, text);
  }
  return condition;
}

void compare_tallies(const Facts& facts, const facts::TableInfo& table, const std::string& name,
                     const std::string& census, Findings& findings) {
  std::optional<Places> places;
  for (const Row& row : facts.query(fmt::format("SELECT condition, rows, file, line, method FROM {}.tally "
                                                "WHERE fact = ? ORDER BY file, line, condition",
                                                census),
                                    {name})) {
    const auto condition = condition_of(table, row.text("condition"));
    const auto there =
        facts.integer(fmt::format("SELECT count(*) FROM {}{}", name, condition.sql), condition.values)
            .value_or(0);
    const auto wanted = row.integer("rows");
    if (there == wanted) continue;
    const auto file = row.text("file");
    const auto line = row.integer("line");
    if (!file.empty()) {
      if (!places) places.emplace(facts, table);
      if (places->is_unreadable(file, line, line)) continue;
    }
    findings.add(
        {.key = fmt::format("census:{}:{}", name, row.text("condition")),
         .file = file,
         .line = line,
         .message = fmt::format("{} has {}{}, and {} by another count ({}): the facts that this gate "
                                "looks at are not complete",
                                name, count_of(static_cast<std::size_t>(there), "row"), condition.words,
                                wanted, row.text("method")),
         .hint = "collect the facts again; when it stays so, report what the collector missed"});
  }
}

}  // namespace

std::vector<std::string> with_census(const std::filesystem::path& folder, std::vector<std::string> domains) {
  constexpr std::array<std::string_view, 4> kCounted = {"repo", "ci", "code", "migrations"};
  const bool counted = std::any_of(domains.begin(), domains.end(), [&](const std::string& domain) {
    return std::find(kCounted.begin(), kCounted.end(), domain) != kCounted.end();
  });
  const bool named = std::find(domains.begin(), domains.end(), "census") != domains.end();
  if (counted && !named && std::filesystem::exists(folder / "census.db")) domains.emplace_back("census");
  return domains;
}

void run_check(const check::Check& check, const Facts& facts, const check::Parameters& with, Report& report) {
  facts::Reads reads;
  facts.record_reads(&reads);
  try {
    check.run(facts, with, report);
  } catch (...) {
    facts.record_reads(nullptr);
    throw;
  }
  facts.record_reads(nullptr);
  check::require_tables(facts, reads);
  std::vector<std::string> tables;
  for (const auto& read : reads) {
    auto name = fmt::format("{}.{}", read.domain, read.table);
    if (tables.empty() || tables.back() != name) tables.push_back(std::move(name));
  }
  reconcile(facts, tables, report);
}

void reconcile(const Facts& facts, const std::vector<std::string>& tables, Report& report) {
  for (const auto& name : tables) {
    const facts::TableInfo* const table = table_named(name);
    if (table == nullptr) continue;
    const std::string census = table->domain == "schema" ? "schema" : "census";
    if (!facts.has(census)) continue;
    // A store from before the census.
    if (facts.integer(fmt::format("SELECT count(*) FROM {}.sqlite_schema WHERE name = 'tally'", census)) == 0)
      continue;
    Findings findings(report, name);
    if (census == "census") compare_hits(facts, *table, name, findings);
    compare_tallies(facts, *table, name, census, findings);
    findings.close();
  }
}

}  // namespace exitgate::census
