// Whether a program goes on without a value.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/code/languages/javascript/script.h"

namespace exitgate::collect::code::javascript {

class Outcome {
 public:
  explicit Outcome(const Script& script) : script_(script), tree_(script.tree) {}

  // Of the expression that has the value: 1 when the program ends without it, 0 when it has another value then or is only
  // tested, nullopt when neither can be told.
  std::optional<bool> of(Id expression) const { return of(expression, 0); }
  // Of a name that has the value, by its uses in the file.
  std::optional<bool> of_name(std::string_view name, Id declaration) const {
    return of_name(name, declaration, 0);
  }
  // The conditions around a node within its function.
  std::optional<std::string> condition(Id node) const;
  // Whether a condition around the expression asks for the same: `process.env.X && process.env.X.split(",")`.
  bool is_tested_before(Id expression) const;
  // Whether a statement throws or ends the program.
  bool ends(Id statement) const;

 private:
  std::optional<bool> of(Id expression, int depth) const;
  std::optional<bool> of_name(std::string_view name, Id declaration, int depth) const;
  std::optional<bool> of_operand(Id whole, Id operand, int depth) const;
  std::optional<bool> of_argument(Id call, Id argument, int depth) const;
  std::optional<bool> of_test(Id condition) const;
  bool returns_without(Id name) const;
  const std::vector<Id>& uses_of(std::string_view name) const;  // in source order

  const Script& script_;
  const Tree& tree_;
  mutable std::map<std::string_view, std::vector<Id>> uses_;  // filled when first asked for
};

}  // namespace exitgate::collect::code::javascript
