#include "harness/syntax/tree.h"

#include <fmt/core.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include "harness/base/error.h"
#include "harness/syntax/parse.h"

namespace exitgate::syntax {

namespace {

bool contains(const std::vector<Kind>& kinds, Kind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

struct ParserEnd {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};

// A grammar's own numbers, looked up by name once.
struct Grammar {
  std::vector<Kind> kinds;    // by symbol
  std::vector<Field> fields;  // by field id; 0 is "no field"

  explicit Grammar(const Language& language) {
    const TSLanguage* const grammar = language.grammar();
    kinds.assign(ts_language_symbol_count(grammar), Kind::other);
    for (std::uint32_t symbol = 0; symbol < kinds.size(); ++symbol) {
      const Kind kind = kind_named(ts_language_symbol_name(grammar, static_cast<TSSymbol>(symbol)));
      const bool named =
          ts_language_symbol_type(grammar, static_cast<TSSymbol>(symbol)) == TSSymbolTypeRegular;
      // `lambda`, `type` and `none` are names of keywords as well as of what they begin.
      const bool token = contains(language.tokens, kind);
      if (named != token) kinds[symbol] = kind;
    }
    fields.assign(ts_language_field_count(grammar) + 1, Field::other);
    fields[0] = Field::none;
    for (std::uint32_t field = 1; field < fields.size(); ++field)
      fields[field] = field_named(ts_language_field_name_for_id(grammar, static_cast<TSFieldId>(field)));
  }
};

// One for each language that this thread has met, for a parser keeps its language.
struct Reader {
  const Language* language;
  const Grammar* grammar;
  std::unique_ptr<TSParser, ParserEnd> parser;
};

const Grammar& grammar_of(const Language& language) {
  static std::mutex mutex;
  static std::map<const Language*, const Grammar> known;
  const std::lock_guard lock(mutex);
  return known.try_emplace(&language, language).first->second;
}

const Reader& reader_of(const Language& language) {
  thread_local std::vector<Reader> readers;
  for (const auto& reader : readers) {
    if (reader.language == &language) return reader;
  }
  Reader made{&language, &grammar_of(language), std::unique_ptr<TSParser, ParserEnd>(ts_parser_new())};
  if (!ts_parser_set_language(made.parser.get(), language.grammar())) {
    throw Undecided(fmt::format("internal fault: tree-sitter's runtime does not read the {} grammar (ABI 14)",
                                language.name));
  }
  return readers.emplace_back(std::move(made));
}

// The runtime keeps a node's number of children in 16 bits: an error among more tokens than that gives one node with all of
// them, which corrupts its memory. So no more than this may be open at once, as its log tells; nobody writes that.
constexpr std::int64_t kMostOpen = 60'000;

// At most so many tokens are in a text, those without characters (the end of a line, its indentation) included.
bool may_have_more_tokens(std::string_view source) {
  std::int64_t tokens = 0;
  bool in_word = false;
  for (const char c : source) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (c == '\n') {
      tokens += 2;
    } else if (word ? !in_word : c != ' ') {
      ++tokens;
    }
    in_word = word;
  }
  return tokens > kMostOpen;
}

// What is open while a text is parsed. Tokens that an error skips are never taken off, so it is rather too much.
struct Watch {
  std::int64_t open = 0;
  std::size_t cancel = 0;  // the runtime looks at it every hundred steps

  static void log(void* payload, TSLogType type, const char* message) {
    if (type != TSLogTypeParse) return;
    auto& watch = *static_cast<Watch*>(payload);
    const std::string_view text = message;
    if (text.starts_with("shift") || text.starts_with("skip_token")) {
      ++watch.open;
    } else if (text.starts_with("reduce")) {
      constexpr std::string_view kCount = "child_count:";
      const std::size_t at = text.find(kCount);
      if (at != std::string_view::npos) watch.open -= std::atoi(message + at + kCount.size()) - 1;
    }
    if (watch.open > kMostOpen) watch.cancel = 1;
  }
};

}  // namespace

void TreeEnd::operator()(TSTree* tree) const {
  ts_tree_delete(tree);
}

std::unique_ptr<TSTree, TreeEnd> parse_source(std::string_view source, const Language& language,
                                              std::uint64_t limit_microseconds) {
  const auto& parser = reader_of(language).parser;
  ts_parser_reset(parser.get());
  ts_parser_set_timeout_micros(parser.get(), limit_microseconds);
  Watch watch;
  const bool watched = may_have_more_tokens(source);
  if (watched) {
    ts_parser_set_logger(parser.get(), TSLogger{&watch, Watch::log});
    ts_parser_set_cancellation_flag(parser.get(), &watch.cancel);
  }
  std::unique_ptr<TSTree, TreeEnd> parsed(ts_parser_parse_string(parser.get(), nullptr, source.data(),
                                                                 static_cast<std::uint32_t>(source.size())));
  if (watched) {
    ts_parser_set_logger(parser.get(), TSLogger{nullptr, nullptr});
    ts_parser_set_cancellation_flag(parser.get(), nullptr);
  }
  return parsed;
}

std::optional<Tree> Tree::parse(std::string_view source, const Language& language,
                                std::uint64_t limit_microseconds) {
  const Grammar& names = *reader_of(language).grammar;
  const auto parsed = parse_source(source, language, limit_microseconds);
  if (!parsed) return std::nullopt;

  Tree tree;
  tree.language_ = &language;
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
    if (contains(language_->statement_lists, nodes_[parent].kind)) return at;
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
