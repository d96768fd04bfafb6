#include "harness/collect/migrations/tools/rails/indexes.h"

#include <cctype>
#include <optional>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/rails/ruby_lines.h"

namespace exitgate::collect {

namespace {

// The value of `key: value` or `:key => value`; nullopt when it is not given.
std::optional<std::string> option(const std::vector<std::string>& arguments, const std::string& key) {
  for (const auto& argument : arguments) {
    for (const std::string& written : {key + ":", ":" + key + " =>", ":" + key + "=>"}) {
      if (argument.starts_with(written)) return std::string(trim(argument.substr(written.size())));
    }
  }
  return std::nullopt;
}

bool is_option(const std::string& argument) {
  std::size_t end = 0;
  while (end < argument.size() &&
         (std::isalnum(static_cast<unsigned char>(argument[end])) != 0 || argument[end] == '_'))
    ++end;
  return (end > 0 && argument.compare(end, 1, ":") == 0) || argument.find("=>") != std::string::npos ||
         argument.starts_with("**");
}

bool is_true(const std::optional<std::string>& value) {
  return value && value->starts_with("true");
}

// "a_and_b" of `:a`, `[:a, :b]`, `%i[a b]` or "lower(a)"; "" where it is not written.
std::string columns_of(std::string_view given) {
  given = trim(given);
  std::string joined;
  const auto add = [&](std::string_view name) {
    if (!joined.empty()) joined += "_and_";
    joined += name;
  };
  const bool words = given.starts_with("%i[") || given.starts_with("%w[");
  if (words || given.starts_with("[")) {
    given.remove_prefix(given.find('[') + 1);
    given = given.substr(0, given.rfind(']'));
    if (words) {
      for (const auto& one : split(given, ' ')) {
        if (!one.empty()) add(one);
      }
      return joined;
    }
    for (const auto& one : ruby_arguments(given)) {
      const std::string name = ruby_name(one);
      if (name.starts_with("{")) return "";
      add(name);
    }
    return joined;
  }
  const std::string name = ruby_name(given);
  if (name.starts_with("{")) return "";
  // An expression: its words.
  std::string word;
  for (const char c : name + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      word += c;
    } else if (!word.empty()) {
      if (!joined.empty()) joined += '_';
      joined += word;
      word.clear();
    }
  }
  return joined;
}

std::string default_name(const std::string& table, const std::string& columns) {
  return "index_" + table + "_on_" + columns;
}

void create(const std::string& table, const std::string& columns, const std::vector<std::string>& options,
            std::vector<Statement>& found) {
  const bool unique = is_true(option(options, "unique"));
  if (!columns.empty()) found.push_back(created_index(default_name(table, columns), unique));
  if (const auto name = option(options, "name")) found.push_back(created_index(ruby_name(*name), unique));
}

void remove(const std::string& table, const std::vector<std::string>& arguments,
            std::vector<Statement>& found) {
  std::string columns;
  if (!arguments.empty() && !is_option(arguments[0])) columns = columns_of(arguments[0]);
  for (const char* const key : {"column", "columns"}) {
    if (const auto given = option(arguments, key)) columns = columns_of(*given);
  }
  const auto name = option(arguments, "name");
  std::string index = columns.empty() ? "" : default_name(table, columns);
  if (name) index = ruby_name(*name);
  Statement statement = dropped_index(index);
  if (index.empty() || index.find('{') != std::string::npos) {
    statement.kind = "undecided";
    statement.object.clear();
    statement.reason = "which index it removes is not written here";
  }
  found.push_back(std::move(statement));
}

// `index: true`, `index: { unique: true }`
void create_beside(std::string_view operation, const std::string& table,
                   const std::vector<std::string>& arguments, std::vector<Statement>& found) {
  const bool reference = operation == "references" || operation == "belongs_to" ||
                         operation == "add_reference" || operation == "add_belongs_to";
  const auto given = option(arguments, "index");
  if (given ? given->starts_with("false") : !reference) return;
  std::vector<std::string> options;
  if (given && given->starts_with("{"))
    options = ruby_arguments(trim(std::string_view(*given).substr(1, given->rfind('}') - 1)));
  for (std::size_t i = 0; i < arguments.size() && !is_option(arguments[i]); ++i) {
    const std::string column = columns_of(arguments[i]);
    if (column.empty() || (i > 0 && !reference && operation.starts_with("add_"))) break;
    create(table, reference ? column + "_id" : column, options, found);
    if (reference) create(table, column, options, found);  // of a polymorphic one
  }
}

}  // namespace

std::vector<Statement> rails_index_changes(std::string_view operation, const std::string& table,
                                           const std::vector<std::string>& arguments) {
  std::vector<Statement> found;
  const bool has_columns = !arguments.empty() && !is_option(arguments[0]);
  if (operation == "add_index" || operation == "add_concurrent_index" || operation == "index") {
    create(table, has_columns ? columns_of(arguments[0]) : "", arguments, found);
  } else if (operation == "remove_index" || operation == "remove_concurrent_index") {
    remove(table, arguments, found);
  } else if (operation == "remove_concurrent_index_by_name") {
    found.push_back(dropped_index(arguments.empty() ? "" : ruby_name(arguments[0])));
  } else if (operation == "rename_index" && arguments.size() == 2) {
    found.push_back(renamed_index(ruby_name(arguments[0]), ruby_name(arguments[1])));
  } else {
    create_beside(operation, table, arguments, found);
  }
  return found;
}

}  // namespace exitgate::collect
