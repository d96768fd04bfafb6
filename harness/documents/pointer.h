// JSON Pointer (RFC 6901), with `*` as a token that stands for each item or member: "/services/*/image". A key that is a star
// is written `~2`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/documents/document.h"

namespace exitgate::documents {

class Pointer {
 public:
  // Throws std::invalid_argument with what is wrong with it.
  explicit Pointer(std::string_view text);
  const std::string& text() const { return text_; }

  struct Token {
    std::string key;
    bool any = false;
  };
  const std::vector<Token>& tokens() const { return tokens_; }

 private:
  std::string text_;
  std::vector<Token> tokens_;
};

struct Found {
  std::string path;               // a JSON Pointer without `*`, as far as there is something
  const Node* node = nullptr;     // nullptr: the document has nothing there
  int line = 0;                   // of the value; where there is none, of what it would stand in
  std::vector<std::string> keys;  // what each token stands for
};

// What stands at the pointer. A `*` of nothing, and of an empty list or object, gives nothing; where a named member is missing,
// there is one Found without a node. `bound`: what the first `*`s stand for, in their order, as far as it is given.
std::vector<Found> select(const Node& root, const Pointer& pointer);

// The pointer with its tokens, as far as they are the same as those of `other`, bound to what these stand for in `found`.
Pointer bound_to(const Pointer& pointer, const Pointer& other, const Found& found);

// With `~` and `/` written as RFC 6901 has them.
std::string escaped(std::string_view key);

}  // namespace exitgate::documents
