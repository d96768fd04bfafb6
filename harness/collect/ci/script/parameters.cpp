#include <algorithm>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/collect/ci/script/interpreter.h"

namespace exitgate::collect::ci::script {

namespace {

std::string unknown(bool looked) {
  return looked ? std::string{kLooked, kUnknown} : std::string(1, kUnknown);
}

// `y` of ${x:-y}; nothing where more than its text decides.
std::optional<std::string> default_of(std::string_view rest) {
  rest.remove_prefix(rest.starts_with(':') ? 2 : 1);
  if (rest.size() > 1 && rest.front() == '"' && rest.back() == '"') rest = rest.substr(1, rest.size() - 2);
  if (rest.find_first_of("$`\"'\\") != std::string_view::npos) return std::nullopt;
  return std::string(rest);
}

std::string count_of(const std::string& array, const State& state) {
  const auto found = state.variables.find(array);
  if (found == state.variables.end() || is_unknown(found->second)) return unknown(false);
  const auto words = split(found->second, ' ');
  return std::to_string(
      std::count_if(words.begin(), words.end(), [](const auto& one) { return !plain(one).empty(); }));
}

}  // namespace

std::string parameter_value(const std::string& name, const State& state) {
  if (name == "?") return std::to_string(state.status);
  if (name == "#") return std::to_string(state.arguments.size());
  if (name == "@" || name == "*") return join(state.arguments, " ");
  if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
    const auto number = static_cast<std::size_t>(name[0] - '1');
    return number < state.arguments.size() ? state.arguments[number] : "";
  }
  std::size_t end = 0;
  while (end < name.size() && is_word_char(name[end])) ++end;
  const std::string key = name.substr(0, end);
  const std::string rest = name.substr(end);
  if (key.empty() && name.starts_with("#") && name.ends_with("[@]"))
    return count_of(name.substr(1, name.size() - 4), state);
  const auto found = state.variables.find(key);
  // What the environment holds beside what is known of it.
  const bool known = found != state.variables.end();
  std::string value = known ? found->second : unknown(false);
  if (rest.empty() || rest == "[@]" || rest == "[*]") return value;
  if (rest.starts_with(":-") || rest.starts_with("-") || rest.starts_with(":=")) {
    if (known && (!plain(value).empty() || is_unknown(value))) return value;
    if (known && rest.starts_with("-")) return value;
    return default_of(rest).value_or(unknown(false));
  }
  if (rest == ",,") return lower(value);
  return unknown(is_looked(value));
}

}  // namespace exitgate::collect::ci::script
