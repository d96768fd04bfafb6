#include "harness/collect/migrations/sql_conditions.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_nodes.h"

namespace exitgate::collect {

namespace {

using namespace sql_nodes;

constexpr int kDeepest = 200;  // of nested expressions: what is deeper is not known

// What an expression gives. Numbers that are no integers are not computed with.
struct Value {
  enum class Kind { unknown, null, boolean, integer, text };
  Kind kind = Kind::unknown;
  long long number = 0;
  std::string text = {};

  bool known() const { return kind != Kind::unknown; }
  bool is_true() const { return kind == Kind::boolean && number != 0; }
  bool is_false() const { return kind == Kind::boolean && number == 0; }
};

Value boolean(bool value) {
  return {Value::Kind::boolean, value ? 1 : 0};
}

Value constant(const Json& node) {
  const Json& null = at(node, "isnull");
  if (null.is_boolean() && null.boolean()) return {Value::Kind::null};
  // A member that is 0 or false is left out.
  if (const Json& value = at(node, "boolval"); value.is_object()) {
    const Json& held = at(value, "boolval");
    return boolean(held.is_boolean() && held.boolean());
  }
  if (const Json& value = at(node, "ival"); value.is_object()) {
    const Json& held = at(value, "ival");
    return {Value::Kind::integer, held.is_integer() ? held.integer() : 0};
  }
  if (const Json& value = at(node, "sval"); value.is_object())
    return {Value::Kind::text, 0, text_of(value, "sval")};
  return {};
}

// The last name of a column, "" for anything else; also for what stands for a value that is not written there.
std::string column(const Json& node) {
  const auto fields = names_of(at(at(node, "ColumnRef"), "fields"));
  if (fields.empty() || fields.back().starts_with("exitgate_")) return "";
  return fields.back();
}

bool same_column(const Json& a, const Json& b) {
  return !column(a).empty() &&
         joined(at(at(a, "ColumnRef"), "fields")) == joined(at(at(b, "ColumnRef"), "fields"));
}

// Those that no row is without.
bool is_system_column(const std::string& name) {
  return name == "ctid" || name == "tableoid" || name == "xmin" || name == "xmax" || name == "cmin" ||
         name == "cmax";
}

Value compared(const std::string& op, const Value& a, const Value& b) {
  if (!a.known() || !b.known()) return {};
  if (a.kind == Value::Kind::null || b.kind == Value::Kind::null) return {Value::Kind::null};
  if (a.kind != b.kind) return {};
  const bool text = a.kind == Value::Kind::text;
  const bool equal = text ? a.text == b.text : a.number == b.number;
  if (op == "=") return boolean(equal);
  if (op == "<>" || op == "!=") return boolean(!equal);
  if (text) return {};  // the order of texts is the collation's
  if (op == "<") return boolean(a.number < b.number);
  if (op == "<=") return boolean(a.number <= b.number);
  if (op == ">") return boolean(a.number > b.number);
  if (op == ">=") return boolean(a.number >= b.number);
  return {};
}

class Evaluation {
 public:
  explicit Evaluation(const Json& relation) : relation_(relation) {}

  Value of(const Json& node, int depth = kDeepest) const {
    if (depth <= 0 || !node.is_object() || node.members().empty()) return {};
    const auto& [type, value] = node.members().front();
    if (type == "A_Const") return constant(value);
    if (type == "BoolExpr") return boolean_expression(value, depth);
    if (type == "A_Expr") return expression(value, depth);
    if (type == "NullTest") return null_test(value, depth);
    if (type == "BooleanTest") return boolean_test(value, depth);
    if (type == "TypeCast") return cast(value, depth);
    if (type == "SubLink") return sublink(value);
    if (type == "CoalesceExpr") {
      for (const auto& argument : at(value, "args")) {
        Value one = of(argument, depth - 1);
        if (one.kind != Value::Kind::null) return one;
      }
    }
    return {};
  }

 private:
  Value boolean_expression(const Json& node, int depth) const {
    const Json& arguments = at(node, "args");
    if (is(node, "boolop", "NOT_EXPR")) {
      if (arguments.size() != 1) return {};
      const Value value = of(*arguments.begin(), depth - 1);
      return value.kind == Value::Kind::boolean ? boolean(value.number == 0) : value;
    }
    const bool all = is(node, "boolop", "AND_EXPR");
    bool any_other = false;
    for (const auto& argument : arguments) {
      const Value value = of(argument, depth - 1);
      if (all ? value.is_false() : value.is_true()) return boolean(!all);
      if (value.kind != Value::Kind::boolean) any_other = true;
    }
    if (!any_other) return boolean(all);
    return !all && covers_null_and_others(arguments) ? boolean(true) : Value{};
  }

  // `x IS NULL OR x IS NOT NULL`
  static bool covers_null_and_others(const Json& arguments) {
    const auto tests = [&](const Json& argument, const char* type) {
      return is(at(argument, "NullTest"), "nulltesttype", type);
    };
    return std::any_of(arguments.begin(), arguments.end(), [&](const Json& one) {
      return tests(one, "IS_NULL") && std::any_of(arguments.begin(), arguments.end(), [&](const Json& other) {
               return tests(other, "IS_NOT_NULL") &&
                      same_column(at(at(one, "NullTest"), "arg"), at(at(other, "NullTest"), "arg"));
             });
    });
  }

  Value expression(const Json& node, int depth) const {
    const std::string kind = text_of(node, "kind");
    const std::string op = joined(at(node, "name"));
    const Json& left = at(node, "lexpr");
    const Json& right = at(node, "rexpr");
    const auto value = [&](const Json& of_node) { return of(of_node, depth - 1); };
    if (same_column(left, right))
      return (kind == "AEXPR_OP" && (op == "=" || op == "<=" || op == ">=")) || kind == "AEXPR_NOT_DISTINCT"
                 ? boolean(true)
                 : Value{};
    if (kind == "AEXPR_OP") return compared(op, value(left), value(right));
    if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE") {
      const Value pattern = value(right);
      const bool anything = pattern.kind == Value::Kind::text && !pattern.text.empty() &&
                            pattern.text.find_first_not_of('%') == std::string::npos;
      return anything && (op == "~~" || op == "~~*") ? boolean(true) : Value{};
    }
    const Json& list = at(at(right, "List"), "items");
    if (kind == "AEXPR_IN" && op == "=") {
      const Value searched = value(left);
      const bool found = std::any_of(list.begin(), list.end(), [&](const Json& item) {
        return compared("=", searched, value(item)).is_true();
      });
      return found ? boolean(true) : Value{};
    }
    if (kind == "AEXPR_BETWEEN") {
      const Json& ends = right.is_array() ? right : list;
      if (ends.size() != 2) return {};
      const Value middle = value(left);
      return compared("<=", value(ends.items()[0]), middle).is_true() &&
                     compared("<=", middle, value(ends.items()[1])).is_true()
                 ? boolean(true)
                 : Value{};
    }
    return {};
  }

  Value null_test(const Json& node, int depth) const {
    const Value value = of(at(node, "arg"), depth - 1);
    const bool is_null = is(node, "nulltesttype", "IS_NULL");
    if (value.known()) return boolean((value.kind == Value::Kind::null) == is_null);
    return is_system_column(column(at(node, "arg"))) ? boolean(!is_null) : Value{};
  }

  Value boolean_test(const Json& node, int depth) const {
    const Value value = of(at(node, "arg"), depth - 1);
    const std::string type = text_of(node, "booltesttype");
    if (value.kind != Value::Kind::boolean && value.kind != Value::Kind::null) return {};
    if (type == "IS_TRUE") return boolean(value.is_true());
    if (type == "IS_NOT_TRUE") return boolean(!value.is_true());
    if (type == "IS_FALSE") return boolean(value.is_false());
    if (type == "IS_NOT_FALSE") return boolean(!value.is_false());
    if (type == "IS_UNKNOWN") return boolean(value.kind == Value::Kind::null);
    if (type == "IS_NOT_UNKNOWN") return boolean(value.kind != Value::Kind::null);
    return {};
  }

  Value cast(const Json& node, int depth) const {
    Value value = of(at(node, "arg"), depth - 1);
    const auto names = names_of(at(at(node, "typeName"), "names"));
    const std::string type = names.empty() ? "" : names.back();
    if (value.kind == Value::Kind::null) return value;
    if (type == "bool") {
      if (value.kind == Value::Kind::integer) return boolean(value.number != 0);
      if (value.kind != Value::Kind::text) return value;
      const std::string word = lower(value.text);
      const auto any = [&](std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
      };
      if (any({"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"})) return boolean(true);
      if (any({"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"})) return boolean(false);
      return {};
    }
    const bool integer = type == "int2" || type == "int4" || type == "int8";
    if (integer && value.kind == Value::Kind::integer) return value;
    if ((type == "text" || type == "varchar") && value.kind == Value::Kind::text) return value;
    return {};
  }

  // `EXISTS (SELECT 1)`, `EXISTS (SELECT 1 FROM relation)`, `id IN (SELECT id FROM relation)`
  Value sublink(const Json& node) const {
    const Json& select = at(at(node, "subselect"), "SelectStmt");
    for (const char* const part : {"whereClause", "havingClause", "groupClause", "limitCount", "limitOffset",
                                   "valuesLists", "distinctClause"}) {
      const Json& there = at(select, part);
      if (!there.is_null() && !(there.is_array() && there.empty())) return {};
    }
    if (!is(select, "op", "SETOP_NONE")) return {};
    const Json& from = at(select, "fromClause");
    const bool nothing = from.is_null() || from.empty();
    const bool itself = from.size() == 1 && !relation_name(relation_).empty() &&
                        relation_name(at(*from.begin(), "RangeVar")) == relation_name(relation_);
    if (is(node, "subLinkType", "EXISTS_SUBLINK"))
      return (nothing && !at(select, "targetList").empty()) || itself ? boolean(true) : Value{};
    const Json& targets = at(select, "targetList");
    const bool same = is(node, "subLinkType", "ANY_SUBLINK") && at(node, "operName").empty() &&
                      targets.size() == 1 && itself && !column(at(node, "testexpr")).empty() &&
                      column(at(node, "testexpr")) == column(at(at(*targets.begin(), "ResTarget"), "val"));
    return same ? boolean(true) : Value{};
  }

  const Json& relation_;
};

}  // namespace

bool holds_always(const Json& condition, const Json& relation) {
  return condition.is_null() || Evaluation(relation).of(condition).is_true();
}

bool where_holds_always(const Json& tree) {
  const Json& statements = at(tree, "stmts");
  if (statements.size() != 1) return false;
  const Json& where = at(at(at(*statements.begin(), "stmt"), "SelectStmt"), "whereClause");
  return !where.is_null() && holds_always(where, Json());
}

bool merges_all(const Json& merge, bool deletes) {
  const Json& relation = at(merge, "relation");
  if (!holds_always(at(merge, "joinCondition"), relation)) return false;
  for (const auto& entry : at(merge, "mergeWhenClauses")) {
    const Json& clause = at(entry, "MergeWhenClause");
    const Json& matched = at(clause, "matched");
    if (!matched.is_boolean() || !matched.boolean()) continue;
    // Only the first clause whose condition holds is carried out.
    if (is(clause, "commandType", deletes ? "CMD_DELETE" : "CMD_UPDATE"))
      return holds_always(at(clause, "condition"), relation);
    if (!is(clause, "commandType", deletes ? "CMD_UPDATE" : "CMD_DELETE")) return false;
    if (holds_always(at(clause, "condition"), relation)) return false;
  }
  return false;
}

}  // namespace exitgate::collect
