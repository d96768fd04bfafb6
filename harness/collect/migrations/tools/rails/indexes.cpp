#include "harness/collect/migrations/tools/rails/indexes.h"

#include <cctype>

#include "harness/collect/migrations/sql_indexes.h"

namespace exitgate::collect::rails {

using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

class Reading {
 public:
  Reading(const Call& call, const Values& values, std::string table)
      : call_(call), values_(values), table_(std::move(table)) {}

  std::vector<Statement> read(std::size_t first) {
    const std::string_view operation = call_.name;
    const Id given = call_.at(first);
    if (operation == "add_index" || operation == "add_concurrent_index" || operation == "index") {
      create(columns_of(given), call_.option("unique"), call_.option("name"));
    } else if (operation == "remove_index" || operation == "remove_concurrent_index") {
      remove(given);
    } else if (operation == "remove_concurrent_index_by_name") {
      found_.push_back(dropped_index(values_.name(given)));
    } else if (operation == "rename_index" && call_.plain.size() == first + 2) {
      found_.push_back(renamed_index(values_.name(given), values_.name(call_.at(first + 1))));
    } else {
      create_beside(first);
    }
    return std::move(found_);
  }

 private:
  // "a_and_b" of `:a`, `[:a, :b]`, `%i[a b]` or "lower(a)"; "" where it is not written.
  std::string columns_of(Id given) const {
    const auto value = given == kNoNode ? std::nullopt : values_.of(given);
    if (!value) return "";
    if (!value->list) return words_of(value->items[0]);
    std::string joined;
    for (const auto& one : value->items) joined += (joined.empty() ? "" : "_and_") + one;
    return joined;
  }

  // Of an expression.
  static std::string words_of(std::string_view text) {
    std::string joined;
    bool word = false;
    for (const char c : text) {
      const bool in_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
      if (in_word && !word && !joined.empty()) joined += '_';
      if (in_word) joined += c;
      word = in_word;
    }
    return joined;
  }

  std::string default_name(const std::string& columns) const { return "index_" + table_ + "_on_" + columns; }

  void create(const std::string& columns, Id unique_option, Id name) {
    const bool unique = call_.tree.is(unique_option, Kind::true_);
    if (!columns.empty()) found_.push_back(created_index(default_name(columns), unique));
    if (name != kNoNode) found_.push_back(created_index(values_.name(name), unique));
  }

  void remove(Id given) {
    std::string columns = columns_of(given);
    for (const char* const key : {"column", "columns"}) {
      if (const Id written = call_.option(key); written != kNoNode) columns = columns_of(written);
    }
    const Id name = call_.option("name");
    std::string index = columns.empty() ? "" : default_name(columns);
    if (name != kNoNode) index = values_.name(name);
    Statement statement = dropped_index(index);
    if (index.empty() || index.find('{') != std::string::npos) {
      statement.kind = "undecided";
      statement.object.clear();
      statement.reason = "which index it removes is not written here";
    }
    found_.push_back(std::move(statement));
  }

  // `index: true`, `index: { unique: true }`
  void create_beside(std::size_t first) {
    const std::string_view operation = call_.name;
    const bool reference = operation == "references" || operation == "belongs_to" ||
                           operation == "add_reference" || operation == "add_belongs_to";
    const Id given = call_.option("index");
    if (given == kNoNode ? !reference : call_.tree.is(given, Kind::false_)) return;
    Id unique = kNoNode;
    Id name = kNoNode;
    if (call_.tree.is(given, Kind::hash)) {
      unique = pair_value(call_.tree, call_.tree.children(given), "unique");
      name = pair_value(call_.tree, call_.tree.children(given), "name");
    }
    for (std::size_t i = first; i < call_.plain.size(); ++i) {
      const std::string column = columns_of(call_.plain[i]);
      if (column.empty() || (i > first && !reference && operation.starts_with("add_"))) break;
      create(reference ? column + "_id" : column, unique, name);
      if (reference) create(column, unique, name);  // of a polymorphic one
    }
  }

  const Call& call_;
  const Values& values_;
  std::string table_;
  std::vector<Statement> found_;
};

}  // namespace

std::vector<Statement> index_changes(const Call& call, const Values& values, const std::string& table,
                                     std::size_t first) {
  return Reading(call, values, table).read(first);
}

}  // namespace exitgate::collect::rails
