// What the names of a Java file stand for: its imports, and the values that its fields and variables are given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code::java {

struct Binding {
  syntax::Id name = syntax::kNoNode;          // the identifier
  syntax::Id value = syntax::kNoNode;         // kNoNode: nothing that could be told
  std::optional<std::size_t> parameter = {};  // of a method: which one
};

class JavaNames {
 public:
  explicit JavaNames(const syntax::Tree& tree);

  const syntax::Tree& tree() const { return tree_; }

  // Whether the written name (of a type or an annotation) is that one: "org.junit.jupiter.api.BeforeAll".
  bool is(std::string_view written, std::string_view full) const;
  // Whether anything below the package is imported: "org.springframework.".
  bool imports(std::string_view package) const;
  bool imports_static(std::string_view full) const;

  // Of the method around the identifier, or else the fields of the file's classes.
  const std::vector<Binding>& bindings(syntax::Id identifier) const;
  // The text of a string, of a name that has no other value, or of a sum of these.
  std::optional<std::string> constant(syntax::Id expression, int depth = 4) const;
  // The method, constructor or lambda around a node; the root when there is none.
  syntax::Id function_around(syntax::Id node) const { return scopes_[node]; }

 private:
  const std::vector<Binding>& bindings_of(syntax::Id scope, std::string_view name) const;
  void bind(syntax::Id scope, syntax::Id name, const Binding& binding);

  const syntax::Tree& tree_;
  std::vector<std::string> imports_;  // "a.b.C", "a.b.*"
  std::vector<std::string> static_imports_;
  std::vector<syntax::Id> scopes_;
  std::map<std::pair<syntax::Id, std::string_view>, std::vector<Binding>> bindings_;
};

// `(x)` → `x`.
syntax::Id inner(const syntax::Tree& tree, syntax::Id expression);
std::optional<std::string> literal(const syntax::Tree& tree, syntax::Id expression);
std::vector<syntax::Id> arguments(const syntax::Tree& tree, syntax::Id call);
// "getenv" of `System.getenv("X")`; "" for what is no call.
std::string_view method_of(const syntax::Tree& tree, syntax::Id call);
// The text of a call's object; "" when it has none.
std::string_view object_of(const syntax::Tree& tree, syntax::Id call);

}  // namespace exitgate::collect::code::java
