// The statements of a program's text, by its syntax: each statement of a module, class or function is one.
#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/migration_text.h"
#include "harness/collect/migrations/statement.h"
#include "harness/collect/migrations/tool.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

enum class Speech { python, ruby, script };

struct Grammar {
  Speech speech;
  const syntax::Language* language;
};

std::optional<Grammar> grammar_of(std::string_view path) {
  if (path.ends_with(".py")) return Grammar{Speech::python, &syntax::python()};
  if (path.ends_with(".rb")) return Grammar{Speech::ruby, &syntax::ruby()};
  for (const std::string_view end : {".ts", ".mts", ".cts"}) {
    if (path.ends_with(end)) return Grammar{Speech::script, &syntax::typescript()};
  }
  for (const std::string_view end : {".js", ".mjs", ".cjs"}) {
    if (path.ends_with(end)) return Grammar{Speech::script, &syntax::javascript()};
  }
  return std::nullopt;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Module variables that give an Alembic revision its place, and attributes of Django's: the graph has them.
constexpr std::array<std::string_view, 4> kPlaceOfAlembic = {"revision", "down_revision", "branch_labels",
                                                             "depends_on"};
constexpr std::array<std::string_view, 4> kPlaceOfDjango = {"dependencies", "replaces", "run_before",
                                                            "initial"};

// What Django keeps in its own state of a model, and never tells the server: Field.non_db_attrs (but for db_column), what
// fields of files add to it, and AlterModelOptions.ALTER_OPTION_KEYS with the names of a model.
constexpr std::array<std::string_view, 25> kStateOfDjango = {"blank",
                                                             "choices",
                                                             "editable",
                                                             "error_messages",
                                                             "help_text",
                                                             "related_name",
                                                             "on_delete",
                                                             "validators",
                                                             "limit_choices_to",
                                                             "related_query_name",
                                                             "verbose_name",
                                                             "upload_to",
                                                             "storage",
                                                             "verbose_name_plural",
                                                             "base_manager_name",
                                                             "serialize",
                                                             "ordering",
                                                             "permissions",
                                                             "default_permissions",
                                                             "default_manager_name",
                                                             "get_latest_by",
                                                             "managers",
                                                             "default_related_name",
                                                             "auto_created",
                                                             "select_on_save"};
constexpr std::array<std::string_view, 2> kStateOperations = {"AlterModelOptions", "AlterModelManagers"};

class Reader {
 public:
  Reader(const Tree& tree, Speech speech, std::string_view tool)
      : tree_(tree), speech_(speech), alembic_(tool == "alembic"), django_(tool == "django") {}

  MigrationText read() {
    pieces(tree_.root(), false, 0);
    return std::move(read_);
  }

 private:
  static constexpr int kDeepest = 12;  // classes in functions in modules

  static bool holds_statements(Kind kind) {
    switch (kind) {
      case Kind::module:
      case Kind::program:
      case Kind::block:
      case Kind::class_body:
      case Kind::body_statement:
      case Kind::statement_block:
      case Kind::class_definition:
      case Kind::class_declaration:
      case Kind::class_:
      case Kind::decorated_definition:
      case Kind::export_statement:
      case Kind::function_definition:
      case Kind::function_declaration:
      case Kind::method:
      case Kind::method_definition:
      case Kind::singleton_method:
        return true;
      default:
        return false;
    }
  }

  static bool is_way_back(std::string_view name) {
    return name == "downgrade" || name == "down" || name == "rollback" || name == "revert";
  }

  // A statement of its own each.
  void pieces(Id id, bool down, int depth) {
    const Kind kind = tree_.kind(id);
    if (is_left_out(id)) return;
    if (const Id inner = object_of_directions(id); inner != kNoNode) {
      for (const Id pair : tree_.children(inner)) {
        const Id key = tree_.child(pair, tree_.is(pair, Kind::method_definition) ? Field::name : Field::key);
        add(pair, down || (key != kNoNode && is_way_back(bare(tree_.text(key)))));
      }
      return;
    }
    if (depth >= kDeepest || !holds_statements(kind)) {
      add(id, down || names_way_back(id));
      return;
    }
    const Id name = tree_.child(id, Field::name);
    if (name != kNoNode) down = down || is_way_back(tree_.text(name));
    // What stands before the body: `def upgrade(x)`, `class A(B)`.
    std::string head;
    std::vector<Id> inside;
    for (const Id child : tree_.children(id)) {
      if (holds_statements(tree_.kind(child)) || holds_only_statements(kind)) {
        inside.push_back(child);
      } else if (!is_left_out(child)) {
        head += form_of(child) + ' ';
      }
    }
    if (!head.empty() && !is_migration_class(id)) {
      const std::string first = std::string(tree_.text(id).substr(0, tree_.text(id).find('\n')));
      into(down).push_back({tree_.line(id), head, in_one_line(trim(first))});
    }
    for (const Id child : inside) pieces(child, down, depth + 1);
  }

  static bool holds_only_statements(Kind kind) {
    return kind == Kind::module || kind == Kind::program || kind == Kind::block || kind == Kind::class_body ||
           kind == Kind::body_statement || kind == Kind::statement_block;
  }

  // A class whose name and base say nothing that is carried out: Rails' and TypeORM's are free to be named anything.
  bool is_migration_class(Id id) const {
    const Kind kind = tree_.kind(id);
    return kind == Kind::class_declaration || kind == Kind::class_definition ||
           (kind == Kind::class_ && tree_.text(id).find("Migration") != std::string_view::npos);
  }

  // Of `module.exports = {up: …, down: …}` the object.
  Id object_of_directions(Id id) const {
    if (speech_ != Speech::script || !tree_.is(id, Kind::expression_statement)) return kNoNode;
    const Id assigned = tree_.child(id, Kind::assignment_expression);
    const Id right = tree_.child(assigned, Field::right);
    return tree_.is(right, Kind::object) ? right : kNoNode;
  }

  // `exports.down = …`, `export const down = …`
  bool names_way_back(Id id) const {
    if (speech_ != Speech::script) return false;
    if (tree_.is(id, Kind::expression_statement)) {
      const Id left = tree_.child(tree_.child(id, Kind::assignment_expression), Field::left);
      return left != kNoNode && tree_.text(left).ends_with(".down");
    }
    const Id declared = tree_.child(id, Kind::variable_declarator);
    const Id name = tree_.child(declared, Field::name);
    return name != kNoNode && is_way_back(tree_.text(name));
  }

  std::vector<TextStatement>& into(bool down) { return down ? read_.down : read_.up; }

  void add(Id id, bool down) {
    auto form = form_of(id);
    if (!form.empty()) into(down).push_back({tree_.line(id), std::move(form), tree_.flat_text(id)});
  }

  static std::string bare(std::string_view text) {
    std::string plain(text);
    std::erase_if(plain, [](char c) { return c == '\'' || c == '"'; });
    return plain;
  }

  // What is not carried out.
  bool is_left_out(Id id) const {
    const Kind kind = tree_.kind(id);
    switch (kind) {
      case Kind::comment:
      case Kind::import_statement:
      case Kind::import_from_statement:
      case Kind::future_import_statement:
      case Kind::empty_statement:
      case Kind::type_annotation:
      case Kind::heredoc_end:
        return true;
      default:
        break;
    }
    switch (speech_) {
      case Speech::python:
        return kind == Kind::type || is_left_out_of_python(id);
      case Speech::ruby:
        return is_call_of(id, "require") || is_call_of(id, "require_relative");
      case Speech::script:
        return is_required(id) || tree_.text(id) == "'use strict';" || tree_.text(id) == "\"use strict\";";
    }
    return false;
  }

  bool is_call_of(Id id, std::string_view method) const {
    return tree_.is(id, Kind::call) && tree_.child(id, Field::receiver) == kNoNode &&
           tree_.child(id, Field::method) != kNoNode && tree_.text(tree_.child(id, Field::method)) == method;
  }

  // `const x = require("y")`
  bool is_required(Id id) const {
    if (!tree_.is(id, Kind::lexical_declaration) && !tree_.is(id, Kind::variable_declaration)) return false;
    const Id value = tree_.child(tree_.child(id, Kind::variable_declarator), Field::value);
    return tree_.is(value, Kind::call_expression) && tree_.text(value).starts_with("require(");
  }

  bool is_left_out_of_python(Id id) const {
    if (tree_.is(id, Kind::expression_statement)) {
      const auto inside = tree_.children(id);
      if (inside.size() != 1) return false;
      const Kind kind = tree_.kind(inside[0]);
      if (kind == Kind::string || kind == Kind::concatenated_string) return true;  // documentation
      return kind == Kind::assignment && is_left_out_assignment(inside[0]);
    }
    if (tree_.is(id, Kind::keyword_argument) && django_)
      return is_one_of(tree_.text(tree_.child(id, Field::name)), kStateOfDjango);
    if (tree_.is(id, Kind::pair) && django_)
      return is_one_of(bare(tree_.text(tree_.child(id, Field::key))), kStateOfDjango);
    if (tree_.is(id, Kind::call) && django_) {
      const std::string_view name = tree_.text(tree_.child(id, Field::function));
      return is_one_of(name.substr(name.rfind('.') + 1), kStateOperations);
    }
    return tree_.text(id) == "pass";
  }

  bool is_left_out_assignment(Id id) const {
    const Id left = tree_.child(id, Field::left);
    if (tree_.child(id, Field::right) == kNoNode) return true;  // `revision: str`
    if (!tree_.is(left, Kind::identifier)) return false;
    return (alembic_ && is_one_of(tree_.text(left), kPlaceOfAlembic)) ||
           (django_ && is_one_of(tree_.text(left), kPlaceOfDjango));
  }

  // The text of a string without its marks; a text of several lines, SQL most often, without blanks and comments.
  std::string form_of_string(Id id) const {
    std::string_view text = tree_.text(id);
    const std::size_t quote = text.find_first_of("'\"`");
    const std::string_view prefix = quote == std::string_view::npos ? "" : text.substr(0, quote);
    if (quote == std::string_view::npos || prefix.size() > 2) return std::string(text);
    text.remove_prefix(quote);
    const char mark = text.front();
    const bool thrice = text.size() >= 6 && text[1] == mark && text[2] == mark;
    const std::size_t length = thrice ? 3 : 1;
    if (text.size() < 2 * length) return std::string(text);
    text = text.substr(length, text.size() - 2 * length);
    std::string marked;
    for (const char c : prefix) {
      if (c != 'u' && c != 'U') marked += c;
    }
    return marked + "\"" + form_of_text(text);
  }

  static std::string form_of_text(std::string_view text) {
    if (text.find('\n') == std::string_view::npos) return std::string(text);
    std::string form;
    for (const auto& one : sql_text_statements(text)) form += one.form + ';';
    return form;
  }

  // Of what lies between two nodes, the words and signs that the tree has left out, but for those that only part or close.
  std::string between(std::size_t from, std::size_t to) const {
    std::string kept;
    const auto text = tree_.source().substr(from, to - from);
    std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) {
      return std::string_view(" \t\r\n\\,;()[]{}'\"`").find(c) == std::string_view::npos;
    });
    return kept;
  }

  std::string form_of(Id id) const {
    if (is_left_out(id)) return "";
    const Kind kind = tree_.kind(id);
    if (kind == Kind::string || kind == Kind::template_string) return form_of_string(id);
    if (kind == Kind::concatenated_string) {
      std::string form = "\"";
      for (const Id part : tree_.children(id)) {
        const auto one = form_of_string(part);
        form += one.substr(std::min<std::size_t>(one.size(), one.starts_with('"') ? 1 : 0));
      }
      return form;
    }
    if (kind == Kind::heredoc_body) return form_of_text(tree_.text(id));
    if (kind == Kind::heredoc_beginning) return "<<";
    if (kind == Kind::bare_string) return "\"" + std::string(tree_.text(id));
    if (kind == Kind::bare_symbol) return std::string(tree_.text(id));
    std::vector<Id> inside;
    for (Id child = tree_[id].first; child != kNoNode; child = tree_[child].next) inside.push_back(child);
    if (inside.empty()) {
      std::string_view text = tree_.text(id);
      // `:null => false` and `null: false`, `[:a, :b]` and `%i[a b]`, `["a", "b"]` and `%w[a b]`
      const Kind above = tree_.kind(tree_.parent(id));
      if ((above == Kind::pair || above == Kind::array) && text.starts_with(':')) text.remove_prefix(1);
      return std::string(text);
    }
    std::string form;
    std::size_t at = tree_[id].start;
    for (const Id child : inside) {
      append(form, between_of(id, at, tree_[child].start));
      append(form, form_of(child));
      at = tree_[child].end;
    }
    append(form, between_of(id, at, tree_[id].end));
    if (is_transparent(id)) return form;
    return form.empty() ? "" : "(" + form + ")";
  }

  // Of a pair its sign is a matter of style.
  std::string between_of(Id id, std::size_t from, std::size_t to) const {
    if (tree_.is(id, Kind::pair) || tree_.is(id, Kind::symbol_array) || tree_.is(id, Kind::string_array))
      return "";
    auto kept = between(from, to);
    // `x: int`, and `->` before what it returns
    if (speech_ == Speech::python) {
      std::erase(kept, ':');
      if (kept == "->") kept.clear();
    }
    return kept;
  }

  static void append(std::string& form, const std::string& more) {
    if (more.empty()) return;
    if (!form.empty()) form += ' ';
    form += more;
  }

  bool is_transparent(Id id) const {
    switch (tree_.kind(id)) {
      case Kind::parenthesized_expression:
      case Kind::parenthesized_statements:
      case Kind::typed_parameter:
      case Kind::expression_statement:
        return true;
      default:
        return false;
    }
  }

  const Tree& tree_;
  Speech speech_;
  bool alembic_;
  bool django_;
  MigrationText read_;
};

}  // namespace

MigrationText read_program_text(std::string_view path, std::string_view text, const Tool* tool) {
  MigrationText unread;
  unread.understood = false;
  const auto grammar = grammar_of(path);
  if (!grammar) return unread;
  const auto tree = Tree::parse(text, *grammar->language);
  if (!tree || !tree->errors().empty()) return unread;
  return Reader(*tree, grammar->speech, tool == nullptr ? "" : tool->name).read();
}

}  // namespace exitgate::collect
