#include "harness/collect/migrations/sql_routines.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_nodes.h"

namespace exitgate::collect {

using namespace sql_nodes;

namespace {

std::optional<std::string> constant(const Json& node) {
  const Json& value = at(at(node, "A_Const"), "sval");
  if (!value.is_object()) return std::nullopt;
  return text_of(value, "sval");
}

// PostgreSQL's format(), with kGap for %I and %s and a string for %L.
std::string formatted(const std::string& format) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      text += format[i];
      continue;
    }
    // "%1$I", "%-10s"
    const std::size_t end = std::min(format.find_first_not_of("0123456789$-*", i + 1), format.size() - 1);
    if (format[end] == '%')
      text += '%';
    else if (format[end] == 'L')
      text += "''";
    else
      text += kGap;
    i = end;
  }
  return text;
}

// The last name of a qualified one.
std::string last_of(const Json& names) {
  const auto parts = names_of(names);
  return parts.empty() ? "" : parts.back();
}

}  // namespace

std::optional<DoBlock> do_block(const Json& tree) {
  std::optional<DoBlock> block;
  walk(tree, [&](const std::string& type, const Json& node) {
    if (type != "DoStmt") return node.is_structured();
    block.emplace(DoBlock{"", "plpgsql"});
    if (at(node, "args").is_array()) {
      for (const auto& entry : at(node, "args")) {
        const Json& argument = at(entry, "DefElem");
        const std::string value = text_of(at(at(argument, "arg"), "String"), "sval");
        if (is(argument, "defname", "as")) block->body = value;
        if (is(argument, "defname", "language")) block->language = lower(value);
      }
    }
    return false;
  });
  return block;
}

std::vector<RoutineQuery> queries_of_routine(const Json& tree) {
  std::vector<RoutineQuery> queries;
  const auto add = [&](const Json& node, const char* key, bool dynamic) {
    const std::string text = text_of(at(at(node, key), "PLpgSQL_expr"), "query");
    const Json& line = at(node, "lineno");
    if (!text.empty())
      queries.push_back({text, dynamic, static_cast<int>(line.is_integer() ? line.integer() : 1)});
  };
  walk(tree, [&](const std::string& type, const Json& node) {
    if (type == "PLpgSQL_stmt_execsql") add(node, "sqlstmt", false);
    if (type == "PLpgSQL_stmt_fors" || type == "PLpgSQL_stmt_return_query" || type == "PLpgSQL_stmt_open")
      add(node, "query", false);
    if (type == "PLpgSQL_stmt_perform") add(node, "expr", false);
    if (type == "PLpgSQL_stmt_dynexecute" || type == "PLpgSQL_stmt_dynfors") add(node, "query", true);
    if (type == "PLpgSQL_stmt_return_query" || type == "PLpgSQL_stmt_open") add(node, "dynquery", true);
    return node.is_structured();
  });
  return queries;
}

std::optional<ExpressionText> text_of_expression(const Json& tree) {
  const Json& statements = at(tree, "stmts");
  if (!statements.is_array() || statements.size() != 1) return std::nullopt;
  const Json& targets = at(at(at(statements.items().front(), "stmt"), "SelectStmt"), "targetList");
  if (!targets.is_array() || targets.size() != 1) return std::nullopt;
  ExpressionText made;
  bool any = false;
  std::vector<const Json*> open = {&at(at(targets.items().front(), "ResTarget"), "val")};
  while (!open.empty()) {
    const Json& node = *open.back();
    open.pop_back();
    const Json& expression = at(node, "A_Expr");
    const Json& call = at(node, "FuncCall");
    const Json& arguments = at(call, "args");
    if (const auto text = constant(node)) {
      made.text += *text;
      any = true;
    } else if (joined(at(expression, "name")) == "||") {
      open.push_back(&at(expression, "rexpr"));
      open.push_back(&at(expression, "lexpr"));
    } else if (joined(at(call, "funcname")) == "format" && !arguments.empty() &&
               constant(arguments.items().front())) {
      made.text += formatted(*constant(arguments.items().front()));
      made.gaps = made.gaps || arguments.size() > 1;
      any = true;
    } else {
      made.text += kGap;
      made.gaps = true;
    }
  }
  if (!any) return std::nullopt;
  return made;
}

std::optional<DefinedRoutine> defined_routine(const Json& tree) {
  std::optional<DefinedRoutine> found;
  walk(tree, [&](const std::string& type, const Json& node) {
    if (type != "CreateFunctionStmt") return node.is_structured();
    found.emplace(DefinedRoutine{last_of(at(node, "funcname")), "sql", ""});
    if (!at(node, "options").is_array()) return false;
    for (const auto& entry : at(node, "options")) {
      const Json& option = at(entry, "DefElem");
      const Json& value = at(option, "arg");
      if (is(option, "defname", "language")) found->language = lower(text_of(at(value, "String"), "sval"));
      if (is(option, "defname", "as")) {
        const auto texts = names_of(at(at(value, "List"), "items"));
        if (texts.size() == 1) found->body = texts.front();
      }
    }
    return false;
  });
  return found;
}

std::vector<std::string> called_routines(const Json& tree) {
  std::vector<std::string> found;
  walk(tree, [&](const std::string& type, const Json& node) {
    if (type == "FuncCall" || type == "funccall") found.push_back(last_of(at(node, "funcname")));
    return node.is_structured() && !is_definition(type);
  });
  return found;
}

bool name_takes_away(std::string_view routine) {
  constexpr std::array<std::string_view, 5> kValues = {"delete", "jsonb_delete", "jsonb_delete_path",
                                                       "ts_delete", "pg_event_trigger_dropped_objects"};
  const std::string name = lower(routine);
  if (std::find(kValues.begin(), kValues.end(), name) != kValues.end()) return false;
  return name.starts_with("drop") || name.starts_with("delete") || name.starts_with("truncate") ||
         name.find("_drop") != std::string::npos || name.find("_delete") != std::string::npos ||
         name.find("_truncate") != std::string::npos || name == "lo_unlink";
}

}  // namespace exitgate::collect
