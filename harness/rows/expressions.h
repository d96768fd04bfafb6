// What an expression of a constraint says about the values that fulfil it: its literals and patterns. Inside this library only.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::rows {

struct ExpressionParts {
  std::vector<std::string> strings;  // literals, in order
  std::vector<std::string> numbers;  // "-1", "0.5"; strings that are numbers included
  std::vector<std::string>
      patterns;  // texts that match its regular expressions and LIKEs, as far as they were understood
  std::set<std::string> words;  // identifiers and key words, in lower case
};

// Of an expression as pg_get_expr() and pg_get_constraintdef() write it.
ExpressionParts parts_of_expression(std::string_view expression);

// A text that matches a POSIX regular expression, "" when it could not be understood. `variant` picks among those there are.
std::string matching_text(std::string_view pattern, unsigned variant);

}  // namespace exitgate::rows
