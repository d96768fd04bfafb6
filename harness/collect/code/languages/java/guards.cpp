#include "harness/collect/code/languages/java/guards.h"

#include <algorithm>
#include <vector>

#include "harness/collect/code/languages/java/java_names.h"

namespace exitgate::collect::code::java {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<Id> statements(const Tree& tree, Id body) {
  if (body == kNoNode) return {};
  return tree.is(body, Kind::block) ? tree.children(body) : std::vector<Id>{body};
}

}  // namespace

bool Guards::is_value(Id expression) const {
  expression = inner(tree_, expression);
  if (expression == kNoNode) return false;
  if (expression == read_) return true;
  if (!name_.empty() && tree_.text(expression) == name_ &&
      (tree_.is(expression, Kind::identifier) || tree_.is(expression, Kind::field_access)))
    return true;
  return tree_.is(expression, Kind::method_invocation) && tree_.text(expression) == written_;
}

bool Guards::names_value(Id node) const {
  for (Id below = node; below < tree_[node].after; ++below) {
    tree_.spend(1);
    if (is_value(below)) return true;
  }
  return false;
}

// Whether the truth of the condition tells that the value is there (1), that it is not (-1), or nothing (0).
int Guards::presence(Id condition, int depth) const {
  condition = inner(tree_, condition);
  if (condition == kNoNode || depth == 0) return 0;
  tree_.spend(1);
  if (test_ && is_value(condition)) return 1;
  const Id sign = tree_.child(condition, Field::operator_);
  const std::string_view text = sign == kNoNode ? "" : tree_.text(sign);
  if (tree_.is(condition, Kind::unary_expression))
    return text == "!" ? -presence(tree_.child(condition, Field::operand), depth - 1) : 0;
  if (tree_.is(condition, Kind::binary_expression)) {
    const Id left = tree_.child(condition, Field::left);
    const Id right = tree_.child(condition, Field::right);
    if (text == "&&" || text == "||") {
      const int wanted = text == "||" ? -1 : 1;
      return presence(left, depth - 1) == wanted || presence(right, depth - 1) == wanted ? wanted : 0;
    }
    const bool compared = (is_value(left) && tree_.is(right, Kind::null_literal)) ||
                          (is_value(right) && tree_.is(left, Kind::null_literal));
    return !compared ? 0 : text == "==" ? -1 : text == "!=" ? 1 : 0;
  }
  const auto method = method_of(tree_, condition);
  const auto given = arguments(tree_, condition);
  if (is_one_of(method, {"isEmpty", "isBlank"}) && given.empty())
    return is_value(tree_.child(condition, Field::object)) ? -1 : 0;
  if (given.size() != 1 || !is_value(given[0])) return 0;
  if (is_one_of(method, {"isEmpty", "isBlank", "isNullOrEmpty", "isNullOrBlank", "isNull"})) return -1;
  return is_one_of(method, {"hasText", "hasLength", "isNotBlank", "isNotEmpty", "nonNull"}) ? 1 : 0;
}

bool Guards::ends(Id body) const {
  const auto all = statements(tree_, body);
  return std::any_of(all.begin(), all.end(), [&](Id statement) {
    if (tree_.is(statement, Kind::throw_statement)) return true;
    if (!tree_.is(statement, Kind::expression_statement)) return false;
    const auto inside = tree_.children(statement);
    if (inside.size() != 1) return false;
    const auto method = method_of(tree_, inside[0]);
    return (method == "exit" && object_of(tree_, inside[0]) == "System") || method == "fail";
  });
}

// A property of the same purpose, or another variable, may be missing as well.
bool Guards::is_unknown(Id expression) const {
  expression = inner(tree_, expression);
  if (expression == kNoNode || tree_.is(expression, Kind::null_literal)) return true;
  for (Id below = expression; below < tree_[expression].after; ++below) {
    tree_.spend(1);
    const auto method = method_of(tree_, below);
    if (method == "getenv" || (method == "getProperty" && arguments(tree_, below).size() == 1)) return true;
  }
  return false;
}

// The statements that run when the variable is not set. `returned`: the value itself is returned otherwise.
std::optional<bool> Guards::when_absent(Id body, bool returned) const {
  if (ends(body)) return true;
  for (const Id statement : statements(tree_, body)) {
    const auto inside = tree_.children(statement);
    if (tree_.is(statement, Kind::expression_statement) && inside.size() == 1 &&
        tree_.is(inside[0], Kind::assignment_expression) && is_value(tree_.child(inside[0], Field::left))) {
      if (is_unknown(tree_.child(inside[0], Field::right))) return std::nullopt;
      return false;
    }
    if (tree_.is(statement, Kind::return_statement) && returned && inside.size() == 1) {
      if (is_unknown(inside[0])) return std::nullopt;
      return false;
    }
  }
  return std::nullopt;
}

std::optional<bool> Guards::told_by(Id statement) const {
  const int told = presence(tree_.child(statement, Field::condition));
  if (told == 0) return std::nullopt;
  const Id consequence = tree_.child(statement, Field::consequence);
  const Id alternative = tree_.child(statement, Field::alternative);
  Id absent = told < 0 ? consequence : alternative;
  const Id present = told < 0 ? alternative : consequence;
  if (tree_.is(statement, Kind::ternary_expression)) {
    if (absent == kNoNode || is_unknown(absent)) return std::nullopt;
    return names_value(present) ? std::optional<bool>(false) : std::nullopt;
  }
  const auto returns_value = [&](Id body) {
    const auto all = statements(tree_, body);
    return std::any_of(all.begin(), all.end(),
                       [&](Id one) { return tree_.is(one, Kind::return_statement) && names_value(one); });
  };
  bool returned = returns_value(present);
  const Id next = tree_[statement].next;
  if (told < 0) {
    returned = returned || (next != kNoNode && returns_value(next));
  } else if (absent == kNoNode && returned && next != kNoNode) {
    absent = next;  // what runs when it is not set
  }
  if (absent == kNoNode) return std::nullopt;
  if (const auto known = when_absent(absent, returned)) return known;
  // x = v, or else x = "default"
  for (const Id one : statements(tree_, present)) {
    const auto set = tree_.children(one);
    if (set.size() != 1 || !tree_.is(set[0], Kind::assignment_expression) || !names_value(set[0])) continue;
    for (const Id other : statements(tree_, absent)) {
      const auto instead = tree_.children(other);
      if (instead.size() == 1 && tree_.is(instead[0], Kind::assignment_expression) &&
          tree_.text(tree_.child(instead[0], Field::left)) == tree_.text(tree_.child(set[0], Field::left)) &&
          !is_unknown(tree_.child(instead[0], Field::right)))
        return false;
    }
  }
  return std::nullopt;
}

// A call that the value is handed to.
std::optional<bool> Guards::told_by_call(Id call) const {
  const auto method = method_of(tree_, call);
  const auto object = object_of(tree_, call);
  const auto given = arguments(tree_, call);
  if (given.empty()) return std::nullopt;
  const bool first = is_value(given[0]);
  if (object == "Objects" && method == "requireNonNull" && first) return true;
  if (object == "Objects" && (method == "requireNonNullElse" || method == "requireNonNullElseGet") && first) {
    if (given.size() < 2 || is_unknown(given[1])) return std::nullopt;
    return false;
  }
  if ((object == "Assert" && is_one_of(method, {"notNull", "hasText", "hasLength"})) ||
      is_one_of(method, {"assertNotNull", "checkNotNull"}))
    return std::any_of(given.begin(), given.end(), [&](Id one) { return is_value(one); })
               ? std::optional<bool>(true)
               : std::nullopt;
  if (object == "Optional" && method == "ofNullable" && first) {
    // .filter(…).map(…).orElse("default")
    for (Id at = call;
         tree_.is(tree_.parent(at), Kind::method_invocation) && tree_[at].field == Field::object;) {
      at = tree_.parent(at);
      tree_.spend(1);
      const auto next = method_of(tree_, at);
      if (next == "orElseThrow" || next == "get") return true;
      if (next == "orElse" || next == "orElseGet") {
        const auto other = arguments(tree_, at);
        if (other.empty() || is_unknown(other[0])) return std::nullopt;
        return false;
      }
    }
  }
  return std::nullopt;
}

std::optional<bool> Guards::required(Id read, bool test) const {
  read_ = read;
  test_ = test;
  written_ = tree_.text(read);
  name_ = {};
  Id at = read;
  while (tree_.is(tree_.parent(at), Kind::parenthesized_expression)) at = tree_.parent(at);
  const Id above = tree_.parent(at);
  if (tree_.is(above, Kind::argument_list) && tree_.is(tree_.parent(above), Kind::method_invocation)) {
    if (const auto told = told_by_call(tree_.parent(above))) return told;
  }
  // In a condition, or in a branch of one that tests it.
  for (Id below = at, up = above; up != kNoNode; below = up, up = tree_.parent(up)) {
    tree_.spend(1);
    const bool choice = tree_.is(up, Kind::if_statement) || tree_.is(up, Kind::ternary_expression);
    if (choice && tree_[below].field == Field::condition) return told_by(up);
    if (choice) {
      const int told = presence(tree_.child(up, Field::condition));
      if ((told == 1 && tree_[below].field == Field::consequence) ||
          (told == -1 && tree_[below].field == Field::alternative))
        return false;
    }
    if (tree_.is(up, Kind::method_declaration) || tree_.is(up, Kind::class_body) ||
        tree_.is(up, Kind::lambda_expression))
      break;
  }
  Id statement = kNoNode;
  if (tree_.is(above, Kind::variable_declarator)) {
    name_ = tree_.text(tree_.child(above, Field::name));
    statement = tree_.parent(above);
  } else if (tree_.is(above, Kind::assignment_expression) && tree_[at].field == Field::right) {
    name_ = tree_.text(tree_.child(above, Field::left));
    statement = tree_.parent(above);
  }
  if (statement == kNoNode || tree_.is(statement, Kind::field_declaration)) return std::nullopt;
  constexpr int kStatements = 12;
  int left = kStatements;
  for (Id next = tree_[statement].next; next != kNoNode && left > 0; next = tree_[next].next, --left) {
    tree_.spend(1);
    if (tree_.is(next, Kind::if_statement)) {
      if (presence(tree_.child(next, Field::condition)) != 0) return told_by(next);
    } else if (tree_.is(next, Kind::return_statement) || tree_.is(next, Kind::local_variable_declaration) ||
               tree_.is(next, Kind::expression_statement)) {
      for (Id below = next; below < tree_[next].after; ++below) {
        tree_.spend(1);
        if (tree_.is(below, Kind::method_invocation)) {
          if (const auto told = told_by_call(below)) return told;
        } else if (tree_.is(below, Kind::ternary_expression) &&
                   presence(tree_.child(below, Field::condition)) != 0) {
          return told_by(below);
        } else if (tree_.is(below, Kind::assignment_expression) &&
                   tree_.text(tree_.child(below, Field::left)) == name_ &&
                   !names_value(tree_.child(below, Field::right))) {
          return std::nullopt;
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace exitgate::collect::code::java
