// What the names of a Go file stand for: its imports, and the values that its declarations give them. A name of a function
// hides the package's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code::go {

struct Binding {
  syntax::Id name = syntax::kNoNode;          // the identifier that is bound
  syntax::Id value = syntax::kNoNode;         // what it is given; kNoNode: nothing that could be told
  std::size_t index = 0;                      // of `a, b := f()`: which of the call's values it is
  bool declared = false;                      // not an assignment to a name that is there already
  std::optional<std::size_t> parameter = {};  // of a function: which one
};

class GoNames {
 public:
  explicit GoNames(const syntax::Tree& tree);

  const syntax::Tree& tree() const { return tree_; }

  // Whether the file imports the package: its path, a major version behind it ("/v2"), or, for one that ends in "/", any below it.
  bool imports(std::string_view path) const;
  // The name under which the file has the package: its alias, or `usual`. "" when it is not imported; "." when all its
  // names are the file's own.
  std::string name_of(std::string_view path, std::string_view usual) const;
  // `function` of a call is NAME of the package: `os.Getenv` with ("os", "os", "Getenv").
  bool is(syntax::Id function, std::string_view path, std::string_view usual, std::string_view name) const;
  // The package's member that the expression names: "Getenv"; "" for anything else.
  std::string_view member(syntax::Id expression, std::string_view path, std::string_view usual) const;

  // All bindings of the name in the function around the identifier, or else of the package in this file.
  const std::vector<Binding>& bindings(syntax::Id identifier) const;
  // The text of a string literal, of a name that has no other value, or of a sum of these.
  std::optional<std::string> constant(syntax::Id expression, int depth = 4) const;

  // The function declaration, method or function literal around a node; the root when there is none.
  syntax::Id function_around(syntax::Id node) const { return scopes_[node]; }

 private:
  void bind(syntax::Id name, const Binding& binding);
  void bind_all(syntax::Id names, syntax::Id values, bool declared);
  void bind_import(syntax::Id spec);
  void bind_parameters(syntax::Id list);

  struct Import {
    std::string path;
    std::string alias;  // "": none
  };

  const syntax::Tree& tree_;
  std::vector<Import> imports_;
  std::vector<syntax::Id> scopes_;
  std::map<std::pair<syntax::Id, std::string_view>, std::vector<Binding>> bindings_;
};

// `(x)` → `x`.
syntax::Id inner(const syntax::Tree& tree, syntax::Id expression);
// The text of a string literal without escapes.
std::optional<std::string> literal(const syntax::Tree& tree, syntax::Id expression);
// The arguments of a call.
std::vector<syntax::Id> arguments(const syntax::Tree& tree, syntax::Id call);
// "Fatal" of `log.Fatal`, "panic" of `panic`; "" for anything else.
std::string_view last_name(const syntax::Tree& tree, syntax::Id function);

}  // namespace exitgate::collect::code::go
