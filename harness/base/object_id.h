// What git names its objects by.
#pragma once

#include <string_view>

namespace exitgate {

// 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, in lower case as git writes them.
inline bool is_object_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace exitgate
