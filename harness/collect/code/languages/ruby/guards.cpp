#include "harness/collect/code/languages/ruby/guards.h"

#include <algorithm>

#include "harness/collect/code/languages/ruby/ruby_calls.h"

namespace exitgate::collect::code::ruby {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_if(Kind kind) {
  return kind == Kind::if_ || kind == Kind::unless || kind == Kind::elsif || kind == Kind::if_modifier ||
         kind == Kind::unless_modifier || kind == Kind::conditional;
}

std::string_view operator_of(const Tree& tree, Id node) {
  const Id sign = tree.child(node, Field::operator_);
  return sign == kNoNode ? "" : tree.text(sign);
}

bool is_environment(const Tree& tree, Id object) {
  if (object == kNoNode) return false;
  const auto text = tree.text(object);
  return text == "ENV" || text == "::ENV";
}

}  // namespace

std::optional<Asked> asked_at(const Tree& tree, Id expression) {
  if (tree.is(expression, Kind::element_reference)) {
    const auto parts = tree.children(expression);
    if (parts.size() != 2 || !is_environment(tree, parts[0])) return std::nullopt;
    return Asked{literal(tree, parts[1]).value_or("")};
  }
  if (!tree.is(expression, Kind::call) || !is_environment(tree, tree.child(expression, Field::receiver)))
    return std::nullopt;
  const auto method = method_of(tree, expression);
  const auto given = arguments(tree, expression);
  if (given.empty()) return std::nullopt;
  Asked asked{literal(tree, given[0]).value_or("")};
  if (method == "fetch") {
    if (given.size() > 1) {
      asked.has_default = !tree.is(given[1], Kind::nil);
    } else if (const Id block = tree.child(expression, Field::block); block != kNoNode) {
      asked.has_default = !ends(tree, block);
      asked.raises = !asked.has_default;
      // { nil }
      const auto inside = statements(tree, block);
      if (inside.empty() || (inside.size() == 1 && tree.is(inside[0], Kind::nil))) asked.has_default = false;
    } else {
      asked.raises = true;
    }
    return asked;
  }
  if (is_one_of(method, {"key?", "has_key?", "include?", "member?"})) {
    asked.test = true;
    return asked;
  }
  return std::nullopt;
}

bool Guards::is_value(Id expression) const {
  expression = inner(tree_, expression);
  // nil stays nil, or becomes "".
  while (tree_.is(expression, Kind::call) &&
         is_one_of(method_of(tree_, expression), {"to_s", "strip", "presence", "downcase", "chomp"}) &&
         tree_.child(expression, Field::receiver) != kNoNode)
    expression = inner(tree_, tree_.child(expression, Field::receiver));
  if (!name_.empty() && tree_.is(expression, Kind::identifier) && tree_.text(expression) == name_)
    return true;
  const auto asked = asked_at(tree_, expression);
  return asked && !asked->has_default && !asked->raises && !asked->test && !variable_.empty() &&
         asked->variable == variable_;
}

int Guards::presence(Id condition, int depth) const {
  condition = inner(tree_, condition);
  if (condition == kNoNode || depth == 0) return 0;
  tree_.spend(1);
  if (tree_.is(condition, Kind::unary)) {
    const auto sign = operator_of(tree_, condition);
    return sign == "!" || sign == "not" ? -presence(tree_.child(condition, Field::operand), depth - 1) : 0;
  }
  if (tree_.is(condition, Kind::binary)) {
    const auto sign = operator_of(tree_, condition);
    const Id left = tree_.child(condition, Field::left);
    const Id right = tree_.child(condition, Field::right);
    if (is_one_of(sign, {"&&", "and", "||", "or"})) {
      const int wanted = sign == "||" || sign == "or" ? -1 : 1;
      return presence(left, depth - 1) == wanted || presence(right, depth - 1) == wanted ? wanted : 0;
    }
    if (!is_value(left) || !(tree_.is(right, Kind::nil) || literal(tree_, right) == "")) return 0;
    return sign == "==" ? -1 : sign == "!=" ? 1 : 0;
  }
  if (tree_.is(condition, Kind::assignment)) return is_value(tree_.child(condition, Field::right)) ? 1 : 0;
  if (const auto asked = asked_at(tree_, condition); asked && asked->test)
    return !variable_.empty() && asked->variable == variable_ ? 1 : 0;
  const auto method = method_of(tree_, condition);
  if (tree_.is(condition, Kind::call) && tree_.child(condition, Field::receiver) != kNoNode) {
    const bool own = is_value(tree_.child(condition, Field::receiver));
    if (own && is_one_of(method, {"nil?", "blank?", "empty?"})) return -1;
    if (own && is_one_of(method, {"present?", "presence"})) return 1;
    // "".to_s is true.
    if (is_one_of(method, {"to_s", "strip", "downcase", "chomp"})) return 0;
  }
  return is_value(condition) ? 1 : 0;
}

bool Guards::reads_another(Id expression) const {
  for (Id below = expression; below < tree_[expression].after; ++below) {
    tree_.spend(1);
    const auto asked = asked_at(tree_, below);
    if (asked && !asked->has_default && asked->variable != variable_) return true;
  }
  return false;
}

// The statements that run when the variable is not set.
std::optional<bool> Guards::when_absent(Id body) const {
  if (ends(tree_, body)) return true;
  for (const Id statement : statements(tree_, body)) {
    if (!tree_.is(statement, Kind::assignment) && !tree_.is(statement, Kind::operator_assignment)) continue;
    const Id left = tree_.child(statement, Field::left);
    const Id right = tree_.child(statement, Field::right);
    if (right == kNoNode || !is_value(left)) continue;
    if (reads_another(right)) return std::nullopt;
    return false;
  }
  return std::nullopt;
}

// Of an `if` in any form whose condition tells of the variable.
std::optional<bool> Guards::told_by(Id statement) const {
  const Kind kind = tree_.kind(statement);
  int told = presence(tree_.child(statement, Field::condition));
  if (kind == Kind::unless || kind == Kind::unless_modifier) told = -told;
  if (told == 0) return std::nullopt;
  const bool modifier = kind == Kind::if_modifier || kind == Kind::unless_modifier;
  const Id when = tree_.child(statement, modifier ? Field::body : Field::consequence);
  const Id otherwise = tree_.child(statement, Field::alternative);
  const Id absent = told < 0 ? when : otherwise;
  if (absent == kNoNode) return std::nullopt;
  return when_absent(absent);
}

bool Guards::is_tested_before(Id read) const {
  for (Id below = read, at = tree_.parent(read); at != kNoNode; below = at, at = tree_.parent(at)) {
    tree_.spend(1);
    const Kind kind = tree_.kind(at);
    if (kind == Kind::method || kind == Kind::singleton_method || kind == Kind::lambda) return false;
    const Field field = tree_[below].field;
    if (kind == Kind::binary && field == Field::right) {
      const auto sign = operator_of(tree_, at);
      if ((sign == "&&" || sign == "and") && presence(tree_.child(at, Field::left)) == 1) return true;
    }
    if (!is_if(kind) || field == Field::condition) continue;
    int told = presence(tree_.child(at, Field::condition));
    if (kind == Kind::unless || kind == Kind::unless_modifier) told = -told;
    const bool when = field == Field::consequence || field == Field::body;
    if ((when && told == 1) || (field == Field::alternative && told == -1)) return true;
  }
  return false;
}

std::optional<bool> Guards::required(Id read) const {
  name_ = {};
  Id at = read;
  while (true) {
    const Id above = tree_.parent(at);
    if (above == kNoNode) return std::nullopt;
    tree_.spend(1);
    const Kind kind = tree_.kind(above);
    if (kind == Kind::parenthesized_statements) {
      at = above;
      continue;
    }
    // `&.to_i` is nil as well.
    if (kind == Kind::call && tree_[at].field == Field::receiver) {
      const Id sign = tree_.child(above, Field::operator_);
      const bool safe = sign != kNoNode && tree_.text(sign) == "&.";
      if (safe || is_one_of(method_of(tree_, above), {"presence", "freeze", "dup"})) {
        at = above;
        continue;
      }
    }
    break;
  }
  const Id above = tree_.parent(at);
  if (tree_.is(above, Kind::binary) && tree_[at].field == Field::left) {
    const auto sign = operator_of(tree_, above);
    if (sign == "||" || sign == "or") {
      const Id right = tree_.child(above, Field::right);
      if (ends(tree_, right)) return true;
      if (tree_.is(right, Kind::nil) || reads_another(right)) return std::nullopt;
      return false;
    }
  }
  // In the condition of an `if`.
  for (Id below = at, up = above; up != kNoNode; below = up, up = tree_.parent(up)) {
    tree_.spend(1);
    if (is_if(tree_.kind(up))) {
      if (tree_[below].field == Field::condition) return told_by(up);
      break;
    }
    if (!tree_.is(up, Kind::binary) && !tree_.is(up, Kind::unary) && !tree_.is(up, Kind::call) &&
        !tree_.is(up, Kind::parenthesized_statements) && !tree_.is(up, Kind::assignment))
      break;
  }
  if (!tree_.is(above, Kind::assignment) || tree_[at].field != Field::right) return std::nullopt;
  const Id left = tree_.child(above, Field::left);
  if (!tree_.is(left, Kind::identifier)) return std::nullopt;
  name_ = tree_.text(left);
  // (x = ENV["X"]) or raise "X"
  const Id around = tree_.parent(above);
  if (tree_.is(around, Kind::binary) && tree_[above].field == Field::left) {
    const auto sign = operator_of(tree_, around);
    if ((sign == "or" || sign == "||") && ends(tree_, tree_.child(around, Field::right))) return true;
  }
  constexpr int kStatements = 12;
  int remaining = kStatements;
  for (Id next = tree_[above].next; next != kNoNode && remaining > 0; next = tree_[next].next, --remaining) {
    tree_.spend(1);
    if (is_if(tree_.kind(next))) {
      if (presence(tree_.child(next, Field::condition)) != 0) return told_by(next);
      continue;
    }
    const Id target = tree_.child(next, Field::left);
    const bool same = target != kNoNode && tree_.text(target) == name_;
    if (same && tree_.is(next, Kind::operator_assignment) && operator_of(tree_, next) == "||=") {
      if (reads_another(next)) return std::nullopt;
      return false;
    }
    if (same && tree_.is(next, Kind::assignment)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace exitgate::collect::code::ruby
