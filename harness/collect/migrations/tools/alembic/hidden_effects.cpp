#include "harness/collect/migrations/tools/alembic/hidden_effects.h"

#include <algorithm>
#include <set>
#include <string>

#include "harness/base/text.h"
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

bool is_operation_name(std::string_view method) {
  static const std::set<std::string_view> kNames = {
      "alter_column", "drop_column",   "drop_constraint", "drop_index",     "drop_table",
      "rename_table", "executescript", "callproc",        "execute_values", "execute_batch"};
  return kNames.count(method) != 0;
}

// What takes a text to show, compare or keep it, and not to run it; text() and DDL() are read where they are executed.
bool takes_text_only(std::string_view name) {
  static const std::set<std::string_view> kNames = {
      "DDL",       "append",    "critical", "debug", "dedent",  "echo",  "endswith",   "error",
      "exception", "format",    "get",      "info",  "insert",  "join",  "len",        "log",
      "lower",     "partition", "pop",      "print", "replace", "split", "startswith", "strip",
      "sub",       "text",      "upper",    "warn",  "warning", "write"};
  return kNames.count(name) != 0;
}

bool begins_destructive_sql(std::string_view text) {
  const std::string sql = lower(trim(text).substr(0, 12));
  const auto begins = [&](std::string_view word) { return sql.starts_with(word); };
  return begins("drop ") || begins("delete from") || begins("truncate ") || begins("alter table") ||
         begins("alter type");
}

bool starts_command(const Names& names, Id callee) {
  const auto paths = names.paths(callee);
  return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
    return path == "os.system" || path == "os.popen" || path.starts_with("os.exec") ||
           path.starts_with("os.spawn") || path.starts_with("os.posix_spawn") ||
           path.starts_with("subprocess.") || path.starts_with("asyncio.create_subprocess");
  });
}

bool names_code(const Tree& tree, const Names& names, Id callee) {
  const auto paths = names.paths(callee);
  if (std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
        return path.starts_with("importlib.") || path.starts_with("runpy.") || path == "import_module";
      }))
    return true;
  if (tree.is(callee, Kind::identifier) && tree.text(callee) == "__import__") return true;
  // `getattr(batch, name)(…)`
  if (!tree.is(callee, Kind::call)) return false;
  const Id made_by = inner(tree, tree.child(callee, Field::function));
  if (!tree.is(made_by, Kind::identifier) || tree.text(made_by) != "getattr") return false;
  const auto given = tree.children(tree.child(callee, Field::arguments));
  return given.empty() ||
         !names.stands_for(inner(tree, given[0]), "alembic.op");  // that one is seen where it is handed on
}

// `op.get_bind()`, `Session(bind=…)`, or a name for one.
bool is_connection(const Tree& tree, const Names& names, Id value) {
  value = inner(tree, value);
  const auto makes = [&](Id one) {
    one = inner(tree, one);
    if (!tree.is(one, Kind::call)) return false;
    const Id callee = inner(tree, tree.child(one, Field::function));
    const std::string_view name =
        tree.text(tree.is(callee, Kind::attribute) ? tree.child(callee, Field::attribute) : callee);
    return name == "get_bind" || name == "Session" || name == "sessionmaker" || name == "cursor";
  };
  if (makes(value)) return true;
  if (!tree.is(value, Kind::identifier)) return false;
  const auto values = names.values(value);
  return std::any_of(values.begin(), values.end(), makes);
}

bool hands_connection_to_other_code(const Tree& tree, const Names& names, Id call, Id callee) {
  const auto imported = names.imported(callee);
  const bool foreign = std::any_of(imported.begin(), imported.end(), [](const std::string& path) {
    return is_foreign(path.substr(0, path.find('.')));
  });
  if (!foreign) return false;
  for (Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (tree.is(argument, Kind::keyword_argument)) argument = tree.child(argument, Field::value);
    if (is_connection(tree, names, argument)) return true;
  }
  return false;
}

}  // namespace

const char* hidden_effect(const Tree& tree, const Names& names, Id call, Id callee) {
  if (names_code(tree, names, callee)) return "the code is put together at run time";
  if (!tree.is(callee, Kind::attribute) && !tree.is(callee, Kind::identifier)) return nullptr;
  if (starts_command(names, callee)) return "the command that it starts is not read";
  if (hands_connection_to_other_code(tree, names, call, callee))
    return "what it does is not written in this file";
  const std::string_view name =
      tree.text(tree.is(callee, Kind::attribute) ? tree.child(callee, Field::attribute) : callee);
  if (tree.is(callee, Kind::attribute) && is_operation_name(name)) return "what it is called on is not known";
  const Id arguments = tree.child(call, Field::arguments);
  if (name == "to_sql" && tree.text(arguments).find("replace") != std::string_view::npos)
    return "it may replace the table";
  if (takes_text_only(name)) return nullptr;
  for (Id argument : tree.children(arguments)) {
    if (tree.is(argument, Kind::keyword_argument)) argument = tree.child(argument, Field::value);
    const auto text = syntax::literal(tree, inner(tree, argument));
    if (text && begins_destructive_sql(*text)) return "what is done with the statement there is not known";
  }
  return nullptr;
}

bool has_unpacked_arguments(const Tree& tree, Id call) {
  for (const Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (tree.is(argument, Kind::dictionary_splat) || tree.is(argument, Kind::list_splat)) return true;
  }
  return false;
}

}  // namespace exitgate::collect
