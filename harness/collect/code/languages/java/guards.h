// What becomes of a value that is null when its variable is not set.
#pragma once

#include <optional>
#include <string_view>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code::java {

class Guards {
 public:
  // Must outlive it.
  explicit Guards(const syntax::Tree& tree) : tree_(tree) {}

  // Whether the program cannot go on without the variable (it throws, ends, or fails the test), or goes on with another
  // value. `read`: the call that gives null when it is not set, or a test of whether it is (`containsKey`).
  std::optional<bool> required(syntax::Id read, bool test) const;

 private:
  int presence(syntax::Id condition, int depth = 20) const;
  bool is_value(syntax::Id expression) const;
  bool names_value(syntax::Id node) const;
  bool ends(syntax::Id body) const;
  bool is_unknown(syntax::Id expression) const;
  std::optional<bool> told_by(syntax::Id statement) const;
  std::optional<bool> when_absent(syntax::Id body, bool returned) const;
  std::optional<bool> told_by_call(syntax::Id call) const;

  const syntax::Tree& tree_;
  mutable syntax::Id read_ = syntax::kNoNode;
  mutable bool test_ = false;
  mutable std::string_view
      written_;  // the read as written, for it is repeated: `getenv(k) == null ? d : getenv(k)`
  mutable std::string_view name_;  // the variable that has the value; "" for none
};

}  // namespace exitgate::collect::code::java
