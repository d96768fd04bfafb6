#include "harness/patterns/output_pattern.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::patterns {

namespace {

constexpr char kEscape = '\x1b';

// Behind a terminal's sequence that begins at `at`, which is an escape character.
std::size_t end_of_sequence(std::string_view line, std::size_t at) {
  std::size_t next = at + 1;
  if (next >= line.size()) return next;
  if (line[next] == '[') {  // CSI: parameters, and one letter
    ++next;
    while (next < line.size() && (line[next] < '@' || line[next] > '~')) ++next;
    return std::min(next + 1, line.size());
  }
  if (line[next] == ']') {  // OSC: to the bell, or to ESC backslash
    while (next < line.size() && line[next] != '\a' && line[next] != kEscape) ++next;
    if (next < line.size() && line[next] == kEscape) ++next;
    return std::min(next + 1, line.size());
  }
  return next + 1;
}

}  // namespace

std::string plain_line(std::string_view line) {
  std::string plain;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == kEscape) {
      at = end_of_sequence(line, at);
    } else {
      const char byte = line[at++];
      if (byte == '\r' && at == line.size()) break;
      plain += byte == '\t' ? ' ' : byte;
    }
  }
  plain = printable(plain);
  if (plain.size() <= kLongestLine) return plain;
  std::size_t end = kLongestLine;
  while (end > 0 && (static_cast<unsigned char>(plain[end]) & 0xC0U) == 0x80U) --end;
  plain.resize(end);
  return plain;
}

OutputPattern::OutputPattern(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  pattern_ = std::make_unique<re2::RE2>(pattern, options);
  if (!pattern_->ok())
    throw UsageError(fmt::format("it is not a regular expression: {}", pattern_->error()),
                     "the syntax is RE2's: no look-ahead, no back-references");
  const std::vector<std::string> known = {"file", "line", "message", "hint", "key"};
  for (const auto& [name, index] : pattern_->NamedCapturingGroups()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw UsageError(fmt::format("it has a group '{}'{}", name, did_you_mean(name, known)),
                       fmt::format("named groups are {}", join(known, ", ")));
  }
}

OutputPattern::~OutputPattern() = default;

std::optional<std::string> OutputPattern::captures(std::string_view line) const {
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern_->NumberOfCapturingGroups()) + 1);
  const re2::StringPiece text(line.data(), line.size());
  if (!pattern_->Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size())))
    return std::nullopt;
  Json captured = Json::object();
  for (const auto& [name, index] : pattern_->NamedCapturingGroups()) {
    const auto& group = groups[static_cast<std::size_t>(index)];
    if (group.data() != nullptr) captured[name] = valid_utf8({group.data(), group.size()});
  }
  return captured.dump();
}

}  // namespace exitgate::patterns
