#include "harness/collect/migrations/tools/javascript/statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/error.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/javascript/calls.h"
#include "harness/collect/migrations/tools/javascript/values.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

class Reader {
 public:
  explicit Reader(const Tree& tree) : tree_(tree), values_(tree) {}

  std::vector<Statement> read() {
    const Id up = up_function();
    if (up == kNoNode) {
      add(tree_.root(), "undecided", "", "", "it has no function `up` that is read");
      return last_as_line_one();
    }
    for (const Id error : tree_.errors()) {
      if (error >= up && error < tree_[up].after)
        add(error, "undecided", "", "", "it is not JavaScript or TypeScript that can be read");
    }
    for (Id id = up + 1; id < tree_[up].after; ++id) {
      // A function that is only declared is read where it stands: it may be called.
      if (tree_.is(id, Kind::call_expression)) call(id);
    }
    return statements_.take();
  }

 private:
  std::vector<Statement> last_as_line_one() {
    auto all = statements_.take();
    for (auto& one : all) {
      one.line = 1;
      one.text.clear();
    }
    return all;
  }

  void add(Id place, std::string_view kind, std::string object, std::string relation, std::string reason = "",
           std::vector<std::string> columns = {}) {
    Statement statement;
    statement.line = tree_.line(place);
    statement.kind = kind;
    statement.object = std::move(object);
    statement.relation = std::move(relation);
    statement.columns = std::move(columns);
    statement.text = in_one_line(tree_.text(place));
    statement.reason = std::move(reason);
    statements_.add(std::move(statement));
  }

  // The function of `up`, however it is handed out: the first in the file.
  Id up_function() const {
    const auto is_up = [&](Id name) {
      if (name == kNoNode) return false;
      std::string_view text = tree_.text(name);
      if (text.size() > 2 && (text.front() == '"' || text.front() == '\''))
        text = text.substr(1, text.size() - 2);
      return text == "up";
    };
    const auto is_function = [&](Id value) {
      return tree_.is(value, Kind::arrow_function) || tree_.is(value, Kind::function_expression);
    };
    for (Id id = 0; id < tree_.size(); ++id) {
      switch (tree_.kind(id)) {
        case Kind::function_declaration:
        case Kind::method_definition:
          if (is_up(tree_.child(id, Field::name))) return id;
          break;
        case Kind::variable_declarator:
          if (is_up(tree_.child(id, Field::name)) && is_function(tree_.child(id, Field::value))) return id;
          break;
        case Kind::pair:
          if (is_up(tree_.child(id, Field::key)) && is_function(tree_.child(id, Field::value))) return id;
          break;
        case Kind::assignment_expression: {
          const Id left = tree_.child(id, Field::left);
          if (tree_.is(left, Kind::member_expression) && is_up(tree_.child(left, Field::property)) &&
              is_function(tree_.child(id, Field::right)))
            return id;
          break;
        }
        default:
          break;
      }
    }
    return kNoNode;
  }

  std::string_view method_of(Id call) const {
    const Id function = tree_.child(call, Field::function);
    if (tree_.is(function, Kind::member_expression)) {
      const Id property = tree_.child(function, Field::property);
      return property == kNoNode ? "" : tree_.text(property);
    }
    return function == kNoNode ? "" : tree_.text(function);
  }

  // The call of createTable or alterTable whose builder this call is one of: around it, as a callback, or before it in the
  // chain. kNoNode when there is none.
  Id table_call(Id call) const {
    if (const Id before = table_in_chain(call); before != kNoNode) return before;
    for (Id at = tree_.parent(call); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (!tree_.is(at, Kind::call_expression) || inside_function_of(at, call)) continue;
      if (makes_builder(at)) return at;
      if (const Id before = table_in_chain(at); before != kNoNode) return before;
    }
    return kNoNode;
  }

  bool makes_builder(Id call) const {
    const auto name = method_of(call);
    return name == "createTable" || name == "createTableIfNotExists" || name == "alterTable" ||
           name == "table";
  }

  Id table_in_chain(Id call) const {
    for (Id at = tree_.child(call, Field::function); at != kNoNode;) {
      tree_.spend(1);
      if (tree_.is(at, Kind::member_expression)) {
        at = tree_.child(at, Field::object);
      } else if (tree_.is(at, Kind::call_expression)) {
        if (makes_builder(at)) return at;
        at = tree_.child(at, Field::function);
      } else {
        break;
      }
    }
    return kNoNode;
  }

  // Whether the place is in what is called, not in what it is given.
  bool inside_function_of(Id call, Id place) const {
    const Id function = tree_.child(call, Field::function);
    return function != kNoNode && place >= function && place < tree_[function].after;
  }

  void call(Id id) {
    const std::string_view method = method_of(id);
    const Id given = tree_.child(id, Field::arguments);
    // sql`DROP TABLE a`
    if (tree_.is(given, Kind::template_string)) {
      run_sql(id, given);
      return;
    }
    const auto arguments = tree_.children(given);
    const Id first = arguments.empty() ? kNoNode : arguments[0];
    if (is_sql_call(method) && first != kNoNode) {
      run_sql(id, first);
      return;
    }
    const Id table = table_call(id);
    const auto given_to_table =
        table == kNoNode ? std::vector<Id>() : tree_.children(tree_.child(table, Field::arguments));
    const std::string relation = given_to_table.empty() ? "" : values_.name(given_to_table[0]);
    const bool creates = table != kNoNode && method_of(table).starts_with("createTable");
    if (method == "createTable" && first != kNoNode) {
      if (!may_be_left_out(id)) statements_.made("table", values_.name(first));
      return;
    }
    index_created(method, given);
    if (method == "dropIndex" || method == "removeIndex" || method == "dropIndexes" ||
        method == "dropIndices") {
      index_dropped(id, arguments, table != kNoNode && table != id);
      return;
    }
    if (creates && table != id) return;  // all of it is new
    if (const auto kind = taken_by(method); !kind.empty()) {
      take(id, kind, relation, arguments);
      return;
    }
    if (table != kNoNode && table != id) {
      // Columns, keys and indexes of a table; what a callback of another kind does is not.
      const bool takes =
          method.starts_with("drop") || method.starts_with("remove") || method.starts_with("rename");
      if (!takes) return;
    }
    // `knex("orders").insert(…)`: what is called on it decides.
    if (tree_.is(tree_.parent(id), Kind::member_expression) &&
        !tree_.is(tree_.child(id, Field::function), Kind::member_expression))
      return;
    // `Sequelize.STRING(20)`
    const bool type = !method.empty() && std::all_of(method.begin(), method.end(), [](char c) {
      return (c >= 'A' && c <= 'Z') || c == '_';
    });
    if (type) return;
    if (is_harmless_call(method) || method.starts_with("dropIndex") || method == "removeIndex") return;
    add(id, "undecided", "", "", fmt::format("`{}` is not a call that is read", method));
  }

  // An index under a name that is written: `{ name: "i", unique: true }`, `new TableIndex({ name: "i", isUnique: true })`.
  void index_created(std::string_view method, Id given) {
    const bool unique_by_name = method == "unique" || method == "createUniqueConstraint";
    if (given == kNoNode || (method != "addIndex" && method != "createIndex" && method != "index" &&
                             method != "createIndices" && !unique_by_name))
      return;
    std::string name;
    bool unique = unique_by_name;
    for (Id id = given + 1; id < tree_[given].after; ++id) {
      const Id key = tree_.is(id, Kind::pair) ? tree_.child(id, Field::key) : kNoNode;
      if (key == kNoNode) continue;
      const Id value = tree_.child(id, Field::value);
      const std::string_view text = tree_.text(key);
      if (text == "name" || text == "indexName") name = values_.literal(value).value_or("");
      if (text == "unique" || text == "isUnique") unique = unique || !tree_.is(value, Kind::false_);
      if (text == "type" && values_.literal(value) == "UNIQUE") unique = true;
    }
    const auto arguments = tree_.children(given);
    if (name.empty() && arguments.size() > 1) {
      // Knex: index(["a"], "name"). A Kysely name is the only argument.
      const Id last =
          tree_.is(arguments.back(), Kind::object) ? arguments[arguments.size() - 2] : arguments.back();
      if (tree_.is(last, Kind::string)) name = values_.literal(last).value_or("");
    } else if (name.empty() && arguments.size() == 1 && method == "createIndex") {
      name = values_.literal(arguments[0]).value_or("");
    }
    if (!name.empty()) statements_.add(created_index(name, unique));
  }

  // By its name where that is written; else undecided. `in_table`: in the callback of a table, which is not an argument.
  void index_dropped(Id id, const std::vector<Id>& arguments, bool in_table) {
    Id name = kNoNode;
    for (const Id argument : arguments) {
      if (!tree_.is(argument, Kind::object)) continue;
      for (const Id pair : tree_.children(argument)) {
        const Id key = tree_.child(pair, Field::key);
        if (key != kNoNode && tree_.text(key) == "name") name = tree_.child(pair, Field::value);
      }
    }
    const Id object = tree_.child(tree_.child(id, Field::function), Field::object);
    const bool by_columns = object != kNoNode && tree_.text(object) == "pgm";
    if (name == kNoNode && arguments.size() > 1 && !by_columns) name = arguments[1];
    if (name == kNoNode && arguments.size() == 1 && !in_table) name = arguments[0];
    const auto written = name == kNoNode ? std::nullopt : values_.literal(name);
    if (!written) {
      add(id, "undecided", "", "", "which index it removes is not written here");
      return;
    }
    Statement statement = dropped_index(*written);
    statement.line = tree_.line(id);
    statement.text = in_one_line(tree_.text(id));
    statements_.add(std::move(statement));
  }

  // Under a condition, or with "if not exists": then it may be that something else has made it.
  bool may_be_left_out(Id call) const {
    if (tree_.text(tree_.child(call, Field::arguments)).find("ifNotExists") != std::string_view::npos)
      return true;
    for (Id at = call; at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (tree_.is(at, Kind::if_statement) || tree_.is(at, Kind::ternary_expression) ||
          tree_.is(at, Kind::catch_clause) || tree_.is(at, Kind::binary_expression))
        return true;
      if (tree_.is(at, Kind::member_expression) &&
          tree_.text(tree_.child(at, Field::property)) == "ifNotExists")
        return true;
    }
    return false;
  }

  void run_sql(Id call, Id text) {
    const auto sql = values_.literal(text);
    if (!sql) {
      add(call, "undecided", "", "", "the statement is put together at run time");
      return;
    }
    statements_.sql(*sql, tree_.line(text));
  }

  void take(Id id, std::string_view kind, const std::string& relation, const std::vector<Id>& arguments) {
    std::vector<std::string> names;
    for (const Id argument : arguments) {
      if (tree_.is(argument, Kind::array)) {
        for (const Id item : tree_.children(argument)) names.push_back(values_.name(item));
      } else if (!tree_.is(argument, Kind::object) || names.empty()) {
        names.push_back(values_.name(argument));
      }
    }
    const bool of_column = kind == "drop-column" || kind == "alter-column-type" || kind == "set-not-null" ||
                           kind == "drop-constraint" || (kind == "rename" && method_of(id) == "renameColumn");
    if (!of_column) {
      const std::string object = names.empty() ? relation : names[0];
      add(id, kind, object, object);
      return;
    }
    // `alterTable("a", …)` names the table, or the first argument does.
    std::string of = relation;
    if (of.empty() && !names.empty()) {
      of = names[0];
      names.erase(names.begin());
    }
    if (names.empty()) {
      add(id, kind, of, of);
      return;
    }
    const bool all = kind == "drop-column";
    for (std::size_t i = 0; i < (all ? names.size() : 1); ++i) {
      if (kind == "drop-constraint")
        add(id, kind, of + "." + names[i], of);
      else
        add(id, kind, of + "." + names[i], of, "", {names[i]});
    }
  }

  const Tree& tree_;
  const ScriptValues values_;
  Statements statements_;
};

std::vector<Statement> unread() {
  Statement statement;
  statement.kind = "undecided";
  statement.reason = "it takes too long to be read";
  return {std::move(statement)};
}

}  // namespace

std::vector<Statement> script_statements(std::string_view text) {
  const auto tree = Tree::parse(text, syntax::typescript());
  if (!tree) return unread();
  try {
    return Reader(*tree).read();
  } catch (const Undecided&) {
    return unread();
  }
}

}  // namespace exitgate::collect
