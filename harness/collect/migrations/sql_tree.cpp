#include "harness/collect/migrations/sql_tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_conditions.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/sql_nodes.h"
#include "harness/json/json.h"

namespace exitgate::collect {

namespace {

using namespace sql_nodes;

// An entry of DropStmt.objects, in the form that its kind of object has there.
std::string dropped_name(const Json& object) {
  if (const Json& list = at(object, "List"); !list.is_null()) {
    const Json& items = at(list, "items");
    if (items.size() != 2 || at(*items.begin(), "TypeName").is_null()) return joined(items);
    // A cast's.
    return dropped_name(items.items()[0]) + " AS " + dropped_name(items.items()[1]);
  }
  if (const Json& name = at(object, "String"); !name.is_null()) return text_of(name, "sval");
  if (const Json& type = at(object, "TypeName"); !type.is_null()) return joined(at(type, "names"));
  if (const Json& routine = at(object, "ObjectWithArgs"); !routine.is_null())
    return joined(at(routine, "objname"));
  return "";
}

struct Word {
  std::string_view type;  // of ObjectType or AlterTableType
  std::string_view kind;
};

constexpr std::array<Word, 18> kDropped = {{
    {"OBJECT_TABLE", "drop-table"},
    {"OBJECT_FOREIGN_TABLE", "drop-table"},
    {"OBJECT_SCHEMA", "drop-schema"},
    {"OBJECT_TYPE", "drop-type"},
    {"OBJECT_DOMAIN", "drop-type"},
    {"OBJECT_SEQUENCE", "drop-sequence"},
    {"OBJECT_EXTENSION", "drop-extension"},
    {"OBJECT_VIEW", "drop-view"},
    {"OBJECT_MATVIEW", "drop-view"},
    {"OBJECT_FUNCTION", "drop-function"},
    {"OBJECT_PROCEDURE", "drop-function"},
    {"OBJECT_ROUTINE", "drop-function"},
    {"OBJECT_AGGREGATE", "drop-function"},
    {"OBJECT_COLUMN", "drop-column"},
    {"OBJECT_TRIGGER", "drop-trigger"},
    {"OBJECT_EVENT_TRIGGER", "drop-trigger"},
    {"OBJECT_POLICY", "drop-policy"},
    {"OBJECT_RULE", "drop-rule"},
}};

// What holds no rows of its own, but may have columns, tables, indexes, constraints, views or functions that depend on
// it: with CASCADE they go with it. Nothing depends on what is named neither here nor above (publications, statistics,
// conversions, text search templates …).
constexpr std::array<std::string_view, 12> kDependedUpon = {
    "OBJECT_COLLATION", "OBJECT_ACCESS_METHOD",   "OBJECT_FDW",      "OBJECT_FOREIGN_SERVER",
    "OBJECT_OPERATOR",  "OBJECT_OPCLASS",         "OBJECT_OPFAMILY", "OBJECT_CAST",
    "OBJECT_LANGUAGE",  "OBJECT_TSCONFIGURATION", "OBJECT_INDEX",    "OBJECT_TSDICTIONARY",
};

constexpr std::array<Word, 13> kAltered = {{
    {"AT_DropColumn", "drop-column"},
    {"AT_AlterColumnType", "alter-column-type"},
    {"AT_SetNotNull", "set-not-null"},
    {"AT_DropConstraint", "drop-constraint"},
    {"AT_DisableRowSecurity", "disable-row-security"},
    {"AT_NoForceRowSecurity", "disable-row-security"},
    {"AT_DisableTrig", "disable-trigger"},
    {"AT_DisableTrigAll", "disable-trigger"},
    {"AT_DisableTrigUser", "disable-trigger"},
    {"AT_EnableReplicaTrig", "disable-trigger"},  // it no longer fires in an ordinary session
    {"AT_SetUnLogged", "set-unlogged"},
    {"AT_DisableRule", "disable-rule"},
    {"AT_EnableReplicaRule", "disable-rule"},
}};

// What queries name, so that another name breaks those that run while it changes.
constexpr std::array<std::string_view, 14> kNamed = {
    "OBJECT_TABLE",   "OBJECT_FOREIGN_TABLE", "OBJECT_VIEW",      "OBJECT_MATVIEW",  "OBJECT_COLUMN",
    "OBJECT_TYPE",    "OBJECT_DOMAIN",        "OBJECT_SCHEMA",    "OBJECT_FUNCTION", "OBJECT_PROCEDURE",
    "OBJECT_ROUTINE", "OBJECT_SEQUENCE",      "OBJECT_ATTRIBUTE", "OBJECT_DATABASE",
};

template <std::size_t size>
std::string_view kind_of(const std::array<Word, size>& words, const std::string& type) {
  for (const auto& word : words) {
    if (word.type == type) return word.kind;
  }
  return "";
}

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view searched) {
  return std::find(names.begin(), names.end(), searched) != names.end();
}

Statement taken(std::string_view kind, std::string object, std::string relation = "",
                std::vector<std::string> columns = {}) {
  Statement statement;
  statement.kind = kind;
  statement.object = std::move(object);
  statement.relation = std::move(relation);
  statement.columns = std::move(columns);
  return statement;
}

using Found = std::vector<Statement>;

void drop(const Json& node, Found& found) {
  const std::string type = text_of(node, "removeType");
  auto kind = kind_of(kDropped, type);
  if (kind.empty() && is(node, "behavior", "DROP_CASCADE") && contains(kDependedUpon, type))
    kind = "drop-cascade";
  if (kind.empty() && type == "OBJECT_INDEX") kind = kDropUniqueIndex;
  if (kind.empty() || !at(node, "objects").is_array()) return;
  const bool of_a_table = type == "OBJECT_TRIGGER" || type == "OBJECT_POLICY" || type == "OBJECT_RULE";
  for (const auto& object : at(node, "objects")) {
    const std::string name = dropped_name(object);
    if (kind == "drop-cascade" || type == "OBJECT_INDEX" || type == "OBJECT_EVENT_TRIGGER")
      found.push_back(taken(kind, name));
    else
      found.push_back(taken(kind, name, of_a_table ? name.substr(0, name.rfind('.')) : name));
  }
}

// Options of a sequence, RESTART among them.
bool restarts(const Json& options) {
  return options.is_array() && std::any_of(options.begin(), options.end(), [](const Json& entry) {
           return is(at(entry, "DefElem"), "defname", "restart");
         });
}

void alter_table(const Json& node, Found& found) {
  const std::string relation = relation_name(at(node, "relation"));
  if (!at(node, "cmds").is_array()) return;
  for (const auto& entry : at(node, "cmds")) {
    const Json& command = at(entry, "AlterTableCmd");
    const std::string name = text_of(command, "name");
    if (is(command, "subtype", "AT_DetachPartition")) {
      const Json& partition = at(at(at(command, "def"), "PartitionCmd"), "name");
      found.push_back(taken("detach-partition", relation_name(partition), relation));
      continue;
    }
    if (is(command, "subtype", "AT_DropInherit")) {
      found.push_back(taken("detach-partition", relation, relation));
      continue;
    }
    if (is(command, "subtype", "AT_SetIdentity") && restarts(at(at(at(command, "def"), "List"), "items"))) {
      found.push_back(taken("restart-sequence", fmt::format("{}.{}", relation, name), relation));
      continue;
    }
    const auto kind = kind_of(kAltered, text_of(command, "subtype"));
    if (kind.empty()) continue;
    if (name.empty()) {
      found.push_back(taken(kind, relation, relation));
    } else if (kind.starts_with("disable-")) {
      found.push_back(taken(kind, fmt::format("{}.{}", relation, name), relation));
    } else {
      found.push_back(taken(kind, fmt::format("{}.{}", relation, name), relation, {name}));
    }
  }
}

void rename(const Json& node, Found& found) {
  const std::string type = text_of(node, "renameType");
  if (!contains(kNamed, type)) return;
  std::string name = relation_name(at(node, "relation"));
  const std::string relation = name;
  if (name.empty()) name = dropped_name(at(node, "object"));
  const std::string part = text_of(node, "subname");
  std::vector<std::string> columns;
  if (type == "OBJECT_COLUMN" || type == "OBJECT_ATTRIBUTE") columns = {part};
  if (name.empty()) {
    name = part;
  } else if (!columns.empty()) {
    name += "." + part;
  }
  found.push_back(taken("rename", name, relation, columns));
}

void set_schema(const Json& node, Found& found) {
  if (!contains(kNamed, text_of(node, "objectType"))) return;
  const std::string relation = relation_name(at(node, "relation"));
  found.push_back(taken("rename", relation.empty() ? dropped_name(at(node, "object")) : relation, relation));
}

void alter_domain(const Json& node, Found& found) {
  const std::string name = joined(at(node, "typeName"));
  if (is(node, "subtype", "X"))
    found.push_back(
        taken("drop-constraint", name + "." + text_of(node, "name"), name, {text_of(node, "name")}));
  if (is(node, "subtype", "O")) found.push_back(taken("set-not-null", name, name));
}

void truncate(const Json& node, Found& found) {
  if (!at(node, "relations").is_array()) return;
  for (const auto& entry : at(node, "relations")) {
    const std::string name = relation_name(at(entry, "RangeVar"));
    found.push_back(taken("truncate", name, name));
  }
}

void delete_or_update(const Json& node, bool deletes, Found& found) {
  if (!holds_always(at(node, "whereClause"), at(node, "relation"))) return;
  const std::string name = relation_name(at(node, "relation"));
  std::vector<std::string> columns;
  if (!deletes && at(node, "targetList").is_array()) {
    for (const auto& entry : at(node, "targetList"))
      columns.push_back(text_of(at(entry, "ResTarget"), "name"));
  }
  found.push_back(taken(deletes ? "delete-all" : "update-all", name, name, columns));
}

// A row that a MERGE deletes by a condition is no more than what DELETE with one deletes.
void merge(const Json& node, Found& found) {
  const std::string name = relation_name(at(node, "relation"));
  if (merges_all(node, true)) found.push_back(taken("delete-all", name, name));
  if (merges_all(node, false)) found.push_back(taken("update-all", name, name));
}

void drop_owned(const Json& node, Found& found) {
  if (!at(node, "roles").is_array()) return;
  for (const auto& role : at(node, "roles"))
    found.push_back(taken("drop-owned", text_of(at(role, "RoleSpec"), "rolename")));
}

// SET session_replication_role = replica: no trigger fires, foreign keys' included, until it is set back.
bool sets_replica_role(const Json& node) {
  const Json& arguments = at(node, "args");
  const Json& local = at(node, "is_local");
  return is(node, "name", "session_replication_role") && !(local.is_boolean() && local.boolean()) &&
         arguments.size() == 1 && is(at(at(*arguments.begin(), "A_Const"), "sval"), "sval", "replica");
}

void visit(const std::string& type, const Json& node, Found& found) {
  if (type == "DropStmt")
    drop(node, found);
  else if (type == "AlterTableStmt")
    alter_table(node, found);
  else if (type == "RenameStmt")
    rename(node, found);
  else if (type == "AlterObjectSchemaStmt")
    set_schema(node, found);
  else if (type == "AlterDomainStmt")
    alter_domain(node, found);
  else if (type == "TruncateStmt")
    truncate(node, found);
  else if (type == "DeleteStmt")
    delete_or_update(node, true, found);
  else if (type == "UpdateStmt")
    delete_or_update(node, false, found);
  else if (type == "MergeStmt")
    merge(node, found);
  else if (type == "AlterEventTrigStmt" && (is(node, "tgenabled", "D") || is(node, "tgenabled", "R")))
    found.push_back(taken("disable-trigger", text_of(node, "trigname")));
  else if (type == "VariableSetStmt" && sets_replica_role(node))
    found.push_back(taken("disable-trigger", text_of(node, "name")));
  else if (type == "AlterSeqStmt" && restarts(at(node, "options")))
    found.push_back(
        taken("restart-sequence", relation_name(at(node, "sequence")), relation_name(at(node, "sequence"))));
  else if (type == "DropOwnedStmt")
    drop_owned(node, found);
  else if (type == "DropdbStmt")
    found.push_back(taken("drop-database", text_of(node, "dbname")));
  else if (type == "AlterEnumStmt" && !text_of(node, "oldVal").empty())
    found.push_back(taken("rename", joined(at(node, "typeName")) + "." + text_of(node, "oldVal")));
}

// What ENABLE TRIGGER and ENABLE RULE bring back.
std::string_view enabled(const std::string& subtype) {
  if (subtype == "AT_EnableTrig" || subtype == "AT_EnableAlwaysTrig" || subtype == "AT_EnableTrigAll" ||
      subtype == "AT_EnableTrigUser")
    return "enabled-trigger";
  return subtype == "AT_EnableRule" || subtype == "AT_EnableAlwaysRule" ? "enabled-rule" : "";
}

}  // namespace

namespace {

// The name of a constraint, or that which PostgreSQL gives it: "orders_note_check" of a check of one column, and
// "orders_check" of one of several.
std::string constraint_name(const Json& constraint, const std::string& relation) {
  if (auto given = text_of(constraint, "conname"); !given.empty()) return given;
  const std::string type = text_of(constraint, "contype");
  const std::string table = relation.substr(relation.rfind('.') + 1);
  const auto of = [&](const std::vector<std::string>& columns, const char* ending) {
    std::string name = table;
    for (const auto& column : columns) name.append("_").append(column);
    return name + ending;
  };
  if (type == "CONSTR_PRIMARY") return of({}, "_pkey");
  if (type == "CONSTR_UNIQUE") return of(names_of(at(constraint, "keys")), "_key");
  if (type == "CONSTR_FOREIGN") return of(names_of(at(constraint, "fk_attrs")), "_fkey");
  if (type != "CONSTR_CHECK") return "";
  std::vector<std::string> columns;
  walk(at(constraint, "raw_expr"), [&](const std::string& kind, const Json& node) {
    if (kind != "ColumnRef") return node.is_structured();
    const auto fields = names_of(at(node, "fields"));
    if (!fields.empty() && std::find(columns.begin(), columns.end(), fields.back()) == columns.end())
      columns.push_back(fields.back());
    return false;
  });
  return of(columns.size() == 1 ? columns : std::vector<std::string>(), "_check");
}

}  // namespace

std::vector<Statement> destructive_statements(const Json& tree) {
  Found found;
  walk(tree, [&](const std::string& type, const Json& node) {
    if (is_definition(type)) return false;
    visit(type, node, found);
    return node.is_structured();
  });
  return found;
}

std::vector<CreatedObject> created_objects(const Json& tree) {
  std::vector<CreatedObject> made;
  const auto add_all = [&](const Json& node) {
    const std::string relation = relation_name(at(node, "relation"));
    if (!at(node, "cmds").is_array()) return;
    for (const auto& entry : at(node, "cmds")) {
      const Json& definition = at(at(entry, "AlterTableCmd"), "def");
      if (const Json& column = at(definition, "ColumnDef");
          !column.is_null() && is(at(entry, "AlterTableCmd"), "subtype", "AT_AddColumn"))
        made.push_back({"column", relation + "." + text_of(column, "colname")});
      if (const Json& constraint = at(definition, "Constraint"); !constraint.is_null())
        made.push_back({"constraint", relation + "." + constraint_name(constraint, relation)});
      if (const auto what = enabled(text_of(at(entry, "AlterTableCmd"), "subtype")); !what.empty()) {
        const std::string name = text_of(at(entry, "AlterTableCmd"), "name");
        std::string object = relation;
        if (!name.empty()) object.append(".").append(name);
        made.push_back({std::string(what), object});
      }
    }
  };
  walk(tree, [&](const std::string& type, const Json& node) {
    if (type == "CreateStmt") made.push_back({"table", relation_name(at(node, "relation"))});
    if (type == "CreateSeqStmt") made.push_back({"sequence", relation_name(at(node, "sequence"))});
    if (type == "VariableSetStmt" && is(node, "name", "session_replication_role") && !sets_replica_role(node))
      made.push_back({"enabled-trigger", text_of(node, "name")});
    if (type == "CreateTableAsStmt") {
      const bool view = is(node, "objtype", "OBJECT_MATVIEW");
      made.push_back({view ? "view" : "table", relation_name(at(at(node, "into"), "rel"))});
    }
    if (type == "ViewStmt") made.push_back({"view", relation_name(at(node, "view"))});
    if (type == "CreateFunctionStmt") made.push_back({"function", joined(at(node, "funcname"))});
    if (type == "AlterTableStmt") add_all(node);
    if (type == "CreateTrigStmt")
      made.push_back({"trigger", relation_name(at(node, "relation")) + "." + text_of(node, "trigname")});
    if (type == "CreateEventTrigStmt") made.push_back({"trigger", text_of(node, "trigname")});
    if (type == "CreatePolicyStmt")
      made.push_back({"policy", relation_name(at(node, "table")) + "." + text_of(node, "policy_name")});
    if (type == "RuleStmt")
      made.push_back({"rule", relation_name(at(node, "relation")) + "." + text_of(node, "rulename")});
    if (type == "AlterEventTrigStmt" && (is(node, "tgenabled", "O") || is(node, "tgenabled", "A")))
      made.push_back({"enabled-trigger", text_of(node, "trigname")});
    return node.is_structured() && !is_definition(type);
  });
  return made;
}

}  // namespace exitgate::collect
