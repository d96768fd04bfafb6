#include <fmt/core.h>

#include <cctype>
#include <string_view>

#include "harness/yaml/parser.h"

namespace exitgate::yaml {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

}  // namespace

std::string Parser::read_anchor_name(const char* what) {
  cursor_.advance();
  const std::size_t begin = cursor_.offset();
  while (!is_space_or_end(cursor_.peek()) && !is_flow_indicator(cursor_.peek())) cursor_.advance();
  const std::string_view name = cursor_.since(begin);
  if (name.empty()) cursor_.fail(fmt::format("{} without a name", what));
  if (word_anchors_) {
    std::size_t at = 0;
    while (at < name.size() && (is_word(name[at]) || name[at] == '_')) ++at;
    // What these readers let end a name goes on being read as a part of it.
    constexpr std::string_view kEnds = "?:%@`";
    if (at < name.size() && (at == 0 || kEnds.find(name[at]) == std::string_view::npos)) {
      cursor_.fail(
          fmt::format("{} named '{}': a name may only hold letters, digits, '-' and '_'", what, name));
    }
  }
  return std::string(name);
}

std::string Parser::read_tag() {
  const Place place = cursor_.place();
  const std::size_t begin = cursor_.offset();
  cursor_.advance();
  if (cursor_.peek() == '<') {
    const std::string_view rest = cursor_.rest();
    const std::size_t end = rest.find_first_of("> \t\n");
    if (end == std::string_view::npos || rest[end] != '>' || end == 1) {
      Cursor::fail(place, "a tag '!<' without its '>'");
    }
    cursor_.advance(end + 1);
    return std::string(rest.substr(1, end - 1));
  }
  while (!is_space_or_end(cursor_.peek()) && !is_flow_indicator(cursor_.peek())) cursor_.advance();
  const std::string_view tag = cursor_.since(begin);
  if (tag == "!") return "!";
  // "!handle!suffix", "!!suffix" or "!suffix"
  std::size_t at = 1;
  while (at < tag.size() && is_word(tag[at])) ++at;
  const bool named = at < tag.size() && tag[at] == '!';
  const std::string handle(tag.substr(0, named ? at + 1 : 1));
  const std::string_view suffix = tag.substr(handle.size());
  if (suffix.empty() || suffix.find('!') != std::string_view::npos) {
    Cursor::fail(place, fmt::format("'{}' is not a tag", tag));
  }
  if (const auto found = handles_.find(handle); found != handles_.end()) {
    return found->second + std::string(suffix);
  }
  if (handle == "!!") return std::string(kCorePrefix) + std::string(suffix);
  if (handle == "!") return std::string(tag);
  Cursor::fail(place, fmt::format("the tag '{}' has a prefix that no %TAG declares", tag));
}

void Parser::read_property(Properties& properties) {
  const Place place = cursor_.place();
  if (properties.empty()) properties.place = place;
  if (cursor_.peek() == '&') {
    if (!properties.anchor.empty()) cursor_.fail("a second anchor on one node");
    properties.anchor = read_anchor_name("an anchor");
    document_.open_anchor(properties);
  } else {
    if (!properties.tag.empty()) cursor_.fail("a second tag on one node");
    properties.tag_place = place;
    properties.tag = read_tag();
  }
  const char next = cursor_.peek();
  if (!is_space_or_end(next) && (next == '[' || next == '{')) {
    cursor_.fail("no white space between an anchor or a tag and its node");
  }
}

Node Parser::alias(const Properties& properties) {
  const Place place = cursor_.place();
  if (!properties.empty()) Cursor::fail(properties.place, "an alias with an anchor or a tag of its own");
  return document_.alias(place, read_anchor_name("an alias"));
}

}  // namespace exitgate::yaml
