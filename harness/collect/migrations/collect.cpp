#include "harness/collect/migrations/collect.h"

#include <fmt/core.h>

#include <future>
#include <set>

#include "harness/collect/migrations/drivers.h"
#include "harness/collect/migrations/merged_changes.h"
#include "harness/collect/migrations/statements.h"
#include "harness/collect/migrations/tool.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/migrations.h"
#include "harness/json/json.h"

namespace exitgate::collect {

namespace rows = facts::migrations;

namespace {

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

// A name as SQL has it: "SequelizeMeta" in quotes; a schema before it stays apart.
std::string sql_name(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos)
    return sql_name(name.substr(0, dot)) + "." + sql_name(name.substr(dot + 1));
  const bool plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  return plain ? std::string(name) : fmt::format("\"{}\"", name);
}

// The version as the tool's own table in the database shows it.
std::string version_of(const Environment& environment, const Revision& revision) {
  if (!revision.version.empty()) return revision.version;
  const Tool* const tool = find_tool(environment.tool);
  return tool != nullptr && tool->version != nullptr ? tool->version(revision.id) : revision.id;
}

void write_revision(facts::Store& store, BaseComparison& base, const Environment& history,
                    const Revision& revision) {
  std::optional<std::string> labels;
  if (!revision.labels.empty()) labels = Json(revision.labels).dump();
  store.insert(rows::Revision{.environment = history.id,
                              .id = revision.id,
                              .file = revision.file,
                              .line = revision.line,
                              .title = revision.title,
                              .labels = labels,
                              .new_ = base.is_new(history, revision),
                              .version = version_of(history, revision),
                              .repeatable = revision.repeatable});
  base.write(history, revision, store);
  const auto edge = [&](const std::string& parent, rows::EdgeKind kind) {
    store.insert(rows::Edge{.environment = history.id, .id = revision.id, .parent = parent, .kind = kind});
  };
  for (const auto& parent : revision.down) edge(parent, rows::EdgeKind::down);
  for (const auto* list : {&revision.depends, &revision.outside}) {
    for (const auto& parent : *list) edge(parent, rows::EdgeKind::depends);
  }
}

void write_history(facts::Store& store, BaseComparison& base, const Environment& history) {
  const std::string table = version_table_of(history);
  store.insert(
      rows::Environment{.id = history.id,
                        .tool = history.tool,
                        .config = history.config,
                        .location = history.location,
                        .version_table = text_or_null(table),
                        .state = text_or_null(state_query(state_template_of(history), sql_name(table)))});
  for (const auto& revision : history.revisions) write_revision(store, base, history, revision);
  const Graph graph = analyze_graph(history);
  for (const auto& id : graph.heads) store.insert(rows::Head{.environment = history.id, .id = id});
  for (const auto& id : graph.bases) store.insert(rows::Base{.environment = history.id, .id = id});
  for (const auto* list : {&history.problems, &graph.problems}) {
    for (const auto& one : *list) {
      store.insert(rows::Problem{.environment = history.id,
                                 .file = one.file,
                                 .line = one.line,
                                 .reason = one.reason,
                                 .unread = one.unread});
    }
  }
}

void write(BaseComparison& base, const std::vector<Environment>& histories,
           const std::vector<rows::MergedChange>& changes, const std::vector<DeclaredDriver>& drivers,
           const std::filesystem::path& out) {
  facts::Store store(out, "migrations");
  write_tools(store);
  const auto& against = base.comparison();
  store.insert(rows::Comparison{.reference = against.reference,
                                .oid = against.oid,
                                .merge_base = against.merge_base,
                                .problem = against.problem});
  for (const auto& history : histories) write_history(store, base, history);
  for (const auto& change : changes) store.insert(change);
  for (const auto& driver : drivers)
    store.insert(rows::Driver{.file = driver.file, .line = driver.line, .name = driver.name});
  store.close();
}

// What one tool has found belongs to no other.
void take_files(Source& source, const Environment& environment) {
  for (const auto& revision : environment.revisions) {
    source.take(revision.file);
    if (!revision.script.empty()) source.take(revision.script);
  }
  for (const auto& problem : environment.problems) {
    if (problem.file) source.take(*problem.file);
  }
}

}  // namespace

std::vector<Environment> read_histories(Source& source) {
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

std::string version_table_of(const Environment& environment) {
  if (!environment.version_table.empty()) return environment.version_table;
  const Tool* const tool = find_tool(environment.tool);
  return tool == nullptr ? "" : state_table(*tool);
}

std::string state_template_of(const Environment& environment) {
  if (!environment.state.empty()) return environment.state;
  const Tool* const tool = find_tool(environment.tool);
  return tool == nullptr ? "" : tool->state;
}

void write_tools(facts::Store& store) {
  for (const auto& tool : all_tools()) {
    store.insert(rows::Tool{.name = tool.name,
                            .deep = tool.deep,
                            .state = text_or_null(state_query(tool.state, sql_name(state_table(tool)))),
                            .state_is_implicit = tool.state_is_implicit,
                            .up = text_or_null(tool.up),
                            .down = text_or_null(tool.down),
                            .step = text_or_null(tool.step),
                            .list = text_or_null(tool.list),
                            .up_part = text_or_null(tool.up_part),
                            .down_part = text_or_null(tool.down_part),
                            .create_first = text_or_null(tool.create),
                            .join_heads = text_or_null(tool.join),
                            .state_lists_all = tool.state_lists_all,
                            .models = text_or_null(tool.models)});
    for (const auto& pattern : tool.commands)
      store.insert(rows::ToolCommand{.tool = tool.name, .pattern = pattern});
    for (const auto& table : tool.tables)
      store.insert(rows::ToolObject{.tool = tool.name, .kind = rows::ToolObjectKind::table, .name = table});
    for (const auto& schema : tool.schemas)
      store.insert(rows::ToolObject{.tool = tool.name, .kind = rows::ToolObjectKind::schema, .name = schema});
  }
}

void collect_migrations(const Checkout& checkout, const std::filesystem::path& out) {
  auto base = std::async(std::launch::async, [&checkout] { return Base::of(checkout); });
  Source source(checkout);
  auto environments = read_histories(source);
  read_sql_revisions(source, environments);
  BaseComparison base_comparison(checkout, source, base.get(), IndexHistory(environments));
  const auto changes = merged_changes(checkout, source, environments, base_comparison);
  write(base_comparison, environments, changes, declared_drivers(source), out);
}

std::vector<Environment> read_histories(const Checkout& checkout) {
  Source source(checkout);
  return read_histories(source);
}

HistoriesSinceBase read_histories_since_base(const Checkout& checkout) {
  HistoriesSinceBase result;
  Source source(checkout);
  result.histories = read_histories(source);
  BaseComparison base(checkout, source, Base::of(checkout), IndexHistory(result.histories));
  result.comparison = base.comparison();
  for (const auto& history : result.histories) {
    auto& fresh = result.fresh.emplace_back();
    if (result.comparison.problem) continue;
    for (std::size_t at = 0; at < history.revisions.size(); ++at) {
      if (base.is_new(history, history.revisions[at]).value_or(true)) fresh.push_back(at);
    }
  }
  return result;
}

}  // namespace exitgate::collect
