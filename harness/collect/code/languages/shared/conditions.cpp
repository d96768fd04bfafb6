#include "harness/collect/code/languages/shared/conditions.h"

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

constexpr std::size_t kConditions = 500;  // bytes of the conditions around one place

bool is_function(Kind kind) {
  switch (kind) {
    case Kind::function_declaration:
    case Kind::method_declaration:
    case Kind::func_literal:
    case Kind::constructor_declaration:
    case Kind::lambda_expression:
    case Kind::method:
    case Kind::singleton_method:
    case Kind::lambda:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<std::string> conditions_around(const Tree& tree, Id node) {
  std::vector<std::string> conditions;
  for (Id below = node, at = tree.parent(node); at != kNoNode; below = at, at = tree.parent(at)) {
    tree.spend(1);
    const Kind kind = tree.kind(at);
    if (is_function(kind)) break;
    const Field field = tree[below].field;
    const bool modifier = kind == Kind::if_modifier || kind == Kind::unless_modifier;
    const bool when = field == Field::consequence || (modifier && field == Field::body);
    if (!when && field != Field::alternative) continue;
    const Id condition = tree.child(at, Field::condition);
    if (condition == kNoNode) continue;
    std::string text = tree.flat_text(condition);
    // Java's stands in parentheses of the statement.
    if (kind == Kind::if_statement && tree.is(condition, Kind::parenthesized_expression) && text.size() > 2 &&
        text.front() == '(' && text.back() == ')')
      text = text.substr(1, text.size() - 2);
    const bool turned = kind == Kind::unless || kind == Kind::unless_modifier;
    if (when == turned) {
      text.insert(0, "not (");
      text += ')';
    }
    conditions.push_back(std::move(text));
  }
  if (conditions.empty()) return std::nullopt;
  // Too many to be shown: the innermost ones.
  std::size_t bytes = 0;
  std::size_t kept = 0;
  while (kept < conditions.size() && bytes < kConditions) bytes += conditions[kept++].size();
  if (kept < conditions.size()) {
    conditions.resize(kept);
    conditions.emplace_back("…");
  }
  std::reverse(conditions.begin(), conditions.end());
  return join(conditions, " and ");
}

}  // namespace exitgate::collect::code
