#include "harness/asked/pattern.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include "harness/check/check.h"

namespace exitgate::asked {

namespace {

// `^` and `$` are of each line.
constexpr std::string_view kPrefix = "(?m)";
constexpr std::int64_t kMemory = 64LL << 20U;

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

Pattern::Pattern(std::string_view parameter, const std::string& text, PatternOptions options) : text_(text) {
  RE2::Options settings;
  settings.set_log_errors(false);
  settings.set_max_mem(kMemory);
  settings.set_case_sensitive(!options.ignore_case);
  settings.set_never_nl(!options.multiline);
  auto expression = std::make_shared<const RE2>(std::string(kPrefix) + text, settings);
  if (!expression->ok()) {
    std::string why = expression->error();
    if (const auto at = why.find(kPrefix); at != std::string::npos) why.erase(at, kPrefix.size());
    throw check::ParameterError(
        std::string(parameter), fmt::format("parameter '{}' is not a regular expression: {}", parameter, why),
        "the syntax is RE2's: no look-around and no back-references; in YAML, write it in single quotes");
  }
  expression_ = std::move(expression);
}

std::vector<std::string> Pattern::names() const {
  std::vector<std::string> names;
  for (const auto& [name, group] : expression_->NamedCapturingGroups()) names.push_back(name);
  return names;
}

bool Pattern::occurs_in(std::string_view text) const {
  return RE2::PartialMatch(piece(text), *expression_);
}

bool Pattern::matches_all_of(std::string_view text) const {
  return RE2::FullMatch(piece(text), *expression_);
}

bool Pattern::find(std::string_view text, std::size_t from, Span& found) const {
  re2::StringPiece match;
  if (!expression_->Match(piece(text), from, text.size(), RE2::UNANCHORED, &match, 1)) return false;
  found.start = static_cast<std::size_t>(match.data() - text.data());
  found.end = found.start + match.size();
  return true;
}

Json Pattern::captures(std::string_view text, std::size_t start) const {
  auto captured = Json::object();
  const auto& names = expression_->NamedCapturingGroups();
  if (names.empty()) return captured;
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(expression_->NumberOfCapturingGroups()) + 1);
  if (!expression_->Match(piece(text), start, text.size(), RE2::ANCHOR_START, groups.data(),
                          static_cast<int>(groups.size()))) {
    return captured;
  }
  for (const auto& [name, group] : names) {
    const auto& held = groups[static_cast<std::size_t>(group)];
    captured[name] = held.data() == nullptr ? std::string() : std::string(held.data(), held.size());
  }
  return captured;
}

}  // namespace exitgate::asked
