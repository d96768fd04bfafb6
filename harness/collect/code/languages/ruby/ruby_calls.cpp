#include "harness/collect/code/languages/ruby/ruby_calls.h"

#include <algorithm>

namespace exitgate::collect::code::ruby {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

std::string_view method_of(const Tree& tree, Id call) {
  if (tree.is(call, Kind::identifier)) return tree.text(call);
  if (!tree.is(call, Kind::call)) return "";
  const Id method = tree.child(call, Field::method);
  return method == kNoNode ? "" : tree.text(method);
}

std::string_view receiver_of(const Tree& tree, Id call) {
  const Id receiver = tree.is(call, Kind::call) ? tree.child(call, Field::receiver) : kNoNode;
  if (receiver == kNoNode) return "";
  const auto text = tree.text(receiver);
  return text.starts_with("::") ? text.substr(2) : text;
}

std::vector<Id> arguments(const Tree& tree, Id call) {
  return tree.children(tree.child(call, Field::arguments));
}

std::optional<std::string> literal(const Tree& tree, Id expression) {
  expression = inner(tree, expression);
  if (tree.is(expression, Kind::simple_symbol)) return std::string(tree.text(expression).substr(1));
  if (!tree.is(expression, Kind::string)) return std::nullopt;
  std::string text;
  for (const Id part : tree.children(expression)) {
    if (!tree.is(part, Kind::string_content)) return std::nullopt;
    text += tree.text(part);
  }
  return text;
}

Id inner(const Tree& tree, Id expression) {
  while (tree.is(expression, Kind::parenthesized_statements)) {
    const auto inside = tree.children(expression);
    if (inside.size() != 1) break;
    expression = inside[0];
  }
  return expression;
}

std::vector<Id> statements(const Tree& tree, Id body) {
  switch (tree.kind(body)) {
    case Kind::do_block:
    case Kind::block:
      return statements(tree, tree.child(body, Field::body));
    case Kind::then:
    case Kind::else_:
    case Kind::body_statement:
    case Kind::block_body:
    case Kind::begin:
    case Kind::program:
    case Kind::parenthesized_statements:
      return tree.children(body);
    default:
      return body == kNoNode ? std::vector<Id>{} : std::vector<Id>{body};
  }
}

bool ends(const Tree& tree, Id body) {
  const auto all = statements(tree, body);
  return std::any_of(all.begin(), all.end(), [&](Id statement) {
    const auto method = method_of(tree, statement);
    const auto receiver = receiver_of(tree, statement);
    const bool own = receiver.empty() || receiver == "Kernel" || receiver == "Process";
    return own && (method == "raise" || method == "fail" || method == "abort" || method == "exit" ||
                   method == "exit!");
  });
}

}  // namespace exitgate::collect::code::ruby
