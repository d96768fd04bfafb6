#include <fmt/core.h>

#include <utility>

#include "harness/yaml/parser.h"
#include "harness/yaml/scalars.h"

namespace exitgate::yaml {

namespace {

// After such a node a ':' is the end of a key whatever follows, as in JSON.
bool begins_as_in_json(char c) {
  return c == '"' || c == '\'' || c == '[' || c == '{';
}

}  // namespace

void Parser::flow_gap(int parent) {
  const Gap gap = cursor_.skip_gap();
  if (!gap.newline || cursor_.at_end()) return;
  if (cursor_.at_document_marker()) cursor_.fail("a new document within a flow collection");
  if (gap.indent > parent) return;
  // The specification asks for one space more, but everybody writes the closing bracket below the key, and
  // GitHub reads it.
  const bool closes = cursor_.peek() == ']' || cursor_.peek() == '}';
  if (closes && gap.indent == parent && !gap.tab) return;
  cursor_.fail("a line of a flow collection is not indented far enough");
}

bool Parser::flow_key_ends(bool adjacent) const {
  return cursor_.peek() == ':' &&
         (adjacent || is_space_or_end(cursor_.peek(1)) || is_flow_indicator(cursor_.peek(1)));
}

void Parser::flow_separator(char close, const Place& opened) {
  if (cursor_.peek() == ',') {
    cursor_.advance();
  } else if (cursor_.at_end()) {
    Cursor::fail(opened, close == ']' ? "a list is not closed" : "a mapping is not closed");
  } else if (cursor_.peek() != close) {
    cursor_.fail(fmt::format("neither ',' nor '{}'", close));
  }
}

Node Parser::flow_sequence(int parent, const Properties& properties) {
  const Place opened = cursor_.place();
  Node list = document_.begin_collection(Kind::sequence, opened, properties);
  cursor_.advance();
  for (;;) {
    flow_gap(parent);
    if (cursor_.peek() == ']') break;
    if (cursor_.peek() == ',') cursor_.fail("an entry is missing before ','");
    const Place place = cursor_.place();
    const bool explicit_key = cursor_.peek() == '?' && (is_space_or_end(cursor_.peek(1)));
    if (explicit_key || flow_key_ends(false)) {
      list.items.push_back(single_pair(parent, std::nullopt, place));
    } else if (!cursor_.at_end()) {
      const char first = cursor_.peek();
      const std::size_t begin = cursor_.offset();
      Node node = flow_node(parent);
      const bool adjacent = begins_as_in_json(first);
      flow_gap(parent);
      if (flow_key_ends(adjacent)) {
        const Key key{std::move(node), place, begin};
        check_key(key);
        list.items.push_back(single_pair(parent, key.node, place));
      } else {
        list.items.push_back(std::move(node));
      }
    }
    flow_gap(parent);
    flow_separator(']', opened);
  }
  cursor_.advance();
  return document_.finish_collection(std::move(list), properties);
}

// A pair within a list is a mapping of one entry. The cursor is at its '?' or at its ':' behind `key`.
Node Parser::single_pair(int parent, std::optional<Node> key, const Place& place) {
  Node mapping = document_.begin_collection(Kind::mapping, place, Properties{});
  Keys keys(document_.limits());
  if (cursor_.peek() == '?') {
    flow_pair(parent, mapping, keys, ']');
  } else {
    if (!key) key = document_.nothing(place, Properties{});
    cursor_.advance();
    Node value = flow_value(parent);
    mapping.entries.push_back(Entry{std::move(*key), std::move(value)});
  }
  return document_.finish_collection(std::move(mapping), Properties{});
}

Node Parser::flow_mapping(int parent, const Properties& properties) {
  const Place opened = cursor_.place();
  Node mapping = document_.begin_collection(Kind::mapping, opened, properties);
  Keys keys(document_.limits());
  cursor_.advance();
  for (;;) {
    flow_gap(parent);
    if (cursor_.peek() == '}') break;
    if (cursor_.peek() == ',') cursor_.fail("an entry is missing before ','");
    if (!cursor_.at_end()) flow_pair(parent, mapping, keys, '}');
    flow_gap(parent);
    flow_separator('}', opened);
  }
  cursor_.advance();
  return document_.finish_collection(std::move(mapping), properties);
}

void Parser::flow_pair(int parent, Node& mapping, Keys& keys, char close) {
  const Place place = cursor_.place();
  const bool explicit_key = cursor_.peek() == '?' && is_space_or_end(cursor_.peek(1));
  if (explicit_key) {
    cursor_.advance();
    flow_gap(parent);
  }
  bool adjacent = false;
  Node key;
  const char first = cursor_.peek();
  if (flow_key_ends(false) || (explicit_key && (first == ',' || first == close))) {
    key = document_.nothing(cursor_.place(), Properties{});
  } else {
    adjacent = begins_as_in_json(first);
    key = flow_node(parent);
  }
  if (!key.is_scalar()) Cursor::fail(place, "a list or a mapping as a key");
  keys.add(key, mapping);
  flow_gap(parent);
  Node value;
  if (flow_key_ends(adjacent)) {
    cursor_.advance();
    value = flow_value(parent);
  } else {
    value = document_.nothing(cursor_.place(), Properties{});
  }
  mapping.entries.push_back(Entry{std::move(key), std::move(value)});
}

Node Parser::flow_value(int parent) {
  flow_gap(parent);
  const char c = cursor_.peek();
  if (c == ',' || c == ']' || c == '}' || cursor_.at_end()) {
    return document_.nothing(cursor_.place(), Properties{});
  }
  return flow_node(parent);
}

Node Parser::flow_node(int parent) {
  Properties properties;
  const Place begin = cursor_.place();
  while (cursor_.peek() == '&' || cursor_.peek() == '!') {
    read_property(properties);
    flow_gap(parent);
  }
  const Place place = cursor_.place();
  const char c = cursor_.peek();
  if (c == '*') return alias(properties);
  if (c == '[') return flow_sequence(parent, properties);
  if (c == '{') return flow_mapping(parent, properties);
  if (c == '"') return document_.scalar(place, read_double_quoted(cursor_, parent), false, properties);
  if (c == '\'') return document_.scalar(place, read_single_quoted(cursor_, parent), false, properties);
  const bool ends = cursor_.at_end() || c == ',' || c == ']' || c == '}' || flow_key_ends(false);
  if (ends && !properties.empty()) return document_.nothing(begin, properties);
  if (!begins_plain(cursor_, true)) cursor_.fail(fmt::format("'{}' cannot begin a value", c));
  std::string text = read_plain_line(cursor_, true);
  read_plain_rest(cursor_, parent, true, text);
  return document_.scalar(place, std::move(text), true, properties);
}

}  // namespace exitgate::yaml
