// What becomes of a value that is "" when its variable is not set.
#pragma once

#include <optional>
#include <string_view>

#include "harness/collect/code/languages/go/go_names.h"

namespace exitgate::collect::code::go {

// A read of a variable: `call`, and where it is `v, ok := os.LookupEnv(…)`, that it tells by its second value whether it is set.
struct Value {
  syntax::Id call = syntax::kNoNode;
  bool pair = false;
};

class Guards {
 public:
  // Must outlive it.
  explicit Guards(const GoNames& names) : names_(names), tree_(names.tree()) {}

  // True when the function cannot go on without the variable: it ends the program, panics, fails the test or returns an error.
  // False when the value is replaced by another. Nullopt when it cannot be told, or when another variable replaces it.
  std::optional<bool> required(const Value& value) const;

 private:
  // Whether the truth of the condition tells that the value is there (1), that it is not (-1), or nothing (0).
  int presence(syntax::Id condition, int depth = 20) const;
  bool is_value(syntax::Id expression) const;
  bool has_value(syntax::Id expression) const;
  bool is_found(syntax::Id expression) const;
  std::optional<bool> told_by(syntax::Id if_statement) const;
  std::optional<bool> told_by_call(syntax::Id statement) const;
  std::optional<bool> when_absent(syntax::Id body, syntax::Id statement) const;
  bool ends(syntax::Id body) const;
  bool ends_with_error(syntax::Id return_statement) const;
  bool returns_value(syntax::Id body) const;
  bool has_value_before(syntax::Id name) const;
  bool names_value(syntax::Id below) const;
  bool reads_environment(syntax::Id expression) const;

  const GoNames& names_;
  const syntax::Tree& tree_;
  mutable syntax::Id call_ = syntax::kNoNode;
  mutable std::string_view value_;  // the variable that has it; "" for none
  mutable std::string_view found_;  // the variable that tells whether it is there
};

}  // namespace exitgate::collect::code::go
