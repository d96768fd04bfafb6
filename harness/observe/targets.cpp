#include "harness/observe/targets.h"

#include <pg_query.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/json/json.h"
#include "harness/observe/modes.h"

namespace exitgate::observe {

namespace {

constexpr const char* kAccessExclusive = "AccessExclusiveLock";
constexpr const char* kShareUpdateExclusive = "ShareUpdateExclusiveLock";
constexpr const char* kShare = "ShareLock";
constexpr const char* kRowExclusive = "RowExclusiveLock";
constexpr std::size_t kLongest = 1 << 20;

std::optional<Json> tree_of(std::string_view statement) {
  if (statement.size() > kLongest) return std::nullopt;
  const PgQueryParseResult parsed = pg_query_parse(std::string(statement).c_str());
  auto tree = parsed.error == nullptr ? Json::try_parse(parsed.parse_tree) : std::nullopt;
  pg_query_free_parse_result(parsed);
  return tree;
}

Target target(const Json& range, std::string mode) {
  return {range.text_or("schemaname"), range.text_or("relname"), std::move(mode)};
}

bool has_option(const Json& options, std::string_view name) {
  return std::any_of(options.items().begin(), options.items().end(),
                     [&](const Json& option) { return option["DefElem"].text_or("defname") == name; });
}

// The whole table is gone through: there is no condition.
std::string unconditional(const Json& node) {
  const Json* const condition = node.find("whereClause");
  return condition == nullptr || condition->is_null() ? "scan" : "";
}

void add_reindex(const Json& node, std::vector<Target>& found) {
  const Json& range = node["relation"];
  if (range.is_null()) return;
  const bool concurrently = has_option(node["params"], "concurrently");
  const bool index = node.text_or("kind") == "REINDEX_OBJECT_INDEX";
  Target table = target(range, concurrently ? kShareUpdateExclusive : kShare);
  table.table_of_index = index;
  if (index) {
    table.pass = "build";
    table.reason = (table.schema.empty() ? "" : table.schema + ".") + table.name;
  }
  found.push_back(table);
  Target indexes = target(range, concurrently ? kShareUpdateExclusive : kAccessExclusive);
  indexes.all_indexes = !index;
  if (!index) indexes.pass = "build";
  found.push_back(indexes);
}

void add_vacuum(const Json& node, std::vector<Target>& found) {
  const bool full = has_option(node["options"], "full");
  for (const auto& entry : node["rels"].items()) {
    Target table =
        target(entry["VacuumRelation"]["relation"], full ? kAccessExclusive : kShareUpdateExclusive);
    if (full) {
      table.pass = "rewrite";
      table.reason = "VACUUM FULL";
    }
    found.push_back(table);
  }
}

void add_lock(const Json& node, std::vector<Target>& found) {
  const std::string mode(mode_of(static_cast<int>(node.integer_or("mode", 0))));
  for (const auto& entry : node["relations"].items()) found.push_back(target(entry["RangeVar"], mode));
}

void add_detach(const Json& node, std::vector<Target>& found) {
  for (const auto& entry : node["cmds"].items()) {
    const Json& partition = entry["AlterTableCmd"]["def"]["PartitionCmd"];
    if (!partition.boolean_or("concurrent", false)) continue;
    found.push_back(target(node["relation"], kShareUpdateExclusive));
    found.push_back(target(partition["name"], kAccessExclusive));
  }
}

void add_dropped_indexes(const Json& node, std::vector<Target>& found) {
  if (!node.boolean_or("concurrent", false)) return;
  for (const auto& object : node["objects"].items()) {
    std::vector<std::string> names;
    for (const auto& name : object["List"]["items"].items()) names.push_back(name["String"].text_or("sval"));
    if (names.empty()) continue;
    Target table{names.size() > 1 ? names[names.size() - 2] : "", names.back(), kShareUpdateExclusive};
    table.table_of_index = true;
    found.push_back(table);
  }
}

void add(const std::string& type, const Json& node, std::vector<Target>& found) {
  if (type == "InsertStmt" || type == "MergeStmt" ||
      (type == "CopyStmt" && node.boolean_or("is_from", false))) {
    found.push_back(target(node["relation"], kRowExclusive));
  } else if (type == "UpdateStmt" || type == "DeleteStmt") {
    found.push_back(target(node["relation"], kRowExclusive));
    found.back().pass = unconditional(node);
  } else if (type == "TruncateStmt") {
    for (const auto& entry : node["relations"].items()) {
      found.push_back(target(entry["RangeVar"], kAccessExclusive));
      found.back().cascades = node.text_or("behavior") == "DROP_CASCADE";
    }
  } else if (type == "LockStmt") {
    add_lock(node, found);
  } else if (type == "VacuumStmt") {
    add_vacuum(node, found);
  } else if (type == "ClusterStmt") {
    if (node.contains("relation")) {
      found.push_back(target(node["relation"], kAccessExclusive));
      found.back().pass = "rewrite";
      found.back().reason = "CLUSTER";
    }
  } else if (type == "ReindexStmt") {
    add_reindex(node, found);
  } else if (type == "IndexStmt") {
    if (node.boolean_or("concurrent", false))
      found.push_back(target(node["relation"], kShareUpdateExclusive));
  } else if (type == "DropStmt") {
    add_dropped_indexes(node, found);
  } else if (type == "AlterTableStmt") {
    add_detach(node, found);
  }
}

// Whether a node that writes is anywhere in the tree.
bool writes_in(const Json& tree) {
  std::vector<const Json*> open = {&tree};
  while (!open.empty()) {
    const Json& node = *open.back();
    open.pop_back();
    for (const auto& item : node.items()) open.push_back(&item);
    for (const auto& [key, value] : node.members()) {
      if (key == "InsertStmt" || key == "UpdateStmt" || key == "DeleteStmt" || key == "MergeStmt")
        return true;
      open.push_back(&value);
    }
  }
  return false;
}

}  // namespace

std::vector<Target> targets_of(std::string_view statement) {
  std::vector<Target> found;
  const auto tree = tree_of(statement);
  if (!tree) return found;
  for (const auto& entry : (*tree)["stmts"].items()) {
    for (const auto& [type, node] : entry["stmt"].members()) {
      add(type, node, found);
      // WITH … AS (DELETE …) …
      for (const auto& part : node["withClause"]["ctes"].items()) {
        for (const auto& [inner, query] : part["CommonTableExpr"]["ctequery"].members())
          add(inner, query, found);
      }
    }
  }
  return found;
}

bool writes_inside(std::string_view tag, std::string_view statement) {
  const std::string text = lower(statement);
  const auto has = [&](const char* word) { return text.find(word) != std::string::npos; };
  if (tag == "COPY") {
    if (!has("from")) return false;
    const auto tree = tree_of(statement);
    if (!tree) return true;
    const auto& all = (*tree)["stmts"].items();
    return writes_in(*tree) || std::any_of(all.begin(), all.end(), [](const Json& one) {
             return one["stmt"]["CopyStmt"].boolean_or("is_from", false);
           });
  }
  if (!has("insert") && !has("update") && !has("delete") && !has("merge")) return false;
  if (tag == "EXPLAIN" && !has("analy")) return false;
  const auto tree = tree_of(statement);
  return tree && writes_in(*tree);
}

}  // namespace exitgate::observe
