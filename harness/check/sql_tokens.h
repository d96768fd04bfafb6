// SQL taken apart into its words, as far as finding names and literals in it asks for: SQLite decides what it means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

struct SqlToken {
  // word: a name or keyword without quotes; name: one in double quotes, brackets or backticks; string: in single quotes.
  enum Kind { word, name, string, number, sign };
  Kind kind = sign;
  std::string text;  // without quotes; of a word in small letters
  std::size_t begin = 0;
  std::size_t end = 0;  // in bytes of the SQL

  bool is_name() const { return kind == word || kind == name; }
  bool is(std::string_view sign_or_keyword) const {
    return (kind == word || kind == sign) && text == sign_or_keyword;
  }
};

// Comments are left out. A text without its end goes to the end of the SQL.
std::vector<SqlToken> sql_tokens(std::string_view sql);

}  // namespace exitgate::check
