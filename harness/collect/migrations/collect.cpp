#include "harness/collect/migrations/collect.h"

#include <fmt/format.h>

#include <future>
#include <set>

#include "harness/collect/migrations/statements.h"
#include "harness/collect/migrations/tool.h"
#include "harness/facts/store.h"
#include "harness/json/json.h"

namespace exitgate::collect {

namespace {

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

// The version as the tool's own table in the database shows it.
std::string version_of(const Environment& environment, const Revision& revision) {
  const Tool* const tool = find_tool(environment.tool);
  return tool != nullptr && tool->version != nullptr ? tool->version(revision.id) : revision.id;
}

void write(BaseComparison& base_comparison, const std::vector<Environment>& environments,
           const std::filesystem::path& out) {
  facts::Store store(out, "migrations");
  write_tools(store);
  {
    auto environment = store.inserter("environment", {"id", "tool", "config", "location"});
    auto revision = store.inserter(
        "revision", {"environment", "id", "file", "line", "title", "labels", "new", "version"});
    auto edge = store.inserter("edge", {"environment", "id", "parent", "kind"});
    auto head = store.inserter("head", {"environment", "id"});
    auto base = store.inserter("base", {"environment", "id"});
    auto problem = store.inserter("problem", {"environment", "file", "line", "reason", "unread"});
    auto comparison = store.inserter("comparison", {"reference", "oid", "merge_base", "problem"});
    auto statement = store.inserter("statement", {"environment", "revision", "file", "line", "kind", "object",
                                                  "text", "harmless", "new", "reason"});
    const auto& against = base_comparison.comparison();
    comparison(against.reference, against.oid, against.merge_base, against.problem);
    for (const auto& found : environments) {
      environment(found.id, found.tool, found.config, found.location);
      for (const auto& row : found.revisions) {
        std::optional<std::string> labels;
        if (!row.labels.empty()) {
          labels = Json(row.labels).dump();
        }
        revision(found.id, row.id, row.file, row.line, row.title, labels, base_comparison.is_new(row),
                 version_of(found, row));
        base_comparison.write(found, row, statement);
        for (const auto& parent : row.down) edge(found.id, row.id, parent, "down");
        for (const auto* list : {&row.depends, &row.outside}) {
          for (const auto& parent : *list) edge(found.id, row.id, parent, "depends");
        }
      }
      const Graph graph = analyze_graph(found);
      for (const auto& id : graph.heads) head(found.id, id);
      for (const auto& id : graph.bases) base(found.id, id);
      for (const auto* list : {&found.problems, &graph.problems}) {
        for (const auto& row : *list) problem(found.id, row.file, row.line, row.reason, row.unread);
      }
    }
  }
  store.close();
}

// What the tool has found is no other's.
void take_files(Source& source, const Environment& environment) {
  for (const auto& revision : environment.revisions) {
    source.take(revision.file);
    if (!revision.script.empty()) source.take(revision.script);
  }
  for (const auto& problem : environment.problems) {
    if (problem.file) source.take(*problem.file);
  }
}

std::vector<Environment> find_all(Source& source) {
  std::vector<Environment> environments;
  for (const auto& tool : all_tools()) {
    const std::size_t before = environments.size();
    tool.find(source, environments);
    for (std::size_t i = before; i < environments.size(); ++i) {
      environments[i].tool = tool.name;
      take_files(source, environments[i]);
    }
  }
  // Two tools' files in one folder.
  std::set<std::string> ids;
  for (auto& environment : environments) {
    if (ids.count(environment.id) != 0) environment.id += fmt::format("#{}", environment.tool);
    while (!ids.insert(environment.id).second) environment.id += '\'';
  }
  return environments;
}

}  // namespace

void write_tools(facts::Store& store) {
  auto tools = store.inserter("tool", {"name", "deep", "state", "state_is_implicit", "up", "down", "step",
                                       "list", "way_up", "way_down", "create_first", "join_heads"});
  auto commands = store.inserter("tool_command", {"tool", "pattern"});
  for (const auto& tool : all_tools()) {
    tools(tool.name, tool.deep, text_or_null(state_query(tool, tool.tables.empty() ? "" : tool.tables[0])),
          tool.state_is_implicit, text_or_null(tool.up), text_or_null(tool.down), text_or_null(tool.step),
          text_or_null(tool.list), text_or_null(tool.way_up), text_or_null(tool.way_down),
          text_or_null(tool.create), text_or_null(tool.join));
    for (const auto& pattern : tool.commands) commands(tool.name, pattern);
  }
}

void collect_migrations(const Checkout& checkout, const std::filesystem::path& out) {
  auto base = std::async(std::launch::async, [&checkout] { return Base::of(checkout); });
  Source source(checkout);
  auto environments = find_all(source);
  read_sql_revisions(source, environments);
  BaseComparison base_comparison(checkout, source, base.get());
  write(base_comparison, environments, out);
}

std::vector<Environment> read_histories(const Checkout& checkout) {
  Source source(checkout);
  return find_all(source);
}

}  // namespace exitgate::collect
