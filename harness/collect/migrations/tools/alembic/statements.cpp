#include "harness/collect/migrations/tools/alembic/statements.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/call_arguments.h"
#include "harness/collect/migrations/python_sql.h"
#include "harness/collect/migrations/python_statement.h"
#include "harness/collect/migrations/tools/alembic/conditions.h"
#include "harness/collect/migrations/tools/alembic/hidden_effects.h"
#include "harness/collect/migrations/tools/alembic/indexes.h"
#include "harness/collect/migrations/tools/alembic/operations.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

constexpr int kDeepest = 64;  // functions that call one another, methods in a chain

std::string dotted(const std::string& first, const std::string& second) {
  if (first.empty()) return second;
  return second.empty() ? first : first + "." + second;
}

class Upgrade {
 public:
  Upgrade(const Tree& tree, const Names& names, Statements& statements)
      : tree_(tree), names_(names), statements_(statements) {
    for (const Id statement : tree.children(tree.root())) {
      const Id definition = tree.is(statement, Kind::decorated_definition)
                                ? tree.child(statement, Field::definition)
                                : statement;
      if (tree.is(definition, Kind::function_definition) || tree.is(definition, Kind::class_definition))
        functions_[tree.text(tree.child(definition, Field::name))] = definition;
    }
  }

  void read() {
    for (const Id error : tree_.errors()) {
      if (!in_downgrade(error)) undecided(tree_.around(error), "it does not parse as Python");
    }
    const auto upgrade = functions_.find("upgrade");
    if (upgrade != functions_.end()) {
      // What its decorators do around it.
      const Id parent = tree_.parent(upgrade->second);
      if (tree_.is(parent, Kind::decorated_definition)) {
        for (const Id part : tree_.children(parent)) {
          if (part != upgrade->second) reach(part, kDeepest);
        }
      }
      function(upgrade->second, kDeepest);
      return;
    }
    // `upgrade = other`, or an import of it.
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::identifier) && tree_.text(id) == "upgrade") {
        undecided(id, "upgrade() is not a function of this file");
        return;
      }
    }
  }

 private:
  bool in_downgrade(Id node) const {
    const auto downgrade = functions_.find("downgrade");
    return downgrade != functions_.end() && node >= downgrade->second &&
           node < tree_[downgrade->second].after;
  }

  void function(Id definition, int depth) {
    if (depth <= 0 || !seen_.insert(definition).second) return;
    const Id body = tree_.child(definition, Field::body);
    if (body != kNoNode) reach(body, depth);
  }

  // Whatever the code refers to may be called: a function in a dictionary, a list of lambdas of the module.
  void reach(Id code, int depth) {
    for (Id id = code; id < tree_[code].after; ++id) {
      if (tree_.is(id, Kind::call)) {
        const Id callee = inner(tree_, tree_.child(id, Field::function));
        hands_op_on(id, callee);
        call(id, callee);
        by_name(id, callee, depth);
      } else if (tree_.is(id, Kind::attribute)) {
        operation_as_value(id);
      } else if (tree_.is(id, Kind::identifier) && is_reference(id)) {
        const auto known = functions_.find(tree_.text(id));
        if (known != functions_.end()) function(known->second, depth - 1);
        for (const Id value : names_.values(id)) {
          const bool here = value >= code && value < tree_[code].after;
          if (!here && depth > 0 && seen_.insert(value).second) reach(value, depth - 1);
        }
      }
    }
  }

  // Not the name of a keyword argument, nor what stands behind a dot.
  bool is_reference(Id id) const {
    const Field field = tree_[id].field;
    return field != Field::attribute &&
           !(field == Field::name && tree_.is(tree_.parent(id), Kind::keyword_argument));
  }

  // `globals()["upgrade_%s" % engine]()`: any function of the module but those of the way down.
  void by_name(Id id, Id callee, int depth) {
    if (!tree_.is(callee, Kind::identifier) || functions_.count(tree_.text(callee)) != 0) return;
    const std::string_view name = tree_.text(callee);
    if (name == "globals" || name == "locals" || name == "vars") {
      for (const auto& [other, definition] : functions_) {
        if (!other.starts_with("downgrade")) function(definition, depth - 1);
      }
    } else if (name == "exec" || name == "eval") {
      undecided(id, "the code is put together at run time");
    }
  }

  // A function of this file sees what it is given as its parameter; what another does with it is not written here.
  void hands_op_on(Id id, Id callee) {
    std::size_t position = 0;
    for (const Id argument : tree_.children(tree_.child(id, Field::arguments))) {
      const bool named = tree_.is(argument, Kind::keyword_argument);
      const Id value = inner(tree_, named ? tree_.child(argument, Field::value) : argument);
      if (is_op(value)) {
        const auto known =
            tree_.is(callee, Kind::identifier) ? functions_.find(tree_.text(callee)) : functions_.end();
        if (known == functions_.end() || !tree_.is(known->second, Kind::function_definition)) {
          undecided(id, "what is done with `op` there is not written here");
        } else {
          op_parameters_.emplace(known->second,
                                 named ? std::string(tree_.text(tree_.child(argument, Field::name)))
                                       : parameter(known->second, position));
        }
      }
      if (!named) ++position;
    }
  }

  std::string parameter(Id definition, std::size_t position) const {
    const auto all = tree_.children(tree_.child(definition, Field::parameters));
    if (position >= all.size()) return "";
    Id one = all[position];
    if (tree_.is(one, Kind::default_parameter) || tree_.is(one, Kind::typed_default_parameter))
      one = tree_.child(one, Field::name);
    if (tree_.is(one, Kind::typed_parameter) && !tree_.children(one).empty()) one = tree_.children(one)[0];
    return one == kNoNode ? "" : std::string(tree_.text(one));
  }

  bool is_op(Id value) const {
    if (!tree_.is(value, Kind::identifier) && !tree_.is(value, Kind::attribute)) return false;
    if (names_.stands_for(value, "alembic.op")) return true;
    const Id definition = tree_.enclosing(value, Kind::function_definition);
    return definition != kNoNode && op_parameters_.count({definition, std::string(tree_.text(value))}) != 0;
  }

  // The name of an operation of alembic.op; "" for anything else.
  std::string operation_of(Id callee) const {
    std::string method(
        tree_.text(tree_.is(callee, Kind::attribute) ? tree_.child(callee, Field::attribute) : callee));
    for (const auto& path : names_.paths(callee)) {
      if (path == "alembic.op." + method) return method;
    }
    const bool of_op =
        tree_.is(callee, Kind::attribute) && is_op(inner(tree_, tree_.child(callee, Field::object)));
    return of_op ? method : "";
  }

  // `map(op.drop_table, tables)`
  void operation_as_value(Id id) {
    if (tree_[id].field == Field::function || tree_[id].field == Field::object) return;
    const std::string name = operation_of(id);
    if (!name.empty() && !makes_only(name)) undecided(id, "what it is called with is not written here");
  }

  // A call for its effect of what another module of the project's defines: `drop_partitions()`.
  bool function_of_another_file(Id id, Id callee) {
    if (!tree_.is(tree_.parent(id), Kind::expression_statement)) return false;
    for (const auto& path : names_.imported(callee)) {
      if (is_foreign(path.substr(0, path.find('.')))) {
        undecided(id, "what it does is not written in this file");
        return true;
      }
    }
    return false;
  }

  void call(Id id, Id callee) {
    if (!tree_.is(callee, Kind::attribute) && !tree_.is(callee, Kind::identifier)) {
      if (const char* const why = hidden_effect(tree_, names_, id, callee)) undecided(id, why);
      return;
    }
    const std::string method(
        tree_.text(tree_.is(callee, Kind::attribute) ? tree_.child(callee, Field::attribute) : callee));
    if (const auto name = operation_of(callee); !name.empty()) {
      operation(id, name, std::nullopt);
      return;
    }
    if (function_of_another_file(id, callee)) return;
    if (!tree_.is(callee, Kind::attribute)) {
      const bool here = functions_.count(tree_.text(callee)) != 0;
      const char* const why = here ? nullptr : hidden_effect(tree_, names_, id, callee);
      if (why != nullptr) undecided(id, why);
      // `from sqlalchemy import delete`
      for (const auto& path : names_.paths(callee)) {
        if (path.starts_with("sqlalchemy.") && (path.ends_with(".delete") || path.ends_with(".update")))
          query(id, kNoNode, path.substr(path.rfind('.') + 1));
      }
      return;
    }
    const Id object = inner(tree_, tree_.child(callee, Field::object));
    if (method == "execute" || method == "exec_driver_sql" || method == "scalar" || method == "scalars" ||
        method == "executemany") {
      execute(id);
    } else if (method == "delete" || method == "update") {
      query(id, object, method);
    } else if (method == "drop" || method == "drop_all") {
      drop(id, object, method);
    } else if (const auto table = batch_table(id, object)) {
      operation(id, method, *table);
    } else if (is_implementation(object) && !makes_only(method)) {
      undecided(id, "what the dialect does there is not written here");
    } else if (const char* const why = hidden_effect(tree_, names_, id, callee)) {
      undecided(id, why);
    }
  }

  // `op.get_context().impl`
  bool is_implementation(Id object) const {
    return tree_.is(object, Kind::attribute) && tree_.text(tree_.child(object, Field::attribute)) == "impl";
  }

  // `batch` of `with op.batch_alter_table("orders") as batch:`.
  std::optional<std::string> batch_table(Id id, Id object) const {
    if (!tree_.is(object, Kind::identifier)) return std::nullopt;
    for (Id at = tree_.parent(id); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (!tree_.is(at, Kind::with_statement)) continue;
      const Id body = tree_.child(at, Field::body);
      for (Id node = at; node < body; ++node) {
        if (!tree_.is(node, Kind::as_pattern)) continue;
        const Id target = tree_.child(node, Kind::as_pattern_target);
        if (target == kNoNode || tree_.text(target) != tree_.text(object)) continue;
        const auto parts = tree_.children(node);
        if (parts.empty() || !tree_.is(parts[0], Kind::call)) return std::nullopt;
        if (!names_.stands_for(tree_.child(parts[0], Field::function), "alembic.op.batch_alter_table"))
          return std::nullopt;
        const Arguments arguments(tree_, names_, parts[0]);
        return dotted(arguments.text(SIZE_MAX, "schema"), arguments.text(0, "table_name"));
      }
    }
    return std::nullopt;
  }

  // An operation of alembic.op, or of a batch on `table`, whose operations leave the table's name out.
  void operation(Id id, const std::string& name, const std::optional<std::string>& table) {
    const Arguments with(tree_, names_, id);
    const std::string schema = with.text(SIZE_MAX, "schema");
    const auto table_at = [&](std::size_t position) {
      return table ? *table : dotted(schema, with.text(position, "table_name"));
    };
    const std::size_t skip = table ? 0 : 1;
    if (!makes_only(name) && name != "execute" && has_unpacked_arguments(tree_, id)) {
      undecided(id, "its arguments are not all written here");
      return;
    }
    add_alembic_indexes(tree_, names_, id, name, table, statements_);
    if (name == "drop_table" && !table) {
      add(id, "drop-table", table_at(0), table_at(0));
    } else if (name == "drop_column") {
      const std::string column = with.text(skip, "column_name");
      add(id, "drop-column", dotted(table_at(0), column), table_at(0), {column});
    } else if (name == "drop_constraint") {
      const std::string constraint = with.text(0, "constraint_name");
      add(id, "drop-constraint", dotted(table_at(1), constraint), table_at(1), {constraint});
    } else if (name == "rename_table" && !table) {
      const std::string old = dotted(schema, with.text(0, "old_table_name"));
      add(id, "rename", old, old);
    } else if (name == "alter_column") {
      alter_column(id, with, table_at(0), with.text(skip, "column_name"));
    } else if (name == "execute") {
      execute(id);
    } else if (name == "create_table" && !table) {
      statements_.made("table", table_at(0));
    } else if (name == "add_column") {
      const Id column = inner(tree_, with.at(skip, "column"));
      const auto parts = tree_.children(tree_.child(column, Field::arguments));
      const auto column_name = parts.empty() ? std::nullopt : names_.constant(parts[0]);
      if (column_name) statements_.made("column", dotted(table_at(0), *column_name));
    } else if (name == "create_check_constraint" || name == "create_unique_constraint" ||
               name == "create_primary_key" || name == "create_foreign_key") {
      const std::string source = name == "create_foreign_key" ? "source_table" : "table_name";
      statements_.made("constraint", dotted(table ? *table : dotted(schema, with.text(1, source)),
                                            with.text(0, "constraint_name")));
    } else if (name == "invoke" || name == "run_async") {
      undecided(id, "what it does is not written here");
    } else if (!table && !makes_only(name)) {
      undecided(id, "it is not an operation of Alembic's own");
    }
  }

  void alter_column(Id id, const Arguments& with, const std::string& table, const std::string& column) {
    const std::string object = dotted(table, column);
    if (with.named("type_") != kNoNode) add(id, "alter-column-type", object, table, {column});
    if (with.named("new_column_name") != kNoNode) add(id, "rename", object, table, {column});
    const Id nullable = inner(tree_, with.named("nullable"));
    if (tree_.is(nullable, Kind::false_)) add(id, "set-not-null", object, table, {column});
    if (nullable != kNoNode && !tree_.is(nullable, Kind::false_) && !tree_.is(nullable, Kind::true_))
      undecided(id, "whether it sets NOT NULL is not written here");
  }

  void execute(Id id) {
    const auto given = tree_.children(tree_.child(id, Field::arguments));
    if (given.empty()) return;
    Id statement = given[0];
    if (tree_.is(statement, Kind::keyword_argument)) statement = tree_.child(statement, Field::value);
    const auto texts = sql_texts(tree_, names_, statement);
    if (texts) {
      for (const auto& text : *texts) sql(id, text);
    } else if (!is_expression(statement, kDeepest)) {
      undecided(id, "the statement is put together at run time");
    }
  }

  void sql(Id id, const SqlText& text) {
    const std::string plain = without_variables(text.text, Variables::python);
    if (text.gaps.empty()) {
      statements_.sql(plain, text.line);
      return;
    }
    Statements filled;
    filled.sql(plain, text.line, true);
    for (auto& one : filled.take()) {
      if (one.undecided()) {
        undecided(id, "the statement is put together at run time");
        return;
      }
      one.object = text.shown(one.object);
      one.relation = text.shown(one.relation);
      for (auto& column : one.columns) column = text.shown(column);
      one.text = in_one_line(text.shown(one.text));
      one.harmless = false;
      one.reason.clear();
      statements_.add(std::move(one));
    }
  }

  // The methods and functions of a chain, outermost first: `sa.update(t).where(c).values(x)` gives values,
  // where, update.
  std::vector<std::string> chain(Id expression, int depth) const {
    std::vector<std::string> methods;
    for (Id at = inner(tree_, expression); depth > 0 && tree_.is(at, Kind::call); --depth) {
      const Id callee = inner(tree_, tree_.child(at, Field::function));
      if (tree_.is(callee, Kind::attribute)) {
        methods.emplace_back(tree_.text(tree_.child(callee, Field::attribute)));
        at = inner(tree_, tree_.child(callee, Field::object));
      } else {
        for (const auto& path : names_.paths(callee)) methods.push_back(path.substr(path.rfind('.') + 1));
        break;
      }
    }
    return methods;
  }

  static bool has(const std::vector<std::string>& methods, std::initializer_list<std::string_view> any) {
    return std::any_of(methods.begin(), methods.end(), [&](const std::string& method) {
      return std::find(any.begin(), any.end(), method) != any.end();
    });
  }

  // An expression of SQLAlchemy's, whose own methods say what it is: query() has looked at delete() and
  // update() where they stand.
  bool is_expression(Id expression, int depth) const {
    expression = inner(tree_, expression);
    if (depth <= 0) return false;
    if (tree_.is(expression, Kind::identifier)) {
      const auto values = names_.values(expression);
      return !values.empty() && std::all_of(values.begin(), values.end(),
                                            [&](Id value) { return is_expression(value, depth - 8); });
    }
    return has(chain(expression, depth),
               {"select", "insert", "delete", "update", "values", "query", "exists", "Sequence",
                "CreateSequence", "CreateSchema", "CreateTable", "CreateIndex", "nextval", "func"});
  }

  // table.delete(), sa.delete(table), session.query(Model).delete(): is there a WHERE around it?
  void query(Id id, Id object, const std::string& method) {
    const std::vector<std::string> methods = chain(id, kDeepest);
    const auto given = tree_.children(tree_.child(id, Field::arguments));
    const bool function = !given.empty() && (object == kNoNode || is_module(object));
    const bool orm = has(methods, {"query"});
    // `delete(…)` of anything else is a method of its own.
    const bool known = function || orm || is_table(object);
    if (!known && method != "delete") return;
    Id top = id;
    for (Id at = tree_.parent(id); at != kNoNode; at = tree_.parent(at)) {
      if (!tree_.is(at, Kind::attribute) && !tree_.is(at, Kind::call) &&
          !tree_.is(at, Kind::parenthesized_expression))
        break;
      if (tree_.is(at, Kind::call) && tree_[top].field != Field::function) break;
      top = at;
    }
    if (has_condition(tree_, names_, tree_.is(top, Kind::attribute) ? id : top)) return;
    if (!known) {
      undecided(id, "what it deletes is not written here");
      return;
    }
    const std::string name = tree_.flat_text(function ? given[0] : object, 60);
    add(id, method == "delete" ? "delete-all" : "update-all", "{" + name + "}", "");
  }

  bool is_module(Id object) const {
    const auto paths = names_.paths(object);
    return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
      return path == "sqlalchemy" || path.starts_with("sqlalchemy.");
    });
  }

  // A name that is bound to Table(…), table(…), or X.__table__.
  bool is_table(Id object) const {
    std::vector<Id> values = {object};
    if (tree_.is(object, Kind::identifier)) values = names_.values(object);
    return std::any_of(values.begin(), values.end(), [&](Id value) {
      value = inner(tree_, value);
      if (tree_.is(value, Kind::attribute))
        return tree_.text(tree_.child(value, Field::attribute)) == "__table__";
      return has(chain(value, 1), {"Table", "table"});
    });
  }

  // sa.Enum(name="mood").drop(bind), metadata.drop_all(bind).
  void drop(Id id, Id object, const std::string& method) {
    if (method == "drop_all") {
      add(id, "drop-table", "{" + tree_.flat_text(object, 60) + "}", "");
      return;
    }
    std::vector<Id> values = {object};
    if (tree_.is(object, Kind::identifier)) values = names_.values(object);
    for (Id value : values) {
      value = inner(tree_, value);
      const auto made = chain(value, 1);
      const bool type = has(made, {"Enum", "ENUM", "DOMAIN"});
      if (!type && !has(made, {"Table"})) continue;
      const Arguments with(tree_, names_, value);
      const std::string name = with.text(type ? SIZE_MAX : 0, "name");
      add(id, type ? "drop-type" : "drop-table", name, type ? "" : name);
      return;
    }
    std::string arguments = tree_.flat_text(tree_.child(id, Field::arguments));
    for (const Id argument : tree_.children(tree_.child(id, Field::arguments))) {
      for (const Id value : names_.values(inner(tree_, argument))) arguments += tree_.flat_text(value);
    }
    if (arguments.find("bind") != std::string::npos || arguments.find("checkfirst") != std::string::npos)
      undecided(id, "what it drops is not written here");
  }

  void add(Id id, std::string kind, std::string object, std::string relation,
           std::vector<std::string> columns = {}) {
    statements_.add(
        statement_at(tree_, id, std::move(kind), std::move(object), std::move(relation), std::move(columns)));
  }

  void undecided(Id id, const char* reason) { statements_.add(undecided_at(tree_, id, reason)); }

  const Tree& tree_;
  const Names& names_;
  Statements& statements_;
  std::map<std::string_view, Id> functions_;            // and classes of the module, by name
  std::set<Id> seen_;                                   // functions, and values that are referred to
  std::set<std::pair<Id, std::string>> op_parameters_;  // of functions that are given alembic.op
};

}  // namespace

void add_alembic_upgrade(const Tree& tree, const Names& names, Statements& statements) {
  Upgrade(tree, names, statements).read();
}

}  // namespace exitgate::collect
