#include "harness/collect/migrations/tools/liquibase/changes.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_indexes.h"

namespace exitgate::collect {

namespace {

// One change of either form.
struct Change {
  std::string name;  // "dropTable"
  int line = 1;
  std::function<std::string(const std::string&)> attribute;
  std::string sql;                        // of <sql>
  std::optional<std::string> where = {};  // of <delete> and <update>: the condition
};

struct Kind {
  const char* kind;
  const char* relation;  // the attributes that name what it is about
  const char* object;    // a part of the relation, or ""
};

const Kind* destructive_kind(const std::string& name) {
  static const std::map<std::string, Kind> kKinds = {
      {"dropTable", {"drop-table", "tableName", ""}},
      {"dropColumn", {"drop-column", "tableName", "columnName"}},
      {"dropView", {"drop-view", "viewName", ""}},
      {"dropSequence", {"drop-sequence", "sequenceName", ""}},
      {"dropProcedure", {"drop-function", "procedureName", ""}},
      {"dropFunction", {"drop-function", "functionName", ""}},
      {"dropForeignKeyConstraint", {"drop-constraint", "baseTableName", "constraintName"}},
      {"dropAllForeignKeyConstraints", {"drop-constraint", "baseTableName", ""}},
      {"dropUniqueConstraint", {"drop-constraint", "tableName", "constraintName"}},
      {"dropPrimaryKey", {"drop-constraint", "tableName", "constraintName"}},
      {"dropCheckConstraint", {"drop-constraint", "tableName", "constraintName"}},
      {"renameTable", {"rename", "oldTableName", ""}},
      {"renameColumn", {"rename", "tableName", "oldColumnName"}},
      {"renameView", {"rename", "oldViewName", ""}},
      {"renameSequence", {"rename", "oldSequenceName", ""}},
      {"modifyDataType", {"alter-column-type", "tableName", "columnName"}},
      {"addNotNullConstraint", {"set-not-null", "tableName", "columnName"}},
      {"delete", {"delete-all", "tableName", ""}},
      {"update", {"update-all", "tableName", ""}}};
  const auto found = kKinds.find(name);
  return found == kKinds.end() ? nullptr : &found->second;
}

// A change that takes nothing away, or that says something about the change set.
bool is_harmless(const std::string& name) {
  static const std::set<std::string> kNames = {"addAutoIncrement",
                                               "addColumn",
                                               "addCheckConstraint",
                                               "addDefaultValue",
                                               "addForeignKeyConstraint",
                                               "addLookupTable",
                                               "addPrimaryKey",
                                               "addUniqueConstraint",
                                               "alterSequence",
                                               "comment",
                                               "createIndex",
                                               "createSequence",
                                               "createTable",
                                               "createView",
                                               "dropDefaultValue",
                                               "dropIndex",
                                               "dropNotNullConstraint",
                                               "empty",
                                               "insert",
                                               "loadData",
                                               "output",
                                               "preConditions",
                                               "rollback",
                                               "setColumnRemarks",
                                               "setTableRemarks",
                                               "stop",
                                               "tagDatabase",
                                               "validCheckSum",
                                               "loadUpdateData",
                                               "modifySql"};
  return kNames.count(name) != 0;
}

std::string dotted(const std::string& first, const std::string& second) {
  if (first.empty()) return second;
  return second.empty() ? first : first + "." + second;
}

void add(const Change& change, Statements& statements) {
  if (is_harmless(change.name)) {
    const std::string table = dotted(change.attribute("schemaName"), change.attribute("tableName"));
    if (change.name == "createTable") statements.made("table", table);
    if (change.name == "createIndex")
      statements.add(created_index(change.attribute("indexName"), change.attribute("unique") == "true"));
    if (change.name == "addUniqueConstraint")
      statements.add(created_index(change.attribute("constraintName"), true));
    if (change.name == "dropIndex") {
      Statement dropped = dropped_index(change.attribute("indexName"));
      dropped.line = change.line;
      dropped.text = fmt::format("dropIndex {}", dropped.object);
      statements.add(std::move(dropped));
    }
    if (change.name == "createView")
      statements.made("view", dotted(change.attribute("schemaName"), change.attribute("viewName")));
    return;
  }
  if (change.name == "sql") {
    statements.sql(change.sql, change.line);
    return;
  }
  Statement statement;
  statement.line = change.line;
  const Kind* const kind = destructive_kind(change.name);
  if (kind == nullptr) {
    statement.kind = "undecided";
    statement.text = change.name;
    statement.reason = "what the change does is not written here";
    statements.add(std::move(statement));
    return;
  }
  if (change.where && !holds_always(*change.where)) return;
  std::string relation = change.attribute(kind->relation);
  relation = dotted(change.attribute("schemaName"), relation);
  const std::string part = *kind->object == '\0' ? "" : change.attribute(kind->object);
  statement.kind = kind->kind;
  statement.relation = relation;
  statement.object = dotted(relation, part);
  if (!part.empty() && statement.kind != "drop-constraint") statement.columns = {part};
  statement.text = fmt::format("{} {}", change.name, statement.object);
  statements.add(std::move(statement));
}

}  // namespace

bool runs_on_postgresql(std::string_view dbms) {
  bool named = false;
  bool any_named = false;
  for (const auto& one : split(dbms, ',')) {
    const std::string word = lower(trim(one));
    if (word == "!postgresql" || word == "none") return false;
    if (word.empty() || word.front() == '!') continue;
    any_named = true;
    named = named || word == "postgresql" || word == "all";
  }
  return named || !any_named;
}

std::vector<Statement> statements_of_changes(const yaml::Node& change_set, std::string_view /*text*/) {
  Statements statements;
  const auto* const changes = change_set.find("changes");
  if (changes == nullptr) return {};
  for (const auto& item : changes->items) {
    for (const auto& entry : item.entries) {
      const yaml::Node& value = entry.value;
      Change change;
      change.name = entry.key.text;
      change.line = entry.key.line;
      change.attribute = [&value](const std::string& key) {
        const auto* const found = value.find(key);
        return found == nullptr ? std::string() : found->text;
      };
      if (change.name == "sql") {
        const auto* const sql = value.find("sql");
        change.sql = sql == nullptr ? value.text : sql->text;
        if (sql != nullptr) change.line = sql->line;
      }
      if (const auto* const where = value.find("where")) change.where = where->text;
      // `dropColumn: {columns: [{column: {name: …}}]}`
      const auto* const columns = change.name == "dropColumn" ? value.find("columns") : nullptr;
      if (columns == nullptr) {
        add(change, statements);
        continue;
      }
      for (const auto& column : columns->items) {
        const auto* const inner = column.find("column");
        const auto* const name = inner == nullptr ? column.find("name") : inner->find("name");
        Change one = change;
        one.attribute = [&value, name](const std::string& key) {
          if (key == "columnName") return name == nullptr ? std::string() : name->text;
          const auto* const found = value.find(key);
          return found == nullptr ? std::string() : found->text;
        };
        add(one, statements);
      }
    }
  }
  return statements.take();
}

std::vector<Statement> statements_of_changes(const std::vector<XmlTag>& tags, std::size_t first,
                                             std::size_t last, std::string_view text) {
  Statements statements;
  int depth = 0;
  for (std::size_t i = first + 1; i < last; ++i) {
    const XmlTag& tag = tags[i];
    if (tag.closing) {
      --depth;
      continue;
    }
    if (depth == 0) {
      std::size_t end = i;
      if (!tag.empty) {
        while (end < last && !(tags[end].closing && tags[end].name == tag.name)) ++end;
      }
      Change change;
      change.name = tag.name;
      change.line = tag.line;
      change.attribute = [&tag](const std::string& key) { return tag.attribute(key); };
      bool columns = false;
      for (std::size_t inner = i + 1; inner < end; ++inner) {
        if (tags[inner].name == "where" && !tags[inner].closing) {
          const std::size_t close =
              inner + 1 < tags.size() && !tags[inner].empty ? tags[inner + 1].start : tags[inner].end;
          change.where = xml_text(text.substr(tags[inner].end, close - tags[inner].end));
        }
        if (tag.name != "dropColumn" || tags[inner].name != "column" || tags[inner].closing) continue;
        columns = true;
        Change one = change;
        one.attribute = [&tag, name = tags[inner].attribute("name")](const std::string& key) {
          return key == "columnName" ? name : tag.attribute(key);
        };
        add(one, statements);
      }
      if (tag.name == "sql" && end < tags.size())
        change.sql = xml_text(text.substr(tag.end, tags[end].start - tag.end));
      if (!columns) add(change, statements);
    }
    if (!tag.empty) ++depth;
  }
  return statements.take();
}

}  // namespace exitgate::collect
