#include "harness/syntax/tree.h"

#include <tree_sitter/api.h>

#include <algorithm>
#include <array>
#include <memory>

#include "harness/base/error.h"

extern "C" const TSLanguage* tree_sitter_python(void);

namespace exitgate::syntax {

namespace {

struct KindName {
  std::string_view name;
  Kind kind;
};

constexpr std::array kKindNames = {
    KindName{"aliased_import", Kind::aliased_import},
    KindName{"argument_list", Kind::argument_list},
    KindName{"as_pattern", Kind::as_pattern},
    KindName{"as_pattern_target", Kind::as_pattern_target},
    KindName{"assert_statement", Kind::assert_statement},
    KindName{"assignment", Kind::assignment},
    KindName{"async", Kind::async},
    KindName{"attribute", Kind::attribute},
    KindName{"augmented_assignment", Kind::augmented_assignment},
    KindName{"block", Kind::block},
    KindName{"boolean_operator", Kind::boolean_operator},
    KindName{"call", Kind::call},
    KindName{"class_definition", Kind::class_definition},
    KindName{"comment", Kind::comment},
    KindName{"comparison_operator", Kind::comparison_operator},
    KindName{"concatenated_string", Kind::concatenated_string},
    KindName{"conditional_expression", Kind::conditional_expression},
    KindName{"decorated_definition", Kind::decorated_definition},
    KindName{"decorator", Kind::decorator},
    KindName{"default_parameter", Kind::default_parameter},
    KindName{"delete_statement", Kind::delete_statement},
    KindName{"dictionary", Kind::dictionary},
    KindName{"dictionary_splat", Kind::dictionary_splat},
    KindName{"dictionary_splat_pattern", Kind::dictionary_splat_pattern},
    KindName{"dotted_name", Kind::dotted_name},
    KindName{"elif_clause", Kind::elif_clause},
    KindName{"else_clause", Kind::else_clause},
    KindName{"ERROR", Kind::error},
    KindName{"escape_sequence", Kind::escape_sequence},
    KindName{"except_clause", Kind::except_clause},
    KindName{"except_group_clause", Kind::except_group_clause},
    KindName{"expression_list", Kind::expression_list},
    KindName{"expression_statement", Kind::expression_statement},
    KindName{"false", Kind::false_},
    KindName{"finally_clause", Kind::finally_clause},
    KindName{"for_in_clause", Kind::for_in_clause},
    KindName{"for_statement", Kind::for_statement},
    KindName{"function_definition", Kind::function_definition},
    KindName{"future_import_statement", Kind::future_import_statement},
    KindName{"global_statement", Kind::global_statement},
    KindName{"identifier", Kind::identifier},
    KindName{"if_statement", Kind::if_statement},
    KindName{"import_from_statement", Kind::import_from_statement},
    KindName{"import_statement", Kind::import_statement},
    KindName{"in", Kind::in},
    KindName{"integer", Kind::integer},
    KindName{"interpolation", Kind::interpolation},
    KindName{"is", Kind::is},
    KindName{"is not", Kind::is_not},
    KindName{"keyword_argument", Kind::keyword_argument},
    KindName{"lambda", Kind::lambda},
    KindName{"lambda_parameters", Kind::lambda_parameters},
    KindName{"list", Kind::list},
    KindName{"list_pattern", Kind::list_pattern},
    KindName{"list_splat", Kind::list_splat},
    KindName{"list_splat_pattern", Kind::list_splat_pattern},
    KindName{"match_statement", Kind::match_statement},
    KindName{"module", Kind::module},
    KindName{"named_expression", Kind::named_expression},
    KindName{"nonlocal_statement", Kind::nonlocal_statement},
    KindName{"none", Kind::none},
    KindName{"not in", Kind::not_in},
    KindName{"not_operator", Kind::not_operator},
    KindName{"or", Kind::or_},
    KindName{"pair", Kind::pair},
    KindName{"parameters", Kind::parameters},
    KindName{"parenthesized_expression", Kind::parenthesized_expression},
    KindName{"pattern_list", Kind::pattern_list},
    KindName{"raise_statement", Kind::raise_statement},
    KindName{"relative_import", Kind::relative_import},
    KindName{"return_statement", Kind::return_statement},
    KindName{"set", Kind::set},
    KindName{"string", Kind::string},
    KindName{"string_content", Kind::string_content},
    KindName{"subscript", Kind::subscript},
    KindName{"true", Kind::true_},
    KindName{"try_statement", Kind::try_statement},
    KindName{"tuple", Kind::tuple},
    KindName{"tuple_pattern", Kind::tuple_pattern},
    KindName{"type", Kind::type},
    KindName{"typed_default_parameter", Kind::typed_default_parameter},
    KindName{"typed_parameter", Kind::typed_parameter},
    KindName{"while_statement", Kind::while_statement},
    KindName{"wildcard_import", Kind::wildcard_import},
    KindName{"with_item", Kind::with_item},
    KindName{"with_statement", Kind::with_statement},
};

struct FieldName {
  std::string_view name;
  Field field;
};

constexpr std::array kFieldNames = {
    FieldName{"alias", Field::alias},
    FieldName{"alternative", Field::alternative},
    FieldName{"argument", Field::argument},
    FieldName{"arguments", Field::arguments},
    FieldName{"attribute", Field::attribute},
    FieldName{"body", Field::body},
    FieldName{"condition", Field::condition},
    FieldName{"consequence", Field::consequence},
    FieldName{"definition", Field::definition},
    FieldName{"function", Field::function},
    FieldName{"key", Field::key},
    FieldName{"left", Field::left},
    FieldName{"module_name", Field::module_name},
    FieldName{"name", Field::name},
    FieldName{"object", Field::object},
    FieldName{"operator", Field::operator_},
    FieldName{"operators", Field::operators},
    FieldName{"parameters", Field::parameters},
    FieldName{"right", Field::right},
    FieldName{"subscript", Field::subscript},
    FieldName{"superclasses", Field::superclasses},
    FieldName{"type", Field::type},
    FieldName{"value", Field::value},
};

// The grammar's own numbers, looked up by name once.
struct Grammar {
  std::vector<Kind> kinds;    // by symbol
  std::vector<Field> fields;  // by field id; 0 is "no field"

  Grammar() {
    const TSLanguage* const language = tree_sitter_python();
    kinds.assign(ts_language_symbol_count(language), Kind::other);
    for (std::uint32_t symbol = 0; symbol < kinds.size(); ++symbol) {
      const std::string_view name = ts_language_symbol_name(language, static_cast<TSSymbol>(symbol));
      const bool named =
          ts_language_symbol_type(language, static_cast<TSSymbol>(symbol)) == TSSymbolTypeRegular;
      for (const auto& known : kKindNames) {
        // `lambda`, `type` and `none` are names of keywords as well as of what they begin.
        const bool token = known.kind == Kind::async || known.kind == Kind::in || known.kind == Kind::is ||
                           known.kind == Kind::is_not || known.kind == Kind::not_in ||
                           known.kind == Kind::or_;
        if (known.name == name && named != token) kinds[symbol] = known.kind;
      }
    }
    fields.assign(ts_language_field_count(language) + 1, Field::other);
    fields[0] = Field::none;
    for (std::uint32_t field = 1; field < fields.size(); ++field) {
      const std::string_view name = ts_language_field_name_for_id(language, static_cast<TSFieldId>(field));
      for (const auto& known : kFieldNames) {
        if (known.name == name) fields[field] = known.field;
      }
    }
  }
};

const Grammar& grammar() {
  static const Grammar only;
  return only;
}

struct ParserEnd {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeEnd {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

}  // namespace

std::optional<Tree> Tree::parse(std::string_view source, std::uint64_t limit_microseconds) {
  const Grammar& names = grammar();
  thread_local const std::unique_ptr<TSParser, ParserEnd> parser = [] {
    std::unique_ptr<TSParser, ParserEnd> made(ts_parser_new());
    if (!ts_parser_set_language(made.get(), tree_sitter_python())) {
      throw Undecided("internal fault: tree-sitter's runtime does not read the Python grammar (ABI 14)");
    }
    return made;
  }();
  ts_parser_reset(parser.get());
  ts_parser_set_timeout_micros(parser.get(), limit_microseconds);
  const std::unique_ptr<TSTree, TreeEnd> parsed(ts_parser_parse_string(
      parser.get(), nullptr, source.data(), static_cast<std::uint32_t>(source.size())));
  if (!parsed) return std::nullopt;

  Tree tree;
  tree.source_ = source;
  tree.nodes_.reserve(source.size() / 6 + 16);
  std::vector<Id> open;  // the kept nodes from the root to here; a dropped node repeats its parent
  std::vector<Id> last;  // last kept child of each
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(parsed.get()));
  Id error = kNoNode;  // the outermost error we are in
  for (bool walking = true; walking;) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    const TSSymbol symbol = ts_node_symbol(node);
    const bool missing = ts_node_is_missing(node);
    Kind kind = symbol < names.kinds.size() ? names.kinds[symbol] : Kind::error;
    if (missing) kind = Kind::missing;
    const Field field = names.fields[ts_tree_cursor_current_field_id(&cursor)];
    const bool keep =
        open.empty() || missing || ts_node_is_named(node) || field != Field::none || kind != Kind::other;
    const Id parent = open.empty() ? kNoNode : open.back();
    Id id = parent;
    if (keep) {
      id = static_cast<Id>(tree.nodes_.size());
      Node kept;
      kept.kind = kind;
      kept.field = field;
      kept.start = ts_node_start_byte(node);
      kept.end = ts_node_end_byte(node);
      kept.line = ts_node_start_point(node).row + 1;
      kept.parent = parent;
      tree.nodes_.push_back(kept);
      if (parent != kNoNode) {
        Id& before = last.back();
        (before == kNoNode ? tree.nodes_[parent].first : tree.nodes_[before].next) = id;
        before = id;
      }
      if ((kind == Kind::error || missing) && error == kNoNode) {
        error = id;
        tree.errors_.push_back(id);
      }
    }
    // Nothing below a dropped token is of interest: it has no children.
    if (keep && ts_tree_cursor_goto_first_child(&cursor)) {
      open.push_back(id);
      last.push_back(kNoNode);
      continue;
    }
    if (keep) tree.nodes_[id].after = static_cast<Id>(tree.nodes_.size());
    if (keep && error == id) error = kNoNode;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (open.empty() || !ts_tree_cursor_goto_parent(&cursor)) {
        walking = false;
        break;
      }
      const Id closed = open.back();
      tree.nodes_[closed].after = static_cast<Id>(tree.nodes_.size());
      if (error == closed) error = kNoNode;
      open.pop_back();
      last.pop_back();
    }
  }
  ts_tree_cursor_delete(&cursor);
  return tree;
}

Id Tree::child(Id id, Field field) const {
  if (id == kNoNode) return kNoNode;
  for (Id at = nodes_[id].first; at != kNoNode; at = nodes_[at].next) {
    if (nodes_[at].field == field && nodes_[at].kind != Kind::comment) return at;
  }
  return kNoNode;
}

Id Tree::child(Id id, Kind kind) const {
  if (id == kNoNode) return kNoNode;
  for (Id at = nodes_[id].first; at != kNoNode; at = nodes_[at].next) {
    if (nodes_[at].kind == kind) return at;
  }
  return kNoNode;
}

std::vector<Id> Tree::children(Id id) const {
  std::vector<Id> all;
  if (id == kNoNode) return all;
  for (Id at = nodes_[id].first; at != kNoNode; at = nodes_[at].next) {
    if (nodes_[at].kind != Kind::comment) all.push_back(at);
  }
  return all;
}

std::vector<Id> Tree::children(Id id, Field field) const {
  std::vector<Id> all;
  if (id == kNoNode) return all;
  for (Id at = nodes_[id].first; at != kNoNode; at = nodes_[at].next) {
    if (nodes_[at].field == field && nodes_[at].kind != Kind::comment) all.push_back(at);
  }
  return all;
}

Id Tree::around(Id error) const {
  for (Id at = error;; at = nodes_[at].parent) {
    const Id parent = nodes_[at].parent;
    if (parent == kNoNode) return at;
    switch (nodes_[parent].kind) {
      case Kind::module:
      case Kind::block:
      case Kind::class_definition:
      case Kind::decorated_definition:
      case Kind::elif_clause:
      case Kind::else_clause:
      case Kind::except_clause:
      case Kind::except_group_clause:
      case Kind::finally_clause:
      case Kind::for_statement:
      case Kind::function_definition:
      case Kind::if_statement:
      case Kind::match_statement:
      case Kind::try_statement:
      case Kind::while_statement:
      case Kind::with_statement:
        return at;
      default:
        break;
    }
  }
}

Id Tree::at(std::uint32_t byte) const {
  // Nodes stand in source order: the innermost one around the byte is the last that starts there or before,
  // or one above it.
  const auto after = std::upper_bound(nodes_.begin(), nodes_.end(), byte,
                                      [](std::uint32_t at, const Node& node) { return at < node.start; });
  if (after == nodes_.begin()) return root();
  Id found = static_cast<Id>(after - nodes_.begin() - 1);
  while (nodes_[found].parent != kNoNode && nodes_[found].end <= byte) {
    found = nodes_[found].parent;
    spend(1);
  }
  return found;
}

void Tree::spend(std::size_t steps) const {
  static constexpr std::size_t kEnough = 20'000'000;  // some tenths of a second
  spent_ += steps;
  if (spent_ > kEnough) throw Undecided("it takes too long: nested too deeply, or too large");
}

Id Tree::enclosing(Id id, Kind kind) const {
  for (; id != kNoNode && nodes_[id].kind != kind; id = nodes_[id].parent) spend(1);
  return id;
}

std::string Tree::flat_text(Id id, std::size_t limit) const {
  std::string flat;
  std::uint32_t at = nodes_[id].start;
  bool space = false;
  const auto append = [&](std::uint32_t end) {
    for (; at < end && flat.size() <= limit; ++at) {
      const char c = source_[at];
      const bool continued =
          c == '\\' && at + 1 < end && (source_[at + 1] == '\n' || source_[at + 1] == '\r');
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || continued) {
        space = true;
        continue;
      }
      // A break inside brackets or around a dot is layout, not meaning.
      const bool tight = flat.empty() || flat.back() == '(' || flat.back() == '.' || flat.back() == '[' ||
                         c == ')' || c == '.' || c == ']' || c == ',';
      if (space && !tight) flat += ' ';
      space = false;
      flat += c;
    }
  };
  for (Id below = id + 1; below < nodes_[id].after && flat.size() <= limit; ++below) {
    // Only as far as the text goes that is taken.
    if (nodes_[below].start > at + 4 * limit) break;
    if (nodes_[below].kind != Kind::comment) continue;
    append(nodes_[below].start);
    at = nodes_[below].end;
  }
  append(nodes_[id].end);
  if (flat.size() <= limit) return flat;
  flat.resize(limit);
  while (!flat.empty() && (static_cast<unsigned char>(flat.back()) & 0xC0U) == 0x80U) flat.pop_back();
  if (!flat.empty() && (static_cast<unsigned char>(flat.back()) & 0x80U) != 0) flat.pop_back();
  return flat + "…";
}

}  // namespace exitgate::syntax
