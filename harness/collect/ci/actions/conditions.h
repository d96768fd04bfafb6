// `if:`, read once for each text, and whether it holds.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "harness/collect/ci/actions/context.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

// Whether both hold.
Truth both(Truth one, Truth other);

Truth holds(const expression::Condition& condition, const PartialContexts& contexts);

// However many calls lead to a condition, its text is read once.
class Conditions {
 public:
  // nullptr when it cannot be read: then it is not known what it says.
  const expression::Condition* read(const std::optional<std::string>& text);

 private:
  std::unordered_map<std::string, std::optional<expression::Condition>> read_;
};

}  // namespace exitgate::collect::ci::actions
