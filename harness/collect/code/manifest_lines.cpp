#include "harness/collect/code/manifest_lines.h"

#include <algorithm>
#include <cctype>

namespace exitgate::collect::code {

namespace {

// Counts from 1; 0 for none.
int line_with(std::string_view content, std::string_view name) {
  int line = 1;
  std::size_t seen = 0;
  for (std::size_t at = content.find(name); at != std::string_view::npos; at = content.find(name, at + 1)) {
    line += static_cast<int>(std::count(content.begin() + static_cast<std::ptrdiff_t>(seen),
                                        content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    seen = at;
    const std::size_t end = at + name.size();
    if (at > 0 && is_in_name(content[at - 1])) continue;
    if (end < content.size() && is_in_name(content[end])) continue;
    const std::size_t start = content.rfind('\n', at) + 1;  // of npos: 0
    if (content.substr(start, at - start).find('#') != std::string_view::npos) continue;
    return line;
  }
  return 0;
}

}  // namespace

bool is_in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/' ||
         c == '@' || c == ':';
}

void add_dependencies(const Language& language, std::string_view content, FileFacts& facts) {
  for (const auto& framework : language.frameworks) {
    for (const auto& name : framework.dependencies) {
      const int line = line_with(content, name);
      if (line == 0) continue;
      facts.frameworks.push_back(
          {framework.name, language.name, line, facts::code::FrameworkEvidence::dependency});
      break;
    }
  }
}

}  // namespace exitgate::collect::code
