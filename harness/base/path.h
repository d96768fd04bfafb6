// Parts of a path inside a repository, whose separator is "/".
#pragma once

#include <string_view>

namespace exitgate {

// "a/b" for "a/b/c", "" for "c".
constexpr std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// "c" for "a/b/c" and for "c".
constexpr std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace exitgate
