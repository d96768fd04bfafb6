// The value of an expression where every context is known.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/expression/syntax.h"
#include "harness/expression/value.h"

namespace exitgate::expression {

class EvaluationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How the job or its steps went so far.
struct Status {
  bool success = true;
  bool failure = false;
  bool cancelled = false;
};

struct Contexts {
  Object named;  // 'github', 'env', …; one that is missing is null
  Status status = {};
};

// Throws EvaluationError with GitHub's message.
Value evaluate(const Node& node, const Contexts& contexts);

// A function of values alone (all but the status functions and hashFiles), by its name in lower case.
Value apply_function(std::string_view function, std::span<const Value> arguments);

// '==', '!=', '<', '<=', '>', '>='
bool compare(std::string_view operation, const Value& left, const Value& right);

}  // namespace exitgate::expression
