#include "harness/collect/migrations/tools/rails/operations.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/rails/indexes.h"

namespace exitgate::collect::rails {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

using Words = std::set<std::string_view>;

// Operations that take nothing away.
const Words& making_operations() {
  static const Words kWords = {
      "create_join_table", "add_columns", "add_index", "add_foreign_key", "add_check_constraint",
      "add_exclusion_constraint", "add_unique_constraint", "change_column_default", "change_column_comment",
      "change_table_comment", "create_enum", "add_enum_value", "enable_extension", "create_schema",
      "create_virtual_table", "remove_index", "rename_index", "validate_constraint", "validate_foreign_key",
      "validate_check_constraint", "enable_index", "disable_index",
      // of Scenic, fx, strong_migrations and GitLab
      "create_view", "create_function", "create_trigger", "add_concurrent_index",
      "add_concurrent_foreign_key", "remove_concurrent_index", "remove_concurrent_index_by_name",
      "add_not_null_constraint", "add_text_limit", "disable_statement_timeout", "set_statement_timeout",
      "refresh_view", "refresh_materialized_view"};
  return kWords;
}

// What an operation of one name takes away, where its first argument says of what.
const std::map<std::string_view, std::string_view>& dropping_operations() {
  static const std::map<std::string_view, std::string_view> kKinds = {
      {"remove_foreign_key", "drop-constraint"},
      {"remove_check_constraint", "drop-constraint"},
      {"remove_exclusion_constraint", "drop-constraint"},
      {"remove_unique_constraint", "drop-constraint"},
      {"drop_enum", "drop-type"},
      {"disable_extension", "drop-extension"},
      {"drop_schema", "drop-schema"},
      {"drop_view", "drop-view"},
      {"drop_function", "drop-function"},
      {"drop_trigger", "drop-trigger"},
      {"truncate", "truncate"},
      {"truncate_tables", "truncate"},
      {"rename_table", "rename"},
      {"rename_enum", "rename"},
      {"rename_enum_value", "rename"}};
  return kKinds;
}

bool about_a_relation(std::string_view kind) {
  return kind == "drop-constraint" || kind == "drop-view" || kind == "truncate" || kind == "rename";
}

}  // namespace

Call::Call(const syntax::Tree& tree_, Id id_) : tree(tree_), id(id_) {
  if (id == kNoNode) return;
  if (tree.is(id, Kind::identifier)) {
    name = tree.text(id);
    return;
  }
  const Id method = tree.child(id, Field::method);
  name = method == kNoNode ? "call" : tree.text(method);  // `block.()`
  receiver = tree.child(id, Field::receiver);
  block = tree.child(id, Field::block);
  for (const Id argument : tree.children(tree.child(id, Field::arguments))) {
    if (tree.is(argument, Kind::pair)) {
      options.push_back(argument);
    } else if (tree.is(argument, Kind::hash)) {
      for (const Id pair : tree.children(argument)) options.push_back(pair);
    } else if (!tree.is(argument, Kind::heredoc_body)) {
      plain.push_back(argument);
    }
  }
}

Id pair_value(const syntax::Tree& tree, const std::vector<Id>& pairs, std::string_view key) {
  for (const Id pair : pairs) {
    const Id written = tree.child(pair, Field::key);
    if (written == kNoNode) continue;
    std::string_view name = tree.text(written);
    if (name.starts_with(":")) name.remove_prefix(1);
    if (name == key) return tree.child(pair, Field::value);
  }
  return kNoNode;
}

Id Call::option(std::string_view key) const {
  return pair_value(tree, options, key);
}

bool Call::option_is(std::string_view key, std::string_view source) const {
  const Id value = option(key);
  return value != kNoNode && tree.text(value) == source;
}

std::string Call::text() const {
  const std::string_view whole = tree.text(id);
  if (block == kNoNode) return in_one_line(whole);
  const Id body = tree.child(block, Field::body);
  std::size_t end = whole.size();
  if (body != kNoNode) end = tree[body].start - tree[id].start;
  // A block in one line is shown with what it does.
  if (whole.find('\n') == std::string_view::npos) end = whole.size();
  return in_one_line(whole.substr(0, end));
}

void Operations::take(const Call& call, std::string_view kind, std::string object, std::string relation,
                      std::vector<std::string> columns) {
  Statement statement;
  statement.line = call.tree.line(call.id);
  statement.kind = kind;
  statement.object = std::move(object);
  statement.relation = std::move(relation);
  statement.columns = std::move(columns);
  statement.text = call.text();
  statements_.add(std::move(statement));
}

void Operations::indexes(const Call& call, const std::string& table, std::size_t first) {
  for (auto& one : index_changes(call, values_, table, first)) {
    one.line = call.tree.line(call.id);
    if (!is_index_change(one)) one.text = call.text();
    statements_.add(std::move(one));
  }
}

void Operations::columns(const Call& call, const std::string& table, std::size_t from) {
  for (std::size_t i = from; i < call.plain.size(); ++i) {
    for (const auto& column : values_.names(call.plain[i]))
      take(call, "drop-column", fmt::format("{}.{}", table, column), table, {column});
  }
}

bool Operations::add(const Call& call, bool conditional) {
  const std::string_view name = call.name;
  const auto argument = [&](std::size_t at) { return values_.name(call.at(at)); };
  const std::string table = argument(0);
  if (!call.plain.empty()) indexes(call, table, 1);
  const bool certain = !conditional && !call.option_is("if_not_exists", "true");
  if (name == "create_table") {
    if (call.option(std::string_view("force")) != kNoNode && !call.option_is("force", "false") &&
        !call.option_is("force", "nil"))
      take(call, "drop-table", table, table);  // DROP TABLE IF EXISTS before it
    if (certain) statements_.made("table", table);
  } else if (name == "add_column") {
    if (certain) statements_.made("column", table + "." + argument(1));
  } else if (name == "add_reference" || name == "add_belongs_to") {
    if (certain) statements_.made("column", table + "." + argument(1) + "_id");
  } else if (name == "add_timestamps") {
    if (!certain) return true;
    statements_.made("column", table + ".created_at");
    statements_.made("column", table + ".updated_at");
  } else if (name == "drop_table") {
    for (const Id one : call.plain) {
      for (const auto& dropped : values_.names(one)) take(call, "drop-table", dropped, dropped);
    }
    if (call.plain.empty()) take(call, "drop-table", "", "");
  } else if (name == "drop_join_table") {
    const Id given = call.option("table_name");
    // As derive_join_table_name of Active Record has it, but for prefixes that both names share.
    const std::string joined = std::min(table, argument(1)) + "_" + std::max(table, argument(1));
    const std::string dropped = given == kNoNode ? joined : values_.name(given);
    take(call, "drop-table", dropped, dropped);
  } else if (name == "remove_column") {
    // A third argument is the column's type; with a splat it is any number of columns.
    const bool splat = call.plain.size() > 1 && call.tree.is(call.plain[1], Kind::splat_argument);
    if (splat)
      columns(call, table, 1);
    else
      take(call, "drop-column", table + "." + argument(1), table, {argument(1)});
  } else if (name == "remove_columns") {
    columns(call, table, 1);
  } else if (name == "remove_reference" || name == "remove_belongs_to") {
    const std::string reference = argument(1);
    take(call, "drop-column", table + "." + reference + "_id", table, {reference + "_id"});
    if (call.option("polymorphic") != kNoNode && !call.option_is("polymorphic", "false"))
      take(call, "drop-column", table + "." + reference + "_type", table, {reference + "_type"});
  } else if (name == "remove_timestamps") {
    take(call, "drop-column", table + ".created_at", table, {"created_at"});
    take(call, "drop-column", table + ".updated_at", table, {"updated_at"});
  } else if (name == "rename_column") {
    take(call, "rename", table + "." + argument(1), table, {argument(1)});
  } else if (name == "change_column") {
    take(call, "alter-column-type", table + "." + argument(1), table, {argument(1)});
  } else if (name == "change_column_null") {
    const Id null = call.at(2);
    if (null != kNoNode && call.tree.is(null, Kind::true_)) return true;
    take(call, "set-not-null", table + "." + argument(1), table, {argument(1)});
  } else if (const auto kind = dropping_operations().find(name); kind != dropping_operations().end()) {
    // All that are named, of truncate_tables.
    const std::size_t count = name == "truncate_tables" ? std::max<std::size_t>(call.plain.size(), 1) : 1;
    for (std::size_t i = 0; i < count; ++i)
      take(call, kind->second, argument(i), about_a_relation(kind->second) ? argument(i) : "");
  } else {
    return making_operations().count(name) != 0;
  }
  return true;
}

bool Operations::add_to_table(const Call& call, const std::string& table, bool conditional) {
  const std::string_view name = call.name;
  const std::string first = values_.name(call.at(0));
  indexes(call, table, 0);
  if (name == "remove" || name == "remove_columns" || name == "remove_column") {
    columns(call, table, 0);
  } else if (name == "remove_references" || name == "remove_belongs_to") {
    for (const Id one : call.plain) {
      const std::string column = values_.name(one);
      take(call, "drop-column", fmt::format("{}.{}_id", table, column), table, {column + "_id"});
      if (call.option("polymorphic") != kNoNode && !call.option_is("polymorphic", "false"))
        take(call, "drop-column", fmt::format("{}.{}_type", table, column), table, {column + "_type"});
    }
  } else if (name == "remove_timestamps") {
    take(call, "drop-column", table + ".created_at", table, {"created_at"});
    take(call, "drop-column", table + ".updated_at", table, {"updated_at"});
  } else if (name == "rename") {
    take(call, "rename", table + "." + first, table, {first});
  } else if (name == "change") {
    take(call, "alter-column-type", table + "." + first, table, {first});
  } else if (name == "change_null") {
    const Id null = call.at(1);
    if (null == kNoNode || !call.tree.is(null, Kind::true_))
      take(call, "set-not-null", table + "." + first, table, {first});
  } else if (name == "remove_foreign_key" || name == "remove_check_constraint" ||
             name == "remove_exclusion_constraint" || name == "remove_unique_constraint") {
    take(call, "drop-constraint", table, table);
  } else if (name == "remove_index" || name == "change_default" || name == "rename_index") {
    return true;
  } else if (name == "column" && !conditional && !call.option_is("if_not_exists", "true")) {
    statements_.made("column", table + "." + first);
  } else {
    // All others are types of new columns, constraints and indexes.
    constexpr std::array<std::string_view, 5> kTaking = {"remove", "drop", "delete", "rename", "change"};
    return std::none_of(kTaking.begin(), kTaking.end(), [&](auto word) { return name.starts_with(word); });
  }
  return true;
}

bool Operations::add_sql(const Call& call) {
  if (call.plain.empty()) return false;
  const auto sql = values_.of(call.plain[0]);
  if (!sql || sql->list) return false;
  statements_.sql(sql->items[0], sql->line);
  return true;
}

bool is_harmless_call(std::string_view name) {
  if (name.ends_with("?")) return true;
  static const Words kWords = {
      // of a migration's class and of the whole file
      "disable_ddl_transaction!", "milestone", "restrict_gitlab_migration", "include", "extend", "require",
      "require_relative", "private", "protected", "public", "attr_reader", "attr_accessor", "raise", "say",
      "puts", "print", "p", "pp", "warn", "info", "debug", "error", "logger", "sleep", "freeze",
      // wrappers
      "safety_assured", "reversible", "up_only", "transaction", "say_with_time", "suppress_messages",
      "with_lock_retries", "disable_statement_timeout", "without_statement_timeout", "ignore_records",
      "silence", "no_touching", "unscoped", "uncached", "benchmark", "tap", "then", "yield_self",
      // reading, quoting, going through
      "connection", "lease_connection", "connection_pool", "with_connection", "raw_connection",
      "adapter_name", "current_database", "current_schema", "database_version", "postgresql_version",
      "server_version", "version", "env", "application", "config", "configuration", "credentials",
      "table_name", "column_names", "columns", "columns_hash", "indexes", "foreign_keys", "tables", "views",
      "check_constraints", "primary_key", "index_name", "sequence_name", "reset_column_information",
      "schema_cache", "clear!", "clear_cache!", "open_transactions", "begin_db_transaction",
      "commit_db_transaction", "quote", "quote_table_name", "quote_column_name", "quote_string",
      "quoted_table_name", "sanitize_sql", "sanitize_sql_array", "each", "each_with_index",
      "each_with_object", "each_slice", "each_pair", "each_key", "each_value", "reverse_each", "times",
      "upto", "step", "loop", "map", "flat_map", "filter_map", "select", "select_value", "select_values",
      "select_all", "select_one", "select_rows", "reject", "filter", "find_each", "find_in_batches",
      "in_batches", "each_batch", "in_groups_of", "where", "not", "joins", "left_joins", "left_outer_joins",
      "includes", "preload", "eager_load", "references", "order", "reorder", "limit", "offset", "group",
      "having", "distinct", "merge", "all", "none", "find", "find_by", "find_by_sql", "take", "pluck", "pick",
      "ids", "count", "size", "length", "sum", "average", "minimum", "maximum", "min", "max", "minmax",
      "first", "last", "second", "arel_table", "unscope", "with_deleted", "to_a", "to_h", "to_i", "to_f",
      "to_s", "to_sym", "to_sql", "to_json", "to_set", "to_d", "to_proc", "as_json", "inspect", "join",
      "split", "strip", "squish", "strip_heredoc", "chomp", "gsub", "sub", "tr", "scan", "match", "upcase",
      "downcase", "capitalize", "titleize", "humanize", "camelize", "underscore", "tableize", "classify",
      "pluralize", "singularize", "parameterize", "demodulize", "constantize", "safe_constantize", "compact",
      "flatten", "uniq", "sort", "sort_by", "reverse", "group_by", "index_by", "index_with", "partition",
      "zip", "keys", "values", "fetch", "dig", "key", "slice", "except", "transform_values", "transform_keys",
      "inject", "reduce", "presence", "ago", "from_now", "now", "current", "today", "zone", "utc", "iso8601",
      "strftime", "parse", "seconds", "second", "minutes", "minute", "hours", "hour", "days", "day", "weeks",
      "week", "months", "month", "years", "year", "kilobytes", "megabytes", "id", "class", "name", "lambda",
      "proc", "format", "sprintf", "Integer", "String", "Float", "Array", "BigDecimal", "new", "abs", "round",
      "ceil", "floor", "divmod", "root", "read", "extname", "basename", "message", "abstract_class",
      "primary_abstract_class", "belongs_to", "has_many", "has_one", "block_given?", "__method__", "itself",
      "dup", "current_version"};
  return kWords.count(name) != 0;
}

}  // namespace exitgate::collect::rails
