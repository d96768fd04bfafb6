// What an expression of a Ruby file is known to be without running it: strings and symbols, lists of them, constants and
// variables that hold one, and methods of the file that return one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::collect::rails {

struct Value {
  std::vector<std::string> items;
  bool list = false;  // else `items` is one text
  int line = 0;       // where the text begins, of a heredoc its first line
};

// The methods of the migration's class, by name.
using Methods = std::map<std::string, syntax::Id, std::less<>>;

class Values {
 public:
  Values(const syntax::Tree& tree, const Methods& methods);

  // Nullopt when it is made at run time.
  std::optional<Value> of(syntax::Id expression) const { return of(expression, 0); }
  // As a name: the text, or the source in braces. "" for kNoNode.
  std::string name(syntax::Id expression) const;
  // The names that an argument stands for: several for a list with a splat before it.
  std::vector<std::string> names(syntax::Id argument) const;

  // Variables of the method that is read. Unknown when assigned what is made at run time.
  void assign(std::string_view name, std::optional<Value> value);
  // A method's own variables begin, and end.
  void enter() { scopes_.emplace_back(); }
  void leave() { scopes_.pop_back(); }

 private:
  std::optional<Value> of(syntax::Id expression, int depth) const;
  std::optional<Value> list_of(syntax::Id list, int depth) const;
  std::optional<Value> text_of(syntax::Id string, int depth) const;
  std::optional<Value> call_of(syntax::Id call, int depth) const;
  std::optional<Value> method_of(std::string_view name, int depth) const;
  std::optional<Value> variable(std::string_view name) const;

  const syntax::Tree& tree_;
  const Methods& methods_;
  std::map<std::string, syntax::Id, std::less<>> constants_;  // assigned once
  std::map<syntax::Id, syntax::Id> heredocs_;                 // `<<~SQL` to its text
  std::vector<std::map<std::string, std::optional<Value>, std::less<>>> scopes_;
};

}  // namespace exitgate::collect::rails
