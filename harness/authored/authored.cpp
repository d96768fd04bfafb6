#include "harness/authored/authored.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "harness/authored/tree_builder.h"
#include "harness/base/text.h"

namespace exitgate::authored {

namespace {

using yaml::Kind;
using yaml::Node;

constexpr std::size_t kShown = 40;  // bytes of a scalar in a message
constexpr std::string_view kAdvice = "quote it, or write it in a simpler form";

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The text from `begin` on: in quotes, on one line, in printable UTF-8, and not longer than a message can bear.
std::string shown(std::string_view text, std::size_t begin) {
  const bool readable = !invalid_utf8(text);
  std::string out = begin > 0 ? "\"…" : "\"";
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (at >= begin + kShown && !continues_character(c)) return out + "…\"";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || (byte >= 0x80 && !readable)) {
      out += fmt::format("\\x{:02X}", byte);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

std::string described(const Node& node, std::size_t begin) {
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::sequence:
      return fmt::format("a list of {}", node.items.size());
    case Kind::mapping:
      return fmt::format("a mapping of {}", node.entries.size());
    default:
      return fmt::format("the {} {}", yaml::kind_name(node.kind), shown(node.text, begin));
  }
}

// Where long texts begin to differ, with a little of what stands before it.
std::size_t difference_of(std::string_view one, std::string_view other) {
  const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  auto begin = static_cast<std::size_t>(ends.first - one.begin());
  if (begin < kShown / 2) return 0;
  begin -= kShown / 4;
  while (begin > 0 && continues_character(one[begin])) --begin;
  return begin;
}

[[noreturn]] void differ(const Node& one, const Node& other) {
  const std::size_t begin = difference_of(one.text, other.text);
  throw yaml::Problem(fmt::format("two YAML readers read this differently, as {} and as {}: {}",
                                  described(one, begin), described(other, begin), kAdvice),
                      one.line, one.column);
}

// Values follow from kind and text, by the one resolution that both readers go through.
void compare(const Node& one, const Node& other) {
  if (one.kind != other.kind || one.text != other.text || one.items.size() != other.items.size() ||
      one.entries.size() != other.entries.size()) {
    differ(one, other);
  }
  for (std::size_t i = 0; i < one.items.size(); ++i) compare(one.items[i], other.items[i]);
  for (std::size_t i = 0; i < one.entries.size(); ++i) {
    compare(one.entries[i].key, other.entries[i].key);
    compare(one.entries[i].value, other.entries[i].value);
  }
}

}  // namespace

Node read(std::string_view text, const yaml::Limits& limits) {
  const Node strict = yaml::parse(text, limits);
  Node root;
  try {
    root = read_with_yaml_cpp(text, limits);
  } catch (const yaml::Problem& problem) {
    throw yaml::Problem(
        fmt::format("two YAML readers read this differently: one reads it, the other says \"{}\": {}",
                    problem.what(), kAdvice),
        problem.line, problem.column);
  }
  compare(strict, root);
  return root;
}

}  // namespace exitgate::authored
