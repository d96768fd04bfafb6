#include "harness/collect/ci/gitlab/input_functions.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"

namespace exitgate::collect::ci::gitlab {

namespace {

// "truncate(4, 8)": offset and length.
std::optional<std::pair<std::size_t, std::size_t>> truncation(std::string_view call) {
  constexpr std::string_view kName = "truncate(";
  if (!call.starts_with(kName)) return std::nullopt;
  std::string_view rest = call.substr(kName.size());
  if (rest.ends_with(')')) rest.remove_suffix(1);
  const std::size_t comma = rest.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text) -> std::optional<std::size_t> {
    text = trim(text);
    std::size_t value = 0;
    if (text.empty() || text.size() > 9) return std::nullopt;
    for (const char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + static_cast<std::size_t>(c - '0');
    }
    return value;
  };
  const auto offset = number(rest.substr(0, comma));
  const auto length = number(rest.substr(comma + 1));
  if (!offset || !length) return std::nullopt;
  return std::pair(*offset, *length);
}

// By characters, not bytes.
std::string part(std::string_view text, std::size_t offset, std::size_t length) {
  std::string taken;
  std::size_t characters = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++characters;
    if (characters > offset && characters - offset <= length) taken += c;
  }
  return taken;
}

// As Ruby's Shellwords.escape.
std::string shell_escape(std::string_view text) {
  if (text.empty()) return "''";
  std::string escaped;
  for (const char c : text) {
    constexpr std::string_view kPlain = "_-.,:+/@";
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80U;
    if (c == '\n') {
      escaped += "'\n'";
      continue;
    }
    if (!plain) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// "$NAME", "${NAME}" or "%NAME%".
bool names_variable(std::string_view text) {
  for (std::size_t at = text.find_first_of("$%"); at != std::string_view::npos;
       at = text.find_first_of("$%", at + 1)) {
    std::size_t next = at + 1;
    if (text[at] == '$' && next < text.size() && text[next] == '{') ++next;
    if (next < text.size() && (text[next] == '_' || (text[next] >= 'a' && text[next] <= 'z') ||
                               (text[next] >= 'A' && text[next] <= 'Z')))
      return true;
  }
  return false;
}

}  // namespace

bool is_input_function(std::string_view call) {
  return call == "expand_vars" || call == "posix_escape" || truncation(call).has_value();
}

std::optional<std::string> call_input_function(std::string_view call, std::string_view text) {
  if (const auto cut = truncation(call)) return part(text, cut->first, cut->second);
  if (call == "posix_escape") return shell_escape(text);
  if (names_variable(text)) return std::nullopt;
  return std::string(text);
}

}  // namespace exitgate::collect::ci::gitlab
