#include "harness/collect/schema/state.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/schema/snapshot.h"

namespace exitgate::collect::schema {

namespace {

// The query comes from the target's configuration, which may be anybody's, and may go to a live server: as a
// part of a query of ours it can be nothing but a query, and the transaction that it is in only reads.
std::string as_subquery(std::string_view query) {
  query = trim(query);
  while (!query.empty() && query.back() == ';') query = trim(query.substr(0, query.size() - 1));
  return fmt::format("SELECT * FROM (\n{}\n) AS migration_state", query);
}

std::vector<std::string> ask(database::Connection& connection, const std::string& query,
                             std::vector<std::string>& problems) {
  std::vector<std::string> revisions;
  // Of a query that fails, nothing is undone but its own settings.
  connection.query("SAVEPOINT state; SET LOCAL search_path = public");
  try {
    const auto rows = connection.query_single(as_subquery(query));
    for (int row = 0; row < rows.rows(); ++row) {
      if (rows.columns() > 0 && !rows.is_null(row, 0)) revisions.emplace_back(rows.text(row, 0));
    }
  } catch (const Undecided& problem) {
    revisions.clear();
    problems.push_back(fmt::format("cannot read the migration state: {}", problem.what()));
  }
  connection.query("ROLLBACK TO SAVEPOINT state");
  return revisions;
}

// The table's identity, in its own schema, in public, or wherever the project keeps it; "" when there is none.
std::string identity_of(const std::string& table, const std::vector<Object>& objects,
                        std::vector<std::string>& problems) {
  const std::size_t dot = table.find('.');
  const std::string schema = dot == std::string::npos ? "" : table.substr(0, dot);
  const std::string name = dot == std::string::npos ? table : table.substr(dot + 1);
  std::vector<const Object*> found;
  for (const auto& object : objects) {
    if (object.kind != "table" || object.name != name) continue;
    if (schema.empty() || object.namespace_name.value_or("") == schema) found.push_back(&object);
  }
  if (found.empty()) return "";
  const auto in_public = std::find_if(found.begin(), found.end(), [](const Object* object) {
    return object->namespace_name.value_or("") == "public";
  });
  if (in_public != found.end()) return (*in_public)->identity;
  if (found.size() == 1) return found.front()->identity;
  problems.push_back(fmt::format("several tables are named {}, and none of them is in public", name));
  return "";
}

// The revisions as the source's history has them.
std::vector<std::string> as_the_history_has_them(std::vector<std::string> revisions,
                                                 const StateSource& source) {
  if (source.normal != nullptr) {
    for (auto& revision : revisions) revision = source.normal(revision);
  }
  std::set<std::string> held(revisions.begin(), revisions.end());
  for (const auto& [id, old] : source.stands_for) {
    const bool all =
        std::all_of(old.begin(), old.end(), [&](const auto& one) { return held.count(one) != 0; });
    if (all) held.insert(id);
  }
  for (const auto& [id, old] : source.stands_for) {
    for (const auto& one : old) held.erase(one);
  }
  return {held.begin(), held.end()};
}

}  // namespace

std::vector<StateSource> state_sources(const std::vector<collect::Environment>& histories) {
  std::vector<StateSource> sources;
  for (const auto& history : histories) {
    const collect::Tool* const tool = collect::find_tool(history.tool);
    StateSource source{.environment = history.id,
                       .tool = history.tool,
                       .table = collect::version_table_of(history),
                       .query = collect::state_template_of(history),
                       .normal = tool == nullptr ? nullptr : tool->version};
    if (source.table.empty() || source.query.empty()) continue;
    for (const auto& revision : history.revisions) {
      if (!revision.stands_for.empty()) source.stands_for.emplace_back(revision.id, revision.stands_for);
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

std::vector<StateSource> implicit_state_sources() {
  std::vector<StateSource> sources;
  for (const auto& tool : collect::all_tools()) {
    if (!tool.state_is_implicit) continue;
    sources.push_back(
        {.environment = "", .tool = tool.name, .table = collect::state_table(tool), .query = tool.state});
  }
  return sources;
}

MigrationState read_state(database::Connection& connection, const std::string& query,
                          const std::vector<StateSource>& sources, const std::vector<Object>& objects) {
  MigrationState state;
  if (!query.empty()) {
    for (auto& revision : ask(connection, query, state.problems))
      state.revisions.push_back({std::move(revision), std::nullopt});
    std::sort(state.revisions.begin(), state.revisions.end());
    return state;
  }
  struct Asked {
    const StateSource* source;
    std::size_t histories = 0;
  };
  std::map<std::string, Asked> queries;
  std::map<std::string, std::string> identities;
  for (const auto& source : sources) {
    auto known = identities.find(source.table);
    if (known == identities.end())
      known = identities.emplace(source.table, identity_of(source.table, objects, state.problems)).first;
    if (known->second.empty()) continue;
    state.asked.push_back(source.environment);
    ++queries.emplace(collect::state_query(source.query, known->second), Asked{&source})
          .first->second.histories;
  }
  for (const auto& [text, asked] : queries) {
    const bool of_one = asked.histories == 1 && !asked.source->environment.empty();
    for (auto& revision : as_the_history_has_them(ask(connection, text, state.problems), *asked.source)) {
      state.revisions.push_back(
          {std::move(revision), of_one ? std::optional(asked.source->environment) : std::nullopt});
    }
  }
  std::sort(state.revisions.begin(), state.revisions.end());
  return state;
}

}  // namespace exitgate::collect::schema
