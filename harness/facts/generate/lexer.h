// The words of a declaration of fact tables, with the line that each stands in.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::facts::generate {

// A declaration that is not what the generator takes: "ci.sql:12: the column 'line' is declared twice".
class Mistake : public std::runtime_error {
 public:
  Mistake(std::string_view file, int line, std::string_view what)
      : std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + std::string(what)) {}
};

struct Token {
  enum Kind {
    word,     // file, NOT, 12, -1; a name in double quotes without them
    string,   // 'up again', without its quotes
    mark,     // ( ) , ;
    comment,  // what stands behind "--", without white space around it
    end
  };
  Kind kind = end;
  std::string text;
  int line = 0;
  bool quoted = false;  // a word in double quotes: a name, never a keyword
};

// Throws Mistake for a character that no declaration has, and for a quote that is not closed in its line.
std::vector<Token> tokens(std::string_view file, std::string_view sql);

}  // namespace exitgate::facts::generate
