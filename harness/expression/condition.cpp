#include "harness/expression/condition.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace exitgate::expression {

namespace {

constexpr std::string_view kOpen = "${{";

// Offset behind the closing `}}`. Those inside a string literal do not count.
std::size_t end_of_expression(std::string_view text, std::size_t open) {
  bool quoted = false;
  for (std::size_t i = open + kOpen.size() + 1; i < text.size(); ++i) {
    if (text[i - 1] == '\'') quoted = !quoted;
    if (!quoted && text[i] == '}' && text[i - 1] == '}') return i + 1;
  }
  throw SyntaxError("The expression is not closed: '${{' without '}}'");
}

// A brace is doubled in a format string.
void append_escaped(std::string& pattern, std::string_view text) {
  for (const char c : text) {
    pattern += c;
    if (c == '{' || c == '}') pattern += c;
  }
}

}  // namespace

bool has_expression(std::string_view text) {
  return text.find(kOpen) != std::string_view::npos;
}

Node read_template(std::string_view text, const Syntax& syntax) {
  std::string pattern;
  Node format{NodeKind::call, {}, "format", {}};
  format.children.emplace_back();
  std::size_t at = 0;
  while (true) {
    const std::size_t open = text.find(kOpen, at);
    append_escaped(pattern, text.substr(at, open - at));
    if (open == std::string_view::npos) break;
    at = end_of_expression(text, open);
    Node tree = parse(text.substr(open + kOpen.size(), at - 2 - open - kOpen.size()), syntax);
    if (open == 0 && at == text.size()) return tree;
    pattern += fmt::format("{{{}}}", format.children.size() - 1);
    format.children.push_back(std::move(tree));
  }
  if (format.children.size() == 1) return Node{NodeKind::literal, Value(std::string(text)), "", {}};
  format.children[0].value = Value(std::move(pattern));
  return format;
}

Condition read_condition(const std::optional<std::string>& text, const Syntax& syntax) {
  Condition condition;
  if (!text || trim(*text).empty()) return condition;
  if (has_expression(*text)) {
    condition.tree = read_template(*text, syntax);
    condition.mixed = !(text->starts_with(kOpen) && end_of_expression(*text, 0) == text->size());
  } else {
    condition.tree = parse(*text, syntax);
  }
  condition.implied_success = !calls_status(condition.tree);
  return condition;
}

}  // namespace exitgate::expression
