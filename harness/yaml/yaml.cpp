#include "harness/yaml/yaml.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/yaml/parser.h"

namespace exitgate::yaml {

namespace {

[[noreturn]] void fail_at(std::string_view text, std::size_t offset, const std::string& message) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::size_t column = newline == std::string_view::npos ? offset : offset - newline - 1;
  throw Problem(message, static_cast<int>(line) + 1, static_cast<int>(column) + 1);
}

// What YAML calls not printable: control characters but for the tab and the line breaks.
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

void check_bytes(std::string_view text) {
  if (const auto offset = invalid_utf8(text)) fail_at(text, *offset, "not valid UTF-8");
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control != text.end()) {
    fail_at(text, static_cast<std::size_t>(control - text.begin()),
            fmt::format("control character U+{:04X}", static_cast<unsigned>(*control)));
  }
}

// CR and CR LF are line breaks like LF.
std::string with_line_feeds(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      clean += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      clean += '\n';
    }
  }
  return clean;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::real:
      return "number";
    case Kind::string:
      return "string";
    case Kind::sequence:
      return "list";
    case Kind::mapping:
      return "mapping";
  }
  return "unknown";
}

const Node* Node::find(std::string_view key) const {
  if (index.size() != entries.size()) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.key.text == key; });
    return found == entries.end() ? nullptr : &found->value;
  }
  const auto found = std::lower_bound(
      index.begin(), index.end(), key,
      [&](std::uint32_t at, std::string_view wanted) { return entries[at].key.text < wanted; });
  if (found == index.end() || entries[*found].key.text != key) return nullptr;
  return &entries[*found].value;
}

Node parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    throw Problem(fmt::format("{} bytes: larger than the limit of {}", text.size(), limits.bytes), 1, 1);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  check_bytes(text);
  std::string clean;
  if (text.find('\r') != std::string_view::npos) {
    clean = with_line_feeds(text);
    text = clean;
  }
  return Parser(text, limits).parse();
}

}  // namespace exitgate::yaml
