#include "harness/collect/ci/actions/conditions.h"

namespace exitgate::collect::ci::actions {

Truth both(Truth one, Truth other) {
  if (one == Truth::no || other == Truth::no) return Truth::no;
  return one == Truth::yes && other == Truth::yes ? Truth::yes : Truth::unknown;
}

Truth holds(const expression::Condition& condition, const PartialContexts& contexts) {
  const Truth own = condition.mixed ? Truth::yes : expression::abstract(condition.tree, contexts).truth();
  return condition.implied_success ? both(contexts.status.success, own) : own;
}

const expression::Condition* Conditions::read(const std::optional<std::string>& text) {
  const auto [at, is_new] = read_.try_emplace(text.value_or(""));
  if (is_new) {
    try {
      at->second = expression::read_condition(text);
    } catch (const expression::SyntaxError&) {
      at->second = std::nullopt;
    }
  }
  return at->second ? &*at->second : nullptr;
}

}  // namespace exitgate::collect::ci::actions
