#include "harness/collect/migrations/collect.h"

#include <fmt/format.h>

#include <array>
#include <future>
#include <set>

#include "harness/collect/migrations/statements.h"
#include "harness/collect/migrations/tools.h"
#include "harness/facts/store.h"
#include "harness/json/json.h"

namespace exitgate::collect {

namespace {

using Find = void (*)(Source&, std::vector<Environment>&);
constexpr std::array kTools = {Find(find_alembic),      Find(find_diesel), Find(find_django),
                               Find(find_flyway),       Find(find_goose),  Find(find_golang_migrate),
                               Find(find_numbered_sql), Find(find_prisma), Find(find_rails),
                               Find(find_sqitch)};

void write(News& news, const std::vector<Environment>& environments, const std::filesystem::path& out) {
  facts::Store store(out, "migrations");
  {
    auto environment = store.inserter("environment", {"id", "tool", "config", "location"});
    auto revision =
        store.inserter("revision", {"environment", "id", "file", "line", "title", "labels", "new"});
    auto edge = store.inserter("edge", {"environment", "id", "parent", "kind"});
    auto head = store.inserter("head", {"environment", "id"});
    auto base = store.inserter("base", {"environment", "id"});
    auto problem = store.inserter("problem", {"environment", "file", "line", "reason"});
    auto comparison = store.inserter("comparison", {"reference", "oid", "merge_base", "problem"});
    auto statement = store.inserter("statement", {"environment", "revision", "file", "line", "kind", "object",
                                                  "text", "harmless", "new", "reason"});
    const auto& against = news.comparison();
    comparison(against.reference, against.oid, against.merge_base, against.problem);
    for (const auto& found : environments) {
      environment(found.id, found.tool, found.config, found.location);
      for (const auto& row : found.revisions) {
        std::optional<std::string> labels;
        if (!row.labels.empty()) {
          labels = Json(row.labels).dump();
        }
        revision(found.id, row.id, row.file, row.line, row.title, labels, news.is_new(row));
        news.write(found, row, statement);
        for (const auto& parent : row.down) edge(found.id, row.id, parent, "down");
        for (const auto* list : {&row.depends, &row.outside}) {
          for (const auto& parent : *list) edge(found.id, row.id, parent, "depends");
        }
      }
      const Graph graph = work_out(found);
      for (const auto& id : graph.heads) head(found.id, id);
      for (const auto& id : graph.bases) base(found.id, id);
      for (const auto* list : {&found.problems, &graph.problems}) {
        for (const auto& row : *list) problem(found.id, row.file, row.line, row.reason);
      }
    }
  }
  store.close();
}

std::vector<Environment> find_all(Source& source) {
  std::vector<Environment> environments;
  for (const Find find : kTools) find(source, environments);
  // Two tools' files in one folder.
  std::set<std::string> ids;
  for (auto& environment : environments) {
    if (ids.count(environment.id) != 0) environment.id += fmt::format("#{}", environment.tool);
    while (!ids.insert(environment.id).second) environment.id += '\'';
  }
  return environments;
}

}  // namespace

void collect_migrations(const Checkout& checkout, const std::filesystem::path& out) {
  auto base = std::async(std::launch::async, [&checkout] { return Base::of(checkout); });
  Source source(checkout);
  auto environments = find_all(source);
  read_sql_revisions(source, environments);
  News news(checkout, source, base.get());
  write(news, environments, out);
}

std::vector<Environment> read_histories(const Checkout& checkout) {
  Source source(checkout);
  return find_all(source);
}

}  // namespace exitgate::collect
