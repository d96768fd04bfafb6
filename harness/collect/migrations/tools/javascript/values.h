// What an expression of a JavaScript or TypeScript file is known to be without running it.
#pragma once

#include <optional>
#include <string>

#include "harness/syntax/tree.h"

namespace exitgate::collect {

class ScriptValues {
 public:
  explicit ScriptValues(const syntax::Tree& tree) : tree_(tree) {}

  // The text of a literal, of a name that has one literal's text wherever it is declared, and of literals added up or
  // filled into a template. Nullopt when it is made at run time.
  std::optional<std::string> literal(syntax::Id value) const { return literal(value, 0); }
  // As a name: the text, the table of `{schema, tableName}`, or the source in braces. "" for kNoNode.
  std::string name(syntax::Id value) const;

 private:
  std::optional<std::string> literal(syntax::Id value, int depth) const;
  std::optional<std::string> variable(syntax::Id name, int depth) const;

  const syntax::Tree& tree_;
};

}  // namespace exitgate::collect
