// What the names of a JavaScript or TypeScript file stand for, by its imports and assignments. Scopes are not told apart:
// a name has all the values that the file gives it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

class ScriptNames {
 public:
  explicit ScriptNames(const syntax::Tree& tree);

  // The module of an import or `require` that the name comes from: "typeorm", "./data-source"; "" when it comes from none.
  std::string_view module_of(std::string_view name) const;
  // Whether any module of the file is that one, or begins so, where it ends in "/".
  bool imports(std::string_view module) const;
  // What is assigned to the name.
  std::vector<syntax::Id> values(std::string_view name) const;

  // Text of a string without anything computed in it; "" for anything else.
  std::string_view literal(syntax::Id expression) const;
  // Without brackets, `await`, `as T`, `satisfies T` and `!` around it.
  syntax::Id inner(syntax::Id expression) const;

 private:
  void bind_import(syntax::Id statement);
  void bind_variable(syntax::Id declarator);
  void bind_pattern(syntax::Id pattern, std::string_view module);

  const syntax::Tree& tree_;
  std::map<std::string_view, std::string_view> modules_;  // by name
  std::vector<std::string_view> all_modules_;
  std::map<std::string_view, std::vector<syntax::Id>> values_;
};

}  // namespace exitgate::collect::code
