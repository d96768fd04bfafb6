// What becomes of a value that is nil when its variable is not set.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code::ruby {

// A place that asks ENV for one variable.
struct Asked {
  std::string variable;
  bool has_default = false;  // never nil
  bool raises = false;       // ENV.fetch("X")
  bool test = false;         // ENV.key?("X")
};
std::optional<Asked> asked_at(const syntax::Tree& tree, syntax::Id expression);

class Guards {
 public:
  Guards(const syntax::Tree& tree, std::string variable) : tree_(tree), variable_(std::move(variable)) {}

  // Whether the program cannot go on without the variable (it raises or ends), or goes on with another value. `read`: the
  // place that asks for it and gets nil when it is not set.
  std::optional<bool> required(syntax::Id read) const;
  // Whether it is asked for only where it is there, by a test around it.
  bool is_tested_before(syntax::Id read) const;

 private:
  // Whether the truth of the condition tells that the variable is set (1), that it is not (-1), or nothing (0).
  int presence(syntax::Id condition, int depth = 20) const;
  bool is_value(syntax::Id expression) const;
  std::optional<bool> told_by(syntax::Id statement) const;
  std::optional<bool> when_absent(syntax::Id body) const;
  bool reads_another(syntax::Id expression) const;

  const syntax::Tree& tree_;
  const std::string variable_;
  mutable std::string_view name_;  // the local variable that has the value; "" for none
};

}  // namespace exitgate::collect::code::ruby
