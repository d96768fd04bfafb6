#include "harness/collect/migrations/code_text.h"

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// In lower case, and whole on its line: the words of SQL in a string that goes over several lines (`FROM users`,
// `using b`) are no import.
bool is_import(std::string_view line) {
  const auto begins = [&](std::string_view word) { return line.starts_with(word); };
  const auto upper_at = [&](std::size_t at) { return at < line.size() && is_upper(line[at]); };
  if (begins("import ")) return true;                                           // of most languages
  if (begins("from ")) return line.find(" import ") != std::string_view::npos;  // Python
  if (begins("using ")) return upper_at(6) && line.ends_with(';');              // C#
  if (begins("use "))
    return line.ends_with(';') && (upper_at(4) || line.find("::") != std::string_view::npos);
  if (begins("require ") || begins("require_relative ")) return true;  // Ruby
  if (begins("const ") || begins("var ") || begins("let "))            // CommonJS
    return line.find(" = require(") != std::string_view::npos &&
           (line.ends_with("')") || line.ends_with("\")") || line.ends_with("');") || line.ends_with("\");"));
  return false;
}

// Not an attribute of Rust's, nor a private member of JavaScript's.
bool is_hash_comment(std::string_view line) {
  return line == "#" || line.starts_with("# ") || line.starts_with("##") || line.starts_with("#!/");
}

}  // namespace

std::string without_comments_and_imports(std::string_view text) {
  std::string code;
  bool in_comment = false;
  for (const auto& whole : split(text, '\n')) {
    const std::string_view line = trim(whole);
    if (!in_comment && line.starts_with("/*")) in_comment = true;
    if (in_comment) {
      const std::size_t end = line.find("*/");
      if (end == std::string_view::npos) continue;
      in_comment = false;
      if (end + 2 == line.size()) continue;
      code += line;  // code behind a comment
      code += '\n';
      continue;
    }
    if (line.empty() || line.starts_with("//") || is_hash_comment(line) || line.starts_with("--") ||
        is_import(line))
      continue;
    code += line;
    code += '\n';
  }
  return code;
}

}  // namespace exitgate::collect
