#include <fmt/core.h>

#include <utility>

#include "harness/yaml/parser.h"
#include "harness/yaml/scalars.h"

namespace exitgate::yaml {

namespace {

constexpr std::string_view kTabIndents = "a tab where spaces must indent";

bool clash(const Properties& above, const Properties& beside) {
  return (!above.anchor.empty() && !beside.anchor.empty()) || (!above.tag.empty() && !beside.tag.empty());
}

// The properties of a node that stand on lines above it, and those on its own line.
Properties merged(const Properties& above, const Properties& beside) {
  if (above.empty()) return beside;
  if (beside.empty()) return above;
  Properties both = above;
  if (!beside.anchor.empty()) {
    if (!above.anchor.empty()) Cursor::fail(beside.place, "a second anchor on one node");
    both.anchor = beside.anchor;
  }
  if (!beside.tag.empty()) {
    if (!above.tag.empty()) Cursor::fail(beside.tag_place, "a second tag on one node");
    both.tag = beside.tag;
    both.tag_place = beside.tag_place;
  }
  return both;
}

}  // namespace

bool Parser::begin_block_node(int parent, Role role, Start& start) {
  Gap gap = cursor_.skip_gap();
  start.own_line = gap.newline;
  start.place = cursor_.place();
  for (;;) {
    bool nothing = cursor_.at_end() || (gap.newline && cursor_.at_document_marker());
    if (gap.newline && gap.indent <= parent) {
      const bool list_beside_key = (role == Role::value || role == Role::part) && gap.indent == parent &&
                                   !gap.tab && cursor_.indicates('-');
      nothing = nothing || !list_beside_key;
    }
    if (nothing) return false;
    if (start.beside.empty()) start.tab = gap.tab;
    if (cursor_.peek() != '&' && cursor_.peek() != '!') break;
    read_property(start.beside);
    start.place = cursor_.place();
    gap = cursor_.skip_gap();
    if (!gap.newline && !gap.blank && !cursor_.at_end()) {
      cursor_.fail("no white space between an anchor or a tag and its node");
    }
    if (gap.newline) {
      start.own_line = true;
      start.above = merged(start.above, start.beside);
      start.beside = Properties{};
    }
  }
  start.place = cursor_.place();
  return true;
}

void Parser::check_collection(const Start& start, Role role, std::string_view what) const {
  const bool may_begin = start.own_line || role == Role::entry || role == Role::part;
  if (!may_begin) cursor_.fail(fmt::format("{} cannot begin on this line", what));
  if (start.tab) cursor_.fail(std::string(kTabIndents));
}

Node Parser::block_node(int parent, Role role) {
  Start start;
  if (!begin_block_node(parent, role, start)) {
    return document_.nothing(start.place, merged(start.above, start.beside));
  }
  const Properties& beside = start.beside;
  for (const auto& [indicator, what] : {std::pair('-', "a list"), std::pair('?', "a mapping")}) {
    if (!cursor_.indicates(indicator)) continue;
    check_collection(start, role, what);
    if (!beside.empty()) {
      Cursor::fail(beside.place, fmt::format("an anchor or a tag before the '{}' of {}", indicator, what));
    }
    return indicator == '-' ? block_sequence(start.place, start.above)
                            : block_mapping(std::nullopt, start.place, start.above);
  }
  if (cursor_.peek() == '|' || cursor_.peek() == '>') {
    std::string text = read_block_scalar(cursor_, parent);
    return document_.scalar(start.place, std::move(text), false, merged(start.above, beside));
  }
  return line_node(parent, role, start);
}

// A node that begins on this line is the first key of a mapping when a ':' follows, and has then only the
// properties beside it; those above are the mapping's.
Node Parser::line_node(int parent, Role role, const Start& start) {
  const Properties& above = start.above;
  const Properties& beside = start.beside;
  Key key{Node{}, start.place, cursor_.offset()};
  const auto as_mapping = [&](Node node) {
    cursor_.skip_blanks();
    if (role == Role::value && !start.own_line) {
      cursor_.fail("a ':' within a value: put the value in quotes, or begin a mapping on the next line");
    }
    check_collection(start, role, "a mapping");
    key.node = std::move(node);
    check_key(key);
    return block_mapping(std::move(key), beside.empty() ? start.place : beside.place, above);
  };
  const auto scalar = [&](std::string text, bool plain) {
    if (ends_key()) return as_mapping(document_.scalar(start.place, std::move(text), plain, beside));
    if (plain) {
      read_plain_rest(cursor_, parent, false, text);
      if (ends_key()) check_key(key);
    }
    return document_.scalar(start.place, std::move(text), plain, merged(above, beside));
  };
  const char c = cursor_.peek();
  if (c == '"') return scalar(read_double_quoted(cursor_, parent), false);
  if (c == '\'') return scalar(read_single_quoted(cursor_, parent), false);
  if (c == '*') {
    Node node = alias(beside);
    if (ends_key()) return as_mapping(std::move(node));
    if (!above.empty()) Cursor::fail(above.place, "an alias with an anchor or a tag of its own");
    return node;
  }
  if (c == '[' || c == '{') {
    // As a key it is refused, once it is read.
    const Properties properties = clash(above, beside) ? beside : merged(above, beside);
    Node node = c == '[' ? flow_sequence(parent, properties) : flow_mapping(parent, properties);
    if (ends_key()) Cursor::fail(start.place, "a list or a mapping as a key");
    merged(above, beside);  // refuses what clashes
    return node;
  }
  if (cursor_.indicates(':')) return as_mapping(document_.nothing(start.place, beside));
  if (!begins_plain(cursor_, false)) cursor_.fail(fmt::format("'{}' cannot begin a value", c));
  return scalar(read_plain_line(cursor_, false), true);
}

bool Parser::ends_key() const {
  Cursor ahead = cursor_;
  ahead.skip_blanks();
  return ahead.indicates(':');
}

void Parser::check_key(const Key& key) const {
  if (!key.node.is_scalar()) Cursor::fail(key.place, "a list or a mapping as a key");
  if (cursor_.place().line != key.place.line) {
    Cursor::fail(key.place, "a key over more than one line: a ':' within a string needs quotes around it");
  }
  if (cursor_.offset() - key.begin > kLongestKey) {
    Cursor::fail(key.place, fmt::format("a key of more than {} characters", kLongestKey));
  }
}

bool Parser::next_entry(int column) {
  const Gap gap = cursor_.skip_gap();
  if (cursor_.at_end()) return false;
  if (!gap.newline) cursor_.fail("unexpected text behind a value");
  if (cursor_.at_document_marker() || gap.indent < column) return false;
  if (gap.tab) cursor_.fail(std::string(kTabIndents));
  if (gap.indent > column) cursor_.fail("indented further than its neighbours");
  return true;
}

Node Parser::block_sequence(const Place& place, const Properties& properties) {
  Node list = document_.begin_collection(Kind::sequence, place, properties);
  const int column = place.column - 1;
  do {
    cursor_.advance();
    list.items.push_back(block_node(column, Role::entry));
  } while (next_entry(column) && cursor_.indicates('-'));
  return document_.finish_collection(std::move(list), properties);
}

Node Parser::block_mapping(std::optional<Key> first, const Place& place, const Properties& properties) {
  Node mapping = document_.begin_collection(Kind::mapping, place, properties);
  Keys keys(document_.limits());
  const int column = place.column - 1;
  block_entry(mapping, keys, column, std::move(first));
  while (next_entry(column)) {
    if (cursor_.indicates('-')) cursor_.fail("an entry of a list where a key must stand");
    block_entry(mapping, keys, column, std::nullopt);
  }
  return document_.finish_collection(std::move(mapping), properties);
}

void Parser::block_entry(Node& mapping, Keys& keys, int column, std::optional<Key> key) {
  Node name;
  Role role = Role::value;
  bool has_value = true;
  if (!key && cursor_.indicates('?')) {
    const Place place = cursor_.place();
    cursor_.advance();
    name = block_node(column, Role::part);
    if (!name.is_scalar()) Cursor::fail(place, "a list or a mapping as a key");
    role = Role::part;
    const Cursor before = cursor_;
    has_value = next_entry(column) && cursor_.indicates(':');
    if (!has_value) cursor_ = before;
  } else {
    name = key ? std::move(key->node) : block_key().node;
  }
  keys.add(name, mapping);
  Node value;
  if (has_value) {
    cursor_.advance();  // the ':'
    value = block_node(column, role);
  } else {
    value = document_.nothing(cursor_.place(), Properties{});
  }
  mapping.entries.push_back(Entry{std::move(name), std::move(value)});
}

Parser::Key Parser::block_key() {
  Properties properties;
  while (cursor_.peek() == '&' || cursor_.peek() == '!') {
    read_property(properties);
    if (!is_space_or_end(cursor_.peek())) {
      cursor_.fail("no white space between an anchor or a tag and its node");
    }
    cursor_.skip_blanks();
  }
  const Place place = cursor_.place();
  Key key{Node{}, place, cursor_.offset()};
  const char c = cursor_.peek();
  const int parent = cursor_.column();
  if (c == '*') {
    key.node = alias(properties);
  } else if (c == '"') {
    key.node = document_.scalar(place, read_double_quoted(cursor_, parent), false, properties);
  } else if (c == '\'') {
    key.node = document_.scalar(place, read_single_quoted(cursor_, parent), false, properties);
  } else if (c == '[' || c == '{') {
    cursor_.fail("a list or a mapping as a key");
  } else if (cursor_.indicates(':')) {
    key.node = document_.nothing(place, properties);
  } else {
    if (!begins_plain(cursor_, false)) cursor_.fail(fmt::format("'{}' cannot begin a key", c));
    key.node = document_.scalar(place, read_plain_line(cursor_, false), true, properties);
  }
  cursor_.skip_blanks();
  if (!cursor_.indicates(':')) Cursor::fail(place, "a key without its ':'");
  check_key(key);
  return key;
}

}  // namespace exitgate::yaml
