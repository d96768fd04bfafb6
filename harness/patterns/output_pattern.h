// What a gate makes of a line that its command wrote.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace exitgate::patterns {

// The line as it is kept: without colours and other terminal sequences, valid UTF-8, without control characters, at most 2,000 bytes.
std::string plain_line(std::string_view line);

inline constexpr std::size_t kLongestLine = 2000;

// A regular expression (RE2) with the named groups file, line, message, hint and key.
class OutputPattern {
 public:
  // Throws UsageError for what is not a regular expression, and for a group of another name.
  explicit OutputPattern(const std::string& pattern);
  ~OutputPattern();

  // JSON of the groups that took part, {"file": "a.c", "line": "3"}; nullopt where the line does not match.
  std::optional<std::string> captures(std::string_view line) const;

 private:
  std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace exitgate::patterns
