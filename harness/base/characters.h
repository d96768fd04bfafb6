// Kinds of characters, as ASCII has them whatever the locale is.
#pragma once

namespace exitgate {

// A letter, a digit or '_': what names of variables are made of, and what \w is in a regular expression.
constexpr bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace exitgate
