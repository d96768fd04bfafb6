#include "harness/observe/parameters.h"

#include "harness/base/text.h"

namespace exitgate::observe {

std::vector<std::optional<std::string>> parameters_of(std::string_view detail) {
  std::vector<std::optional<std::string>> parameters;
  constexpr std::string_view kIntroduction = "arameters: ";
  if (detail.size() < 2 || !detail.substr(1).starts_with(kIntroduction)) return parameters;
  detail.remove_prefix(1 + kIntroduction.size());
  while (!detail.empty()) {
    const std::size_t equals = detail.find(" = ");
    if (equals == std::string_view::npos) break;
    detail.remove_prefix(equals + 3);
    if (!detail.starts_with('\'')) {
      parameters.emplace_back(std::nullopt);
      detail.remove_prefix(std::min(detail.find(", "), detail.size()));
      continue;
    }
    std::string value;
    std::size_t at = 1;
    while (at < detail.size()) {
      if (detail[at] == '\'') {
        if (at + 1 >= detail.size() || detail[at + 1] != '\'') break;
        ++at;
      }
      value += detail[at++];
    }
    parameters.emplace_back(valid_utf8(value));
    detail.remove_prefix(std::min(at + 1, detail.size()));
  }
  return parameters;
}

std::string prepared_of(std::string_view detail) {
  if (!detail.starts_with("prepare: ")) return "";
  // A name or a type may hold the word only in quotes.
  bool quoted = false;
  const std::string lowered = lower(detail);
  for (std::size_t at = 1; at + 3 < detail.size(); ++at) {
    if (detail[at] == '"') quoted = !quoted;
    const auto is_blank = [&](std::size_t where) {
      return std::string_view(" \t\r\n()").find(detail[where]) != std::string_view::npos;
    };
    if (!quoted && lowered.compare(at, 2, "as") == 0 && is_blank(at - 1) && is_blank(at + 2))
      return valid_utf8(detail.substr(at + 2));
  }
  return "";
}

std::string savepoint_of(std::string_view statement) {
  std::string words;
  for (const char c : statement) words += c == '\n' || c == '\t' || c == '\r' || c == ';' ? ' ' : c;
  words = " " + words + " ";
  const std::string lowered = lower(words);
  std::size_t at = lowered.find(" to ");
  std::size_t length = std::string_view(" to ").size();
  if (const std::size_t found = lowered.find(" savepoint "); found != std::string::npos) {
    at = found;
    length = std::string_view(" savepoint ").size();
  }
  if (at == std::string::npos) return "";
  const std::string name(trim(std::string_view(words).substr(at + length)));
  return name.starts_with('"') ? name : lower(name);
}

}  // namespace exitgate::observe
