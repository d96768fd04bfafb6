#include "harness/check/schema_differences.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "harness/schema/column_order.h"
#include "harness/schema/sql_syntax.h"

namespace exitgate::check {

namespace {

// Objects that one snapshot has and the other has not, or has otherwise.
constexpr std::string_view kDifferences = R"sql(
SELECT a.kind AS kind, a.identity AS identity,
       CASE WHEN b.identity IS NULL THEN 'only-first' ELSE 'both' END AS side,
       a.definition AS first, b.definition AS second, a.parent AS parent
  FROM schema.object a
  LEFT JOIN schema.object b ON b.snapshot = ?2 AND b.kind = a.kind AND b.identity = a.identity
 WHERE a.snapshot = ?1 AND (b.identity IS NULL OR b.sha256 <> a.sha256)
UNION ALL
SELECT b.kind, b.identity, 'only-second', NULL, b.definition, b.parent
  FROM schema.object b
 WHERE b.snapshot = ?2 AND NOT EXISTS (
   SELECT 1 FROM schema.object a WHERE a.snapshot = ?1 AND a.kind = b.kind AND a.identity = b.identity)
 ORDER BY 1, 2
)sql";

// The same of what is no object of a schema. ?3: JSON array of the kinds.
constexpr std::string_view kServerDifferences = R"sql(
WITH one AS (
  SELECT snapshot, kind, identity, group_concat(definition, '; ') AS definition FROM (
    SELECT snapshot, kind, identity, definition FROM schema.server_object
    UNION ALL
    SELECT snapshot, 'role', name, iif(login, 'LOGIN', 'NOLOGIN') || iif(superuser, ' SUPERUSER', '') ||
           iif(createdb, ' CREATEDB', '') || iif(createrole, ' CREATEROLE', '') ||
           iif(replication, ' REPLICATION', '') || iif(bypassrls, ' BYPASSRLS', '')
      FROM schema.role WHERE name NOT GLOB 'pg_*'
    UNION ALL
    SELECT snapshot, 'membership', member || ' in ' || role, iif(inherits, 'INHERIT', 'NOINHERIT') ||
           iif(can_set, ' SET', '') || iif(admin, ' ADMIN', '') FROM schema.membership
    ORDER BY 1, 2, 3, 4)
  WHERE kind IN (SELECT value FROM json_each(?3)) AND snapshot IN (?1, ?2)
  GROUP BY 1, 2, 3)
SELECT a.kind AS kind, a.identity AS identity,
       CASE WHEN b.identity IS NULL THEN 'only-first' ELSE 'both' END AS side,
       a.definition AS first, b.definition AS second, NULL AS parent
  FROM one a LEFT JOIN one b ON b.snapshot = ?2 AND b.kind = a.kind AND b.identity = a.identity
 WHERE a.snapshot = ?1 AND (b.identity IS NULL OR b.definition <> a.definition)
UNION ALL
SELECT b.kind, b.identity, 'only-second', NULL, b.definition, NULL
  FROM one b
 WHERE b.snapshot = ?2 AND NOT EXISTS (
   SELECT 1 FROM one a WHERE a.snapshot = ?1 AND a.kind = b.kind AND a.identity = b.identity)
 ORDER BY 1, 2
)sql";

bool has_table(const Facts& facts, std::string_view name) {
  return facts.integer("SELECT count(*) FROM schema.sqlite_schema WHERE name = ?", {std::string(name)})
             .value_or(0) > 0;
}

SchemaDifference difference_of(const Row& row) {
  const std::string side = row.text("side");
  return {row.text("kind"),
          row.text("identity"),
          side == "both"         ? Side::both
          : side == "only-first" ? Side::only_first
                                 : Side::only_second,
          row.text("first"),
          row.text("second"),
          row.text("parent")};
}

// By "kind identity": what the first and the second snapshot's definition becomes.
using Restored = std::map<std::string, std::array<std::string, 2>, std::less<>>;

Restored restored_definitions(const Facts& facts, const std::string& first, const std::string& second) {
  Restored restored;
  if (!has_table(facts, "restored")) return restored;
  for (const Row& row : facts.query("SELECT snapshot, kind, identity, definition FROM schema.restored "
                                    "WHERE snapshot IN (?1, ?2) AND definition IS NOT NULL",
                                    {first, second})) {
    restored[row.text("kind") + " " + row.text("identity")][row.text("snapshot") == first ? 0 : 1] =
        row.text("definition");
  }
  return restored;
}

// "the same now or then": a definition's forms are itself and what it becomes.
bool same_when_restored(const Restored& restored, const SchemaDifference& one) {
  const auto found = restored.find(one.name());
  if (found == restored.end()) return false;
  const auto& [first, second] = found->second;
  if (!first.empty() && (first == one.second || first == second)) return true;
  return !second.empty() && second == one.first;
}

// The same where one of the servers writes as calls what the other writes in the syntax of the SQL standard (since 14).
bool same_with_calls(const Restored& restored, const SchemaDifference& one) {
  std::array<std::vector<std::string>, 2> forms = {std::vector{one.first}, std::vector{one.second}};
  if (const auto found = restored.find(one.name()); found != restored.end()) {
    for (const std::size_t side : {0U, 1U}) {
      if (!found->second[side].empty()) forms[side].push_back(found->second[side]);
    }
  }
  for (const auto& first : forms[0]) {
    for (const auto& second : forms[1]) {
      if (schema::with_calls(first) == schema::with_calls(second)) return true;
    }
  }
  return false;
}

std::map<std::string, std::string> hidden_objects(const Facts& facts, const std::string& first,
                                                  const std::string& second) {
  std::map<std::string, std::string> hidden;
  if (!has_table(facts, "hidden")) return hidden;
  for (const Row& row : facts.query("SELECT snapshot, kind, identity, reason FROM schema.hidden "
                                    "WHERE snapshot IN (?1, ?2) ORDER BY 1, 2, 3",
                                    {first, second})) {
    hidden[row.text("kind") + " " + row.text("identity")] =
        fmt::format("in '{}', {}", row.text("snapshot"), row.text("reason"));
  }
  return hidden;
}

// Of the database itself: a schema file, restored into any database, does not carry it.
bool is_of_database(const SchemaDifference& one) {
  return one.kind == "database setting" || one.kind == "role setting" || one.kind == "database property" ||
         one.parent == "database" || one.name() == "owner database";
}

struct Server {
  std::string snapshot;
  int major = 0;
};

Server server_of(const Facts& facts, const std::string& snapshot) {
  const auto version = facts.text("SELECT server_version FROM schema.snapshot WHERE name = ?", {snapshot});
  return {snapshot, version ? std::atoi(version->c_str()) : 0};
}

// "INSERT, REVOKED MAINTAIN, SELECT" without what speaks of MAINTAIN.
std::string without_maintain(const std::string& privileges) {
  std::string kept;
  for (std::size_t at = 0; at < privileges.size();) {
    const std::size_t end = std::min(privileges.find(", ", at), privileges.size());
    const std::string one = privileges.substr(at, end - at);
    if (one.find("MAINTAIN") == std::string::npos) kept += (kept.empty() ? "" : ", ") + one;
    at = end + 2;
  }
  return kept;
}

// What a major version has of its own accord, and the other one cannot have.
bool is_of_major(const Facts& facts, const SchemaDifference& one, const Server& first, const Server& second) {
  const int older = std::min(first.major, second.major);
  const int newer = std::max(first.major, second.major);
  // A server that does not say its version is compared as it is.
  if (older == newer || older == 0) return false;
  const bool first_is_newer = first.major > second.major;
  const std::string& definition = one.side == Side::only_second ? one.second : one.first;
  // A NOT NULL of a column has a name since 18, of a domain since 17.
  if (one.kind == "constraint" && one.side != Side::both && definition.starts_with("NOT NULL")) {
    return older < (one.parent.starts_with("domain ") ? 17 : 18);
  }
  // ALL includes MAINTAIN since 17.
  if ((one.kind == "grant" || one.kind == "default privilege") && one.side == Side::both && older < 17 &&
      newer >= 17) {
    return without_maintain(one.first) == without_maintain(one.second);
  }
  // The schema public belongs to the owner of the database since 15, before to the superuser that initdb made.
  if (one.name() == "owner schema public" && one.side == Side::both && older < 15 && newer >= 15) {
    const std::string& new_owner = first_is_newer ? one.first : one.second;
    return new_owner == "pg_database_owner" &&
           facts.integer("SELECT count(*) FROM schema.role WHERE snapshot = ? AND name = ? AND superuser",
                         {first_is_newer ? second.snapshot : first.snapshot,
                          first_is_newer ? one.second : one.first})
                   .value_or(0) > 0;
  }
  // Everyone may create in the schema public until 14: taken away there, or granted since, is what the other has of its own.
  if (one.name() == "grant schema public to PUBLIC" && one.side != Side::both && older < 15 && newer >= 15) {
    const bool of_newer = (one.side == Side::only_first) == first_is_newer;
    return definition == (of_newer ? "CREATE" : "REVOKED CREATE");
  }
  return false;
}

void find_parts(std::vector<SchemaDifference>& found) {
  std::map<std::pair<Side, std::string>, std::size_t> whole;
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (found[at].side != Side::both) whole[{found[at].side, found[at].name()}] = at;
  }
  for (std::size_t at = 0; at < found.size(); ++at) {
    std::size_t top = at;
    for (int steps = 0; steps < 8; ++steps) {
      const auto above = whole.find({found[at].side, found[top].parent});
      if (above == whole.end() || above->second == top) break;
      top = above->second;
    }
    if (top == at) continue;
    found[at].is_part = true;
    found[top].parts.push_back(at);
  }
}

}  // namespace

SchemaComparison compare_snapshots(const Facts& facts, const std::string& first, const std::string& second) {
  SchemaComparison comparison;
  const auto restored = restored_definitions(facts, first, second);
  const auto hidden = hidden_objects(facts, first, second);
  const bool of_file = first == "committed" || second == "committed";
  const Server first_server = server_of(facts, first);
  const Server second_server = server_of(facts, second);
  const int older = std::min(first_server.major, second_server.major);
  const bool around_14 = older > 0 && older < 14 && std::max(first_server.major, second_server.major) >= 14;
  for (const Row& row : facts.query(kDifferences, {first, second})) {
    SchemaDifference one = difference_of(row);
    if (one.kind == schema::kColumnOrder &&
        (one.side != Side::both || schema::same_column_order(one.first, one.second)))
      continue;
    if ((of_file && is_of_database(one)) || is_of_major(facts, one, first_server, second_server)) {
      ++comparison.not_carried;
      continue;
    }
    if (one.side == Side::both) {
      if (same_when_restored(restored, one) || (around_14 && same_with_calls(restored, one))) {
        ++comparison.same_when_restored;
        continue;
      }
      if (const auto reason = hidden.find(one.name()); reason != hidden.end()) one.hidden = reason->second;
    }
    comparison.differences.push_back(std::move(one));
  }
  find_parts(comparison.differences);
  return comparison;
}

std::vector<SchemaDifference> compare_servers(const Facts& facts, const std::string& first,
                                              const std::string& second,
                                              const std::vector<std::string>& parts) {
  std::vector<SchemaDifference> found;
  if (parts.empty() || !has_table(facts, "server_object")) return found;
  std::string kinds;
  const auto add = [&](std::string_view kind) {
    kinds += fmt::format("{}\"{}\"", kinds.empty() ? "" : ", ", kind);
  };
  for (const auto& part : parts) {
    if (part == "extension-versions") add("extension version");
    if (part == "extension-members") add("extension member");
    if (part == "locale") add("locale");
    if (part != "globals") continue;
    for (const std::string_view kind :
         {"role", "role attribute", "membership", "role setting", "role comment", "role security label",
          "tablespace", "parameter grant"}) {
      add(kind);
    }
  }
  for (const Row& row : facts.query(kServerDifferences, {first, second, "[" + kinds + "]"})) {
    found.push_back(difference_of(row));
  }
  return found;
}

}  // namespace exitgate::check
