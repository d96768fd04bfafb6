#include "harness/verdict/subject.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/database_parts.h"

namespace exitgate::verdict {

namespace {

bool is_table(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

// Signs of a database, which `database: none` answers for, but for migrations that are not those of tests and examples.
constexpr std::string_view kDatabase =
    R"(SELECT CASE e.tool WHEN 'sql' THEN 'a numbered SQL file' ELSE 'a migration of ' || e.tool END AS what,
       coalesce(r.file, e.config, e.location) AS file, r.line AS line
  FROM migrations.environment e LEFT JOIN migrations.revision r ON r.environment = e.id
 WHERE (SELECT no_database FROM schema.plan) IS NULL
    OR NOT ('/' || coalesce(r.file, e.config, e.location) GLOB '*/test*/*'
         OR '/' || coalesce(r.file, e.config, e.location) GLOB '*/example*/*'
         OR '/' || coalesce(r.file, e.config, e.location) GLOB '*/fixture*/*')
UNION ALL
SELECT 'a database service in CI', file, line FROM ci.service
 WHERE database IS NOT NULL AND (SELECT no_database FROM schema.plan) IS NULL
UNION ALL
SELECT 'the database driver ' || name, file, line FROM migrations.driver
 WHERE (SELECT no_database FROM schema.plan) IS NULL)";

// The same, where nothing was provisioned and no live database was read.
const std::string& unprovisioned_database() {
  static const std::string query = fmt::format(
      "SELECT * FROM ({}) WHERE (SELECT source FROM schema.plan) = 'none' "
      "AND NOT EXISTS (SELECT 1 FROM schema.snapshot WHERE name = 'live')",
      kDatabase);
  return query;
}

std::string_view named_subject(std::string_view name) {
  if (name == "database") return kDatabase;
  return name == "unprovisioned-database" ? std::string_view(unprovisioned_database()) : "";
}

// The first of the columns that the query gives.
std::string column_of(const facts::Query& query, std::initializer_list<const char*> names) {
  const auto& given = query.column_names();
  for (const char* const name : names) {
    if (std::find(given.begin(), given.end(), name) != given.end()) return name;
  }
  return "";
}

}  // namespace

std::string query_for_subject(const std::string& about) {
  const auto text = std::string(trim(about));
  if (const auto named = named_subject(text); !named.empty()) return std::string(named);
  if (!is_table(text)) return text;
  return fmt::format("SELECT 'a row of {0}' AS what, * FROM {0}", text);
}

std::vector<std::string> parts_of_subject(const facts::Facts& declared, const std::string& query) {
  // It asks for one snapshot alone, which the tables that it reads do not tell.
  if (query == unprovisioned_database()) return {"live"};
  return check::parts_of_query(declared, query);
}

Subject find_subject(const facts::Facts& facts, const std::string& text) {
  Subject subject;
  facts::Query query = facts.query(text);
  const auto what = column_of(query, {"what"});
  const auto file = column_of(query, {"file", "path"});
  const auto line = column_of(query, {"line"});
  const auto may_skip = column_of(query, {"may_skip"});
  std::int64_t skippable = 0;
  for (const facts::Row& row : query) {
    if (!may_skip.empty() && row.integer(may_skip) == 1) ++skippable;
    if (++subject.count > 1) continue;
    subject.what = what.empty() ? "what this gate is about" : row.text(what);
    if (!file.empty()) subject.place = row.text(file);
    if (!subject.place.empty() && !line.empty() && row.integer(line) > 0)
      subject.place += fmt::format(":{}", row.integer(line));
  }
  subject.may_skip = subject.count > 0 && skippable == subject.count;
  return subject;
}

std::string in_words(const Subject& subject) {
  const auto more = subject.count > 1 ? fmt::format("and {} more", subject.count - 1) : "";
  const auto both = subject.place.empty() || more.empty() ? "" : ", ";
  const auto behind = subject.place + both + more;
  return fmt::format("there is {}{}", subject.what, behind.empty() ? "" : fmt::format(" ({})", behind));
}

}  // namespace exitgate::verdict
