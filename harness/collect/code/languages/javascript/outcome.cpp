#include "harness/collect/code/languages/javascript/outcome.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace exitgate::collect::code::javascript {

namespace {

constexpr int kDepth = 6;                 // of names given to names
constexpr std::size_t kConditions = 500;  // bytes of the conditions around one place

// Functions that hand their argument on in another form, and do not fail without one.
constexpr std::array<std::string_view, 8> kConversions = {"Number", "parseInt",          "parseFloat",
                                                          "String", "Number.parseInt",   "Number.parseFloat",
                                                          "BigInt", "encodeURIComponent"};
constexpr std::array<std::string_view, 9> kAssertions = {"assert",         "assert.ok",  "assert.strict",
                                                         "assert.exists",  "invariant",  "ok",
                                                         "tiny_invariant", "nullthrows", "console.assert_"};

bool is_left_of(const Tree& tree, Id whole, Id operand) {
  return tree.child(whole, Field::left) == operand;
}

std::string_view operator_of(const Tree& tree, Id whole) {
  const Id sign = tree.child(whole, Field::operator_);
  return sign == kNoNode ? "" : tree.text(sign);
}

}  // namespace

bool Outcome::ends(Id statement) const {
  if (statement == kNoNode) return false;
  if (tree_.is(statement, Kind::throw_statement)) return true;
  if (tree_.is(statement, Kind::statement_block)) {
    const auto inside = tree_.children(statement);
    return std::any_of(inside.begin(), inside.end(), [&](Id one) { return ends(one); });
  }
  if (tree_.is(statement, Kind::else_clause)) {
    const auto inside = tree_.children(statement);
    return !inside.empty() && ends(inside[0]);
  }
  if (!tree_.is(statement, Kind::expression_statement)) return false;
  const auto inside = tree_.children(statement);
  const Id call = inside.empty() ? kNoNode : script_.names.inner(inside[0]);
  if (!tree_.is(call, Kind::call_expression)) return false;
  const std::string_view function = tree_.text(tree_.child(call, Field::function));
  return function == "process.exit" || function == "Deno.exit" || function == "process.abort";
}

const std::vector<Id>& Outcome::uses_of(std::string_view name) const {
  if (uses_.empty()) {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::identifier)) uses_[tree_.text(id)].push_back(id);
    }
  }
  static const std::vector<Id> none;
  const auto found = uses_.find(name);
  return found == uses_.end() ? none : found->second;
}

// `if (!name) return …`: what stands behind it has the value.
bool Outcome::returns_without(Id name) const {
  const Id negated = tree_.parent(name);
  if (!tree_.is(negated, Kind::unary_expression) || operator_of(tree_, negated) != "!") return false;
  const Id around = tree_.parent(outermost(tree_, negated));
  if (!tree_.is(around, Kind::if_statement)) return false;
  Id branch = tree_.child(around, Field::consequence);
  if (tree_.is(branch, Kind::statement_block)) {
    const auto inside = tree_.children(branch);
    branch = inside.empty() ? kNoNode : inside.back();
  }
  return tree_.is(branch, Kind::return_statement);
}

// The value decides a condition: does the program end where it is absent?
std::optional<bool> Outcome::of_test(Id condition) const {
  bool absent = false;  // the condition, so far, holds when the value is absent
  for (Id at = condition;;) {
    const Id around = tree_.parent(at);
    switch (tree_.kind(around)) {
      case Kind::unary_expression:
        if (operator_of(tree_, around) == "!") absent = !absent;
        break;
      case Kind::parenthesized_expression:
      case Kind::as_expression:
      case Kind::non_null_expression:
      case Kind::satisfies_expression:
        break;
      case Kind::binary_expression: {
        const auto sign = operator_of(tree_, around);
        if (sign == "||" ? !absent : sign == "&&" ? absent : false)
          return false;  // something else decides as well
        if (sign == "||" || sign == "&&") break;
        if (sign == "===" || sign == "==" || sign == "!==" || sign == "!=") {
          const Id left = tree_.child(around, Field::left);
          const Id other = script_.names.inner(left == at ? tree_.child(around, Field::right) : left);
          const bool none = is_nothing(script_, other) ||
                            (tree_.is(other, Kind::string) && script_.names.literal(other) == "undefined");
          if (!none) return false;  // compared with a value: it is one of several
          absent = (sign[0] == '=') != absent;
          break;
        }
        if (sign == "in") break;
        return false;
      }
      case Kind::if_statement: {
        const Id branch = tree_.child(around, absent ? Field::consequence : Field::alternative);
        return ends(branch);
      }
      default:
        return false;
    }
    at = around;
  }
}

std::optional<bool> Outcome::of_operand(Id whole, Id operand, int depth) const {
  const auto sign = operator_of(tree_, whole);
  if (sign == "??" || sign == "||") {
    if (!is_left_of(tree_, whole, operand)) return of(whole, depth);
    // In a condition it is a test of two.
    const auto tested = of_test(operand);
    if (tested == true) return true;
    const Id other = script_.names.inner(tree_.child(whole, Field::right));
    if (is_nothing(script_, other) && !tree_.is(other, Kind::string) && !tree_.is(other, Kind::array) &&
        !tree_.is(other, Kind::false_))
      return of(whole, depth);
    // `process.env.X ?? fail("X")`: what a function does is not known here.
    if (tree_.is(other, Kind::call_expression)) {
      const auto function = last_name(tree_, tree_.child(other, Field::function));
      for (const std::string_view word :
           {"throw", "fail", "raise", "panic", "invariant", "exit", "die", "missing"}) {
        if (function.find(word) != std::string_view::npos) return std::nullopt;
      }
    }
    return false;
  }
  if (sign == "&&") return is_left_of(tree_, whole, operand) ? of_test(operand) : of(whole, depth);
  if (sign == "===" || sign == "==" || sign == "!==" || sign == "!=" || sign == "in") return of_test(operand);
  return std::nullopt;
}

std::optional<bool> Outcome::of_argument(Id call, Id argument, int depth) const {
  const Id made = tree_.child(call, Field::function);
  if (made == kNoNode) return std::nullopt;
  const std::string_view function = tree_.text(made);
  const auto given = arguments_of(tree_, call);
  const bool first = !given.empty() && given[0] == argument;
  if (!first) return std::nullopt;
  if (function == "Boolean") return of_test(call);
  if (std::find(kConversions.begin(), kConversions.end(), function) != kConversions.end())
    return of(call, depth);
  if (std::find(kAssertions.begin(), kAssertions.end(), function) != kAssertions.end()) return true;
  return std::nullopt;
}

// A condition around it asks for the same: `process.env.X && process.env.X.split(",")`.
bool Outcome::is_tested_before(Id expression) const {
  const std::string_view text = tree_.text(script_.names.inner(expression));
  const auto asks = [&](Id condition, Id from) {
    if (condition == kNoNode || condition == from) return false;
    const std::string_view whole = tree_.text(condition);
    tree_.spend(whole.size() / 8);
    for (std::size_t found = whole.find(text); found != std::string_view::npos;
         found = whole.find(text, found + 1)) {
      const std::size_t end = found + text.size();
      if (end == whole.size() ||
          (std::isalnum(static_cast<unsigned char>(whole[end])) == 0 && whole[end] != '_'))
        return true;
    }
    return false;
  };
  for (Id at = expression, around = tree_.parent(at); around != kNoNode;
       at = around, around = tree_.parent(at)) {
    if (is_function(tree_, around)) return false;
    tree_.spend(1);
    if (tree_.is(around, Kind::if_statement) || tree_.is(around, Kind::ternary_expression)) {
      if (asks(tree_.child(around, Field::condition), at)) return true;
    } else if (tree_.is(around, Kind::binary_expression)) {
      const auto sign = operator_of(tree_, around);
      if ((sign == "&&" || sign == "||") && asks(tree_.child(around, Field::left), at)) return true;
    }
  }
  return false;
}

std::optional<bool> Outcome::of(Id expression, int depth) const {
  if (depth > kDepth) return std::nullopt;
  tree_.spend(20);
  expression = outermost(tree_, expression);
  const Id around = tree_.parent(expression);
  switch (tree_.kind(around)) {
    case Kind::binary_expression:
      return of_operand(around, expression, depth + 1);
    case Kind::unary_expression:
    case Kind::if_statement:
      return of_test(expression);
    case Kind::ternary_expression:
      if (tree_.child(around, Field::condition) == expression) return false;
      return is_tested_before(expression) ? std::optional(false) : of(around, depth + 1);
    case Kind::arguments:
      return of_argument(tree_.parent(around), expression, depth + 1);
    case Kind::member_expression:
    case Kind::subscript_expression: {
      if (tree_.child(around, Field::object) != expression) return std::nullopt;
      const std::string_view whole = tree_.text(around).substr(tree_.text(expression).size());
      const Id call = tree_.parent(around);
      const bool called =
          tree_.is(call, Kind::call_expression) && tree_.child(call, Field::function) == around;
      // Without `?.` nothing can be read of undefined.
      if (whole.find("?.") == std::string_view::npos || whole.find("?.") > whole.find_first_not_of(" \n\t"))
        return !is_tested_before(expression);
      return of(called ? call : around, depth + 1);
    }
    case Kind::variable_declarator: {
      const Id name = tree_.child(around, Field::name);
      if (tree_.child(around, Field::value) != expression || !tree_.is(name, Kind::identifier))
        return std::nullopt;
      return of_name(tree_.text(name), around, depth + 1);
    }
    default:
      return std::nullopt;
  }
}

std::optional<bool> Outcome::of_name(std::string_view name, Id declaration, int depth) const {
  if (depth > kDepth) return std::nullopt;
  const Id home = function_around(tree_, declaration);
  const Id from = tree_[declaration].after;
  const Id until = home == kNoNode ? static_cast<Id>(tree_.size()) : tree_[home].after;
  bool other = false;   // it has another value where it is used
  bool tested = false;  // it is asked whether there is one
  bool plain = false;   // it is used as it is
  const auto& uses = uses_of(name);
  for (auto use = std::lower_bound(uses.begin(), uses.end(), from); use != uses.end() && *use < until;
       ++use) {
    const Id id = *use;
    tree_.spend(20);
    const Id whole = outermost(tree_, id);
    const Id around = tree_.parent(whole);
    // `name.length` in a function may never run: only tests, defaults and demands are looked at.
    const bool binary = tree_.is(around, Kind::binary_expression);
    const bool asks = binary || tree_.is(around, Kind::unary_expression) ||
                      tree_.is(around, Kind::if_statement) || tree_.is(around, Kind::ternary_expression) ||
                      tree_.is(around, Kind::arguments);
    const auto one = asks ? of(id, depth + 1) : std::nullopt;
    // A demand inside a function holds only where that is called.
    if (one == true && function_around(tree_, id) == home) return true;
    if (one == false && binary) other = true;
    if (one == false) {
      tested = true;
      if (!plain && returns_without(whole) && function_around(tree_, id) == home) return false;
    } else if (!is_tested_before(id)) {
      plain = true;
    }
  }
  return other || (tested && !plain) ? std::optional(false) : std::nullopt;
}

std::optional<std::string> Outcome::condition(Id node) const {
  std::string conditions;
  for (Id at = node, around = tree_.parent(at); around != kNoNode; at = around, around = tree_.parent(at)) {
    if (is_function(tree_, around)) break;
    tree_.spend(1);
    if (!tree_.is(around, Kind::if_statement) && !tree_.is(around, Kind::ternary_expression)) continue;
    const Id condition = tree_.child(around, Field::condition);
    if (condition == at || condition == kNoNode) continue;
    const std::string text = tree_.flat_text(script_.names.inner(condition));
    std::string one = text;
    if (tree_.child(around, Field::alternative) == at) {
      one = "!(";
      one += text;
      one += ')';
    }
    if (!conditions.empty()) {
      one += " && ";
      one += conditions;
    }
    conditions = std::move(one);
    if (conditions.size() > kConditions) break;
  }
  if (conditions.empty()) return std::nullopt;
  return conditions;
}

}  // namespace exitgate::collect::code::javascript
