// The expression language's syntax: from text to tree, with GitHub's own messages.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/expression/value.h"

namespace exitgate::expression {

class SyntaxError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class TokenKind {
  open_group,   // '('
  open_call,    // '(' behind a function's name
  close,        // ')'
  open_index,   // '['
  close_index,  // ']'
  separator,    // ','
  dot,
  star,
  operation,  // ! == != < <= > >= && ||
  literal,
  property,  // behind a dot
  name,      // of a context
  function,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;        // as written
  std::size_t offset = 0;  // in bytes
  Value value = {};        // of a literal
};

// Throws SyntaxError ("Unexpected symbol: '@'. Located at position 3 within expression: 1 @").
std::vector<Token> tokenize(std::string_view expression);

// "Unexpected symbol: 'x'. Located at position 3 within expression: …"; positions count UTF-16 units from 1.
std::string located(std::string_view what, std::string_view symbol, std::size_t offset,
                    std::string_view expression);

enum class NodeKind { literal, name, call, index, star, negation, comparison, conjunction, disjunction };

struct Node {
  NodeKind kind = NodeKind::literal;
  Value value = {};                 // of a literal
  std::string text = {};            // name of a context or function in lower case; operator of a comparison
  std::vector<Node> children = {};  // index: what, at; star: what
};

struct Syntax {
  // Contexts that may be named, in lower case; empty: all.
  std::vector<std::string> names = {};
  bool status_functions = true;  // success(), failure(), always(), cancelled(), and hashFiles()
};

// An empty text is a null. Throws SyntaxError.
Node parse(std::string_view expression, const Syntax& syntax = {});

// Whether a status function is called anywhere in it: then no success() is implied.
bool calls_status(const Node& node);

// Whether the context, in lower case, is named anywhere in it.
bool names_context(const Node& node, std::string_view context);

}  // namespace exitgate::expression
