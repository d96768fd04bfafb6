#include "harness/collect/code/presence.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;

int Presence::of(Id condition, const std::string& variable, int depth) const {
  condition = inner(tree_, condition);
  if (depth == 0) return 0;
  tree_.spend(1);
  switch (tree_.kind(condition)) {
    case Kind::not_operator:
      return -of(tree_.child(condition, Field::argument), variable, depth - 1);
    case Kind::boolean_operator: {
      const int left = of(tree_.child(condition, Field::left), variable, depth - 1);
      const int right = of(tree_.child(condition, Field::right), variable, depth - 1);
      const bool either = tree_.is(tree_.child(condition, Field::operator_), Kind::or_);
      // `absent or anything` is true at least when absent; `present and anything` implies present.
      if (either) return left == -1 || right == -1 ? -1 : 0;
      return left == 1 || right == 1 ? 1 : 0;
    }
    case Kind::comparison_operator: {
      const auto parts = tree_.children(condition);
      if (parts.size() != 3) return 0;
      if (const auto tested = accesses_.test(condition)) {
        return tested->variable == variable ? (tested->negated ? -1 : 1) : 0;
      }
      if (!tree_.is(parts[2], Kind::none) || !reads(parts[0], variable)) return 0;
      if (tree_.is(parts[1], Kind::is)) return -1;
      return tree_.is(parts[1], Kind::is_not) ? 1 : 0;
    }
    case Kind::named_expression:
      return reads(tree_.child(condition, Field::value), variable) ? 1 : 0;
    default:
      return reads(condition, variable) ? 1 : 0;
  }
}

// `os.environ.get("X")`, or a name that was given it in the statements before.
bool Presence::reads(Id expression, const std::string& variable, int depth) const {
  if (depth == 0) return false;
  expression = inner(tree_, expression);
  if (tree_.is(expression, Kind::call)) {
    const auto access = accesses_.call(expression);
    return access && access->kind == AccessKind::get && !access->has_default && access->variable == variable;
  }
  if (!tree_.is(expression, Kind::identifier)) return false;
  const auto values = names_.values(expression);
  return values.size() == 1 && tree_.is(inner(tree_, values[0]), Kind::call) &&
         reads(values[0], variable, depth - 1);
}

}  // namespace exitgate::collect::code
