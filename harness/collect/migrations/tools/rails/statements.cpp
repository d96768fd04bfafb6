#include "harness/collect/migrations/tools/rails/statements.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tools/rails/indexes.h"
#include "harness/collect/migrations/tools/rails/ruby_lines.h"

namespace exitgate::collect {

namespace {

using Words = std::set<std::string_view>;

// Operations that take nothing away, and words that say nothing of the schema.
const Words& harmless_words() {
  static const Words kWords = {"create_table",
                               "create_join_table",
                               "add_column",
                               "add_columns",
                               "add_index",
                               "add_reference",
                               "add_belongs_to",
                               "add_timestamps",
                               "add_foreign_key",
                               "add_check_constraint",
                               "add_exclusion_constraint",
                               "add_unique_constraint",
                               "change_column_default",
                               "change_column_comment",
                               "change_table_comment",
                               "create_enum",
                               "add_enum_value",
                               "enable_extension",
                               "create_schema",
                               "remove_index",
                               "rename_index",
                               "validate_constraint",
                               "validate_foreign_key",
                               "validate_check_constraint",
                               "disable_ddl_transaction!",
                               "disable_statement_timeout",
                               "create_view",
                               "create_function",
                               "create_trigger",
                               "add_concurrent_index",
                               "add_concurrent_foreign_key",
                               "remove_concurrent_index",
                               "remove_concurrent_index_by_name",
                               "commit_db_transaction",
                               "begin_db_transaction",
                               "say",
                               "puts",
                               "milestone",
                               "restrict_gitlab_migration",
                               "include",
                               "extend",
                               "require",
                               "require_relative",
                               "private",
                               "protected",
                               "public",
                               "attr_reader",
                               "attr_accessor",
                               "set_statement_timeout",
                               "frozen_string_literal",
                               "raise",
                               "return",
                               "next"};
  return kWords;
}

// Words that open a block whose lines are read as they stand.
const Words& block_words() {
  static const Words kWords = {"safety_assured",
                               "reversible",
                               "transaction",
                               "say_with_time",
                               "suppress_messages",
                               "up_only",
                               "with_lock_retries",
                               "if",
                               "unless",
                               "else",
                               "elsif",
                               "begin",
                               "rescue",
                               "ensure",
                               "case",
                               "when",
                               "end",
                               "class",
                               "module",
                               "def",
                               "disable_statement_timeout"};
  return kWords;
}

// A word with a receiver before it: "dir.up", "t.remove", "connection.execute".
struct Call {
  std::string receiver;
  std::string name;
  std::string_view rest;  // its arguments, without the brackets around them
};

Call call_of(std::string_view text) {
  Call call;
  std::size_t at = 0;
  for (;;) {
    const std::size_t start = at;
    while (at < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_' || text[at] == ':'))
      ++at;
    if (at < text.size() && (text[at] == '!' || text[at] == '?') && text.compare(at, 2, "!=") != 0) ++at;
    const std::string word(text.substr(start, at - start));
    if (at < text.size() && text[at] == '.' && !word.empty()) {
      call.receiver += (call.receiver.empty() ? "" : ".") + word;
      ++at;
      continue;
    }
    call.name = word;
    break;
  }
  call.rest = trim(text.substr(at));
  if (at < text.size() && text[at] == '(') {
    call.rest.remove_prefix(1);
    const auto arguments_end = call.rest.rfind(')');
    if (arguments_end != std::string_view::npos) call.rest = call.rest.substr(0, arguments_end);
  }
  return call;
}

bool opens_block(std::string_view text) {
  constexpr std::array<std::string_view, 9> kKeywords = {"if",  "unless", "case",  "while", "until",
                                                         "for", "begin",  "class", "module"};
  const auto word = text.substr(0, text.find_first_of(" (\t"));
  if (std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end()) return true;
  if (word == "def") return text.find(" = ") == std::string_view::npos;
  if (text.ends_with(" do")) return true;
  const std::size_t block = text.rfind(" do |");
  if (block != std::string_view::npos && text.ends_with("|")) return true;
  for (const std::string_view keyword : {"= if ", "= case ", "= begin"}) {
    if (text.find(keyword) != std::string_view::npos) return true;
  }
  return false;
}

class Reader {
 public:
  std::vector<Statement> read(std::string_view text) {
    for (const auto& line : ruby_lines(text)) one(line, line.text);
    if (!goes_up_) undecided({.text = "", .line = 1}, "", "it has no method `change` or `up`");
    return statements_.take();
  }

 private:
  struct Block {
    bool down = false;  // of the way down, or of a class body's own class
    bool method = false;
    std::string table = {};  // of change_table, and of create_table whose columns are new
    bool created = false;
  };

  bool in_method() const {
    return std::any_of(blocks_.begin(), blocks_.end(), [](const Block& block) { return block.method; });
  }
  bool goes_down() const {
    return std::any_of(blocks_.begin(), blocks_.end(), [](const Block& block) { return block.down; });
  }

  void one(const RubyLine& line, std::string_view text) {
    if (text == "end" || text.starts_with("end ") || text.starts_with("end.") || text == "}") {
      if (!blocks_.empty()) blocks_.pop_back();
      return;
    }
    if (text == ")" || text == "]") return;  // of a call that began above, with a heredoc in it
    Block block;
    const auto call = call_of(text);
    if (call.name == "def") {
      const auto name = trim(text.substr(3));
      const auto method = call_of(name);
      block.method = true;
      // `def self.up` of old.
      block.down = method.name == "down";
      goes_up_ = goes_up_ || method.name == "up" || method.name == "change";
    }
    const bool opens = opens_block(text);
    if (in_method() && !goes_down()) {
      if (call.name == "down" && !call.receiver.empty())
        block.down = true;
      else
        operation(line, text, call, block);
    }
    if (opens) blocks_.push_back(std::move(block));
  }

  // `safety_assured { remove_column :a, :b }`
  static std::string_view inner_of(std::string_view text) {
    const std::size_t open = text.find('{');
    if (open == std::string_view::npos || !text.ends_with("}")) return "";
    std::string_view inner = trim(text.substr(open + 1, text.size() - open - 2));
    if (inner.starts_with("|"))
      inner = trim(inner.substr(std::min(inner.find('|', 1), inner.size() - 1) + 1));
    return inner;
  }

  void operation(const RubyLine& line, std::string_view text, const Call& call, Block& block) {
    const auto& name = call.name;
    const auto arguments = ruby_arguments(call.rest);
    const auto argument = [&](std::size_t at) {
      return at < arguments.size() ? ruby_name(arguments[at]) : std::string();
    };
    if (!call.receiver.empty() && column_operation(line, call, arguments)) return;
    if (!arguments.empty()) indexes(line, text, name, argument(0), {arguments.begin() + 1, arguments.end()});
    if (name == "create_table" || name == "create_join_table") {
      statements_.made("table", argument(0));
      block.table = argument(0);
      block.created = true;
    } else if (name == "change_table") {
      block.table = argument(0);
    } else if (name == "drop_table" || name == "drop_join_table") {
      for (std::size_t i = 0; i < std::max<std::size_t>(1, arguments.size()); ++i) {
        if (i > 0 && arguments[i].find(':') != 0) break;
        add(line, text, "drop-table", argument(i), argument(i));
      }
    } else if (name == "remove_column" || name == "remove_columns") {
      add(line, text, "drop-column", argument(0) + "." + argument(1), argument(0), {argument(1)});
      for (std::size_t i = 2; name == "remove_columns" && i < arguments.size() && arguments[i].front() == ':';
           ++i)
        add(line, text, "drop-column", argument(0) + "." + argument(i), argument(0), {argument(i)});
    } else if (name == "remove_reference" || name == "remove_belongs_to") {
      add(line, text, "drop-column", argument(0) + "." + argument(1) + "_id", argument(0),
          {argument(1) + "_id"});
    } else if (name == "remove_timestamps") {
      add(line, text, "drop-column", argument(0) + ".created_at", argument(0), {"created_at"});
    } else if (name == "rename_column") {
      add(line, text, "rename", argument(0) + "." + argument(1), argument(0), {argument(1)});
    } else if (name == "rename_table" || name == "rename_enum" || name == "rename_enum_value") {
      add(line, text, "rename", argument(0), argument(0));
    } else if (name == "change_column") {
      add(line, text, "alter-column-type", argument(0) + "." + argument(1), argument(0), {argument(1)});
    } else if (name == "change_column_null") {
      if (arguments.size() > 2 && arguments[2].starts_with("true")) return;
      add(line, text, "set-not-null", argument(0) + "." + argument(1), argument(0), {argument(1)});
    } else if (name == "remove_foreign_key" || name == "remove_check_constraint" ||
               name == "remove_exclusion_constraint" || name == "remove_unique_constraint") {
      add(line, text, "drop-constraint", argument(0), argument(0));
    } else if (name == "drop_enum") {
      add(line, text, "drop-type", argument(0), "");
    } else if (name == "disable_extension") {
      add(line, text, "drop-extension", argument(0), "");
    } else if (name == "drop_schema") {
      add(line, text, "drop-schema", argument(0), "");
    } else if (name == "drop_view") {
      add(line, text, "drop-view", argument(0), argument(0));
    } else if (name == "drop_function") {
      add(line, text, "drop-function", argument(0), "");
    } else if (name == "truncate" || name == "truncate_tables") {
      add(line, text, "truncate", argument(0), argument(0));
    } else if (name == "execute") {
      execute(line, text, arguments);
    } else if (const auto inner = inner_of(text); !inner.empty() && block_words().count(name) != 0) {
      one(line, inner);
    } else if (call.receiver.empty() ? harmless_words().count(name) == 0 && block_words().count(name) == 0
                                     : !(name == "up" || name == "transaction")) {
      if (!is_plain_assignment(text)) undecided(line, text, "it is not an operation that is read");
    }
  }

  // `t.remove :a` of a table's block. True when it is one.
  bool column_operation(const RubyLine& line, const Call& call, const std::vector<std::string>& arguments) {
    const auto table = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                    [](const Block& block) { return !block.table.empty(); });
    if (call.name == "execute") return false;
    if (table == blocks_.rend() || call.receiver.find('.') != std::string::npos) return false;
    indexes(line, line.text, call.name, table->table, arguments);
    if (table->created) return true;
    const auto about = [&](const char* kind) {
      for (const auto& argument : arguments) {
        if (argument.empty() || (argument.front() != ':' && argument.front() != '"')) break;
        const auto column = ruby_name(argument);
        add(line, line.text, kind, table->table + "." + column, table->table, {column});
        if (std::string_view(kind) != "drop-column") break;
      }
    };
    if (call.name == "remove" || call.name == "remove_references" || call.name == "remove_belongs_to")
      about("drop-column");
    else if (call.name == "rename")
      about("rename");
    else if (call.name == "change")
      about("alter-column-type");
    else if (call.name == "change_null")
      about("set-not-null");
    else if (call.name == "remove_timestamps")
      add(line, line.text, "drop-column", table->table + ".created_at", table->table, {"created_at"});
    else if (call.name == "remove_foreign_key" || call.name == "remove_check_constraint")
      add(line, line.text, "drop-constraint", table->table, table->table);
    return true;
  }

  void indexes(const RubyLine& line, std::string_view text, const std::string& operation,
               const std::string& table, const std::vector<std::string>& arguments) {
    for (auto& one : rails_index_changes(operation, table, arguments)) {
      one.line = line.line;
      if (!is_index_change(one)) one.text = in_one_line(text);
      statements_.add(std::move(one));
    }
  }

  void execute(const RubyLine& line, std::string_view text, const std::vector<std::string>& arguments) {
    std::string sql;
    int first = line.line;
    if (!line.heredocs.empty()) {
      sql = line.heredocs.front();
      first = line.heredoc_line;
    } else if (arguments.size() == 1 && !arguments[0].starts_with(":")) {
      const auto name = ruby_name(arguments[0]);
      const bool whole = arguments[0].size() == name.size() + 2 && !name.starts_with("{");
      if (whole) sql = name;
    }
    if (sql.empty() || sql.find("#{") != std::string::npos) {
      undecided(line, text, "the statement is put together at run time");
      return;
    }
    statements_.sql(sql, first);
  }

  // `table = :orders`, `NAME = "x"`: a name for a literal.
  static bool is_plain_assignment(std::string_view text) {
    const std::size_t mark = text.find(" = ");
    if (mark == std::string_view::npos || text.substr(0, mark).find_first_of(" (.") != std::string_view::npos)
      return false;
    const auto value = trim(text.substr(mark + 3));
    const bool literal =
        !value.empty() && (std::string_view(":\"'[%").find(value.front()) != std::string_view::npos ||
                           std::isdigit(static_cast<unsigned char>(value.front())) != 0);
    return literal && value.find("#{") == std::string_view::npos && value.find('(') == std::string_view::npos;
  }

  void add(const RubyLine& line, std::string_view text, const char* kind, std::string object,
           std::string relation, std::vector<std::string> columns = {}) {
    Statement statement;
    statement.line = line.line;
    statement.kind = kind;
    statement.object = std::move(object);
    statement.relation = std::move(relation);
    statement.columns = std::move(columns);
    statement.text = in_one_line(text);
    statements_.add(std::move(statement));
  }

  void undecided(const RubyLine& line, std::string_view text, const char* reason) {
    Statement statement;
    statement.line = line.line;
    statement.kind = "undecided";
    statement.text = in_one_line(text);
    statement.reason = reason;
    statements_.add(std::move(statement));
  }

  Statements statements_;
  std::vector<Block> blocks_;
  bool goes_up_ = false;  // a method of the way up was there
};

}  // namespace

std::vector<Statement> rails_statements(std::string_view text) {
  return Reader().read(text);
}

}  // namespace exitgate::collect
