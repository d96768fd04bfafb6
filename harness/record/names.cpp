#include "harness/record/names.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/record/name_key.h"

namespace exitgate::record {

std::string name_problem(std::string_view path) {
  constexpr std::size_t kLongest = 4096;
  if (path.empty()) return "has no name";
  if (path.size() > kLongest) return "has a name longer than 4096 bytes";
  if (path.front() == '/') return "is an absolute path";
  if (path.find('\\') != std::string_view::npos) return "has a backslash in its name";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r') return "has a line break in its name";
    if (byte < 0x20 || byte == 0x7F) return "has a control character in its name";
  }
  if (invalid_utf8(path)) return "has a name that is not UTF-8";
  // BagIt readers decode these, sha256sum does not.
  for (const std::string_view escape : {"%0a", "%0d", "%25"}) {
    if (lower(path).find(escape) != std::string::npos) return fmt::format("has '{}' in its name", escape);
  }
  // "C:x" is a path of its own on Windows.
  if (path.size() > 1 && path[1] == ':') return "has a drive letter in its name";
  for (const auto& part : split(path, '/')) {
    if (part.empty()) return "has an empty part in its path";
    if (part == "." || part == "..") return fmt::format("has '{}' in its path", part);
    if (part.back() == ' ' || part.front() == ' ') return "has a space at the end of a name";
    if (part.size() > 255) return "has a part longer than 255 bytes";
  }
  return "";
}

std::string archive_name(std::string_view repository) {
  constexpr std::size_t kLongest = 60;  // a tag has 128 with the commit and the time
  std::string name;
  for (const char32_t c : decomposed(valid_utf8(repository))) {
    const bool kept =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
    if (kept) {
      name += static_cast<char>(c);
    } else if (!is_mark(c) && !name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  name.erase(0, std::min(name.find_first_not_of("-_."), name.size()));
  name.resize(std::min(name.size(), kLongest));
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
  return name.empty() ? "repository" : name;
}

std::string NameSet::add(const std::string& path) {
  const std::string folded = caseless_key(path);
  const std::string normalized = normalized_key(path);
  if (!files_.insert(folded).second) {
    if (spelled_.contains(path)) return "is there twice";
    return normalized_.contains(normalized) ? "differs only in its Unicode normalization from another name"
                                            : "differs only in case from another name";
  }
  if (folders_.contains(folded)) return "is a file and a folder";
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = caseless_key(std::string_view(path).substr(0, slash));
    if (files_.contains(folder)) return "is inside a file";
    folders_.insert(folder);
  }
  spelled_.insert(path);
  normalized_.insert(normalized);
  return "";
}

}  // namespace exitgate::record
