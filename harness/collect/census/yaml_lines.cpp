#include "harness/collect/census/yaml_lines.h"

#include "harness/base/text.h"

namespace exitgate::collect::census {

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

std::string_view code_of(std::string_view text) {
  for (auto at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
    if (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t') return trim(text.substr(0, at));
  }
  return trim(text);
}

Entry entry_of(std::string_view line, int indent) {
  Entry entry;
  entry.column = indent;
  std::string_view rest = line.substr(static_cast<std::size_t>(indent));
  while (rest.starts_with("- ") || rest == "-") {
    entry.dash = true;
    const auto next = rest.find_first_not_of(' ', 1);
    if (next == std::string_view::npos) return entry;
    entry.column += static_cast<int>(next);
    rest.remove_prefix(next);
  }
  const auto code = code_of(rest);
  std::size_t colon = code.find(':');
  if (!code.empty() && (code.front() == '"' || code.front() == '\'')) {
    const auto quote = code.find(code.front(), 1);
    if (quote == std::string_view::npos) return entry;
    colon = code.find(':', quote);
  }
  if (colon == std::string_view::npos || (colon + 1 < code.size() && code[colon + 1] != ' ')) {
    entry.value = code;
    return entry;
  }
  entry.key = unquoted(code.substr(0, colon));
  entry.value = trim(code.substr(colon + 1));
  if (entry.key.find_first_of(" {}[]$\"") != std::string_view::npos) entry.key = {};
  return entry;
}

bool begins_scalar(std::string_view value) {
  if (value.empty() || (value.front() != '|' && value.front() != '>')) return false;
  return value.size() <= 3 && value.find_first_not_of("|>+-0123456789") == std::string_view::npos;
}

}  // namespace exitgate::collect::census
