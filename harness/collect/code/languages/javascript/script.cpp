#include "harness/collect/code/languages/javascript/script.h"

#include <algorithm>

namespace exitgate::collect::code::javascript {

std::string_view last_name(const Tree& tree, Id expression) {
  if (tree.is(expression, Kind::identifier)) return tree.text(expression);
  if (!tree.is(expression, Kind::member_expression)) return "";
  const Id property = tree.child(expression, Field::property);
  return property == kNoNode ? "" : tree.text(property);
}

std::string_view key_of(const Script& script, Id member) {
  const Tree& tree = script.tree;
  if (tree.is(member, Kind::shorthand_property_identifier)) return tree.text(member);
  const Id key = tree.child(member, tree.is(member, Kind::pair) ? Field::key : Field::name);
  if (tree.is(key, Kind::property_identifier)) return tree.text(key);
  return script.names.literal(key);
}

Id member_of(const Script& script, Id object, std::string_view key) {
  const Tree& tree = script.tree;
  if (!tree.is(object, Kind::object)) return kNoNode;
  for (const Id member : tree.children(object)) {
    if (key_of(script, member) != key) continue;
    return tree.is(member, Kind::pair) ? tree.child(member, Field::value) : member;
  }
  return kNoNode;
}

bool is_function(const Tree& tree, Id expression) {
  switch (tree.kind(expression)) {
    case Kind::arrow_function:
    case Kind::function_expression:
    case Kind::function_declaration:
    case Kind::generator_function:
    case Kind::generator_function_declaration:
    case Kind::method_definition:
      return true;
    default:
      return false;
  }
}

Id function_around(const Tree& tree, Id node) {
  for (Id at = tree.parent(node); at != kNoNode; at = tree.parent(at)) {
    if (is_function(tree, at)) return at;
  }
  return kNoNode;
}

bool is_nothing(const Script& script, Id value) {
  const Tree& tree = script.tree;
  value = script.names.inner(value);
  switch (tree.kind(value)) {
    case Kind::undefined:
    case Kind::null:
    case Kind::false_:
      return true;
    case Kind::array:
      return tree.children(value).empty();
    case Kind::string:
      return script.names.literal(value).empty();
    default:
      return value == kNoNode;
  }
}

bool is_variable_name(std::string_view text) {
  return !text.empty() && (text.front() < '0' || text.front() > '9') &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

Id outermost(const Tree& tree, Id expression) {
  for (;;) {
    const Id around = tree.parent(expression);
    switch (tree.kind(around)) {
      case Kind::parenthesized_expression:
      case Kind::as_expression:
      case Kind::satisfies_expression:
      case Kind::non_null_expression:
      case Kind::await_expression:
        expression = around;
        break;
      default:
        return expression;
    }
  }
}

std::vector<Id> arguments_of(const Tree& tree, Id call) {
  return tree.children(tree.child(call, Field::arguments));
}

}  // namespace exitgate::collect::code::javascript
