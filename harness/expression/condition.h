// Expressions where a workflow holds them: `if:`, and strings with `${{ … }}` in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/expression/syntax.h"

namespace exitgate::expression {

struct Condition {
  Node tree = {Node{NodeKind::literal, Value(true), "", {}}};
  bool implied_success = true;  // no status function is called, so that success() must hold as well
  bool mixed = false;           // text around the expression makes it a string, which always counts as true
};

// `if:` as written; nullopt or blank: none. Without `${{` the whole text is an expression. Throws SyntaxError.
Condition read_condition(const std::optional<std::string>& text, const Syntax& syntax = {});

// Any other value as written: a string without `${{` is itself. Throws SyntaxError.
Node read_template(std::string_view text, const Syntax& syntax = {});

bool has_expression(std::string_view text);

}  // namespace exitgate::expression
