#include "harness/collect/migrations/tools/rails/ruby_values.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace exitgate::collect::rails {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

constexpr int kDepth = 40;

// Of a double-quoted string. Nullopt for what is not read.
std::optional<std::string> unescaped(std::string_view escape) {
  if (escape.size() != 2) return std::nullopt;
  const char c = escape[1];
  if (c == '\n') return "";  // the line goes on
  if (c == 'n') return "\n";
  if (c == 't') return "\t";
  if (c == 'r') return "\r";
  if (c == 's') return " ";
  if (std::string_view("\\\"'#`/(){}[]|$.").find(c) == std::string_view::npos) return std::nullopt;
  return std::string(1, c);
}

// Of a single-quoted one.
std::string without_backslashes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == '\'')) ++i;
    plain += text[i];
  }
  return plain;
}

}  // namespace

Values::Values(const Tree& tree, const Methods& methods) : tree_(tree), methods_(methods), scopes_(1) {
  std::vector<Id> beginnings;
  std::vector<Id> bodies;
  std::map<std::string, int, std::less<>> times;
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::heredoc_beginning)) beginnings.push_back(id);
    if (tree.is(id, Kind::heredoc_body)) bodies.push_back(id);
    if (!tree.is(id, Kind::assignment)) continue;
    const Id left = tree.child(id, Field::left);
    if (!tree.is(left, Kind::constant)) continue;
    const std::string name(tree.text(left));
    if (++times[name] > 1)
      constants_.erase(name);
    else
      constants_[name] = tree.child(id, Field::right);
  }
  // Their texts follow in the order of the marks.
  if (beginnings.size() != bodies.size()) return;
  for (std::size_t i = 0; i < bodies.size(); ++i) heredocs_[beginnings[i]] = bodies[i];
}

void Values::assign(std::string_view name, std::optional<Value> value) {
  scopes_.back()[std::string(name)] = std::move(value);
}

std::optional<Value> Values::variable(std::string_view name) const {
  const auto found = scopes_.back().find(name);
  return found == scopes_.back().end() ? std::nullopt : found->second;
}

std::optional<Value> Values::text_of(Id string, int depth) const {
  Value value{.items = {""}, .line = tree_.line(string)};
  const bool raw = tree_.text(string).starts_with('\'') || tree_.text(string).starts_with("%q");
  for (const Id part : tree_.children(string)) {
    const std::string_view text = tree_.text(part);
    switch (tree_.kind(part)) {
      case Kind::string_content:
      case Kind::heredoc_content:
        value.items[0] += raw ? without_backslashes(text) : std::string(text);
        break;
      case Kind::escape_sequence:
        if (raw) {
          value.items[0] += without_backslashes(text);
        } else if (const auto plain = unescaped(text)) {
          value.items[0] += *plain;
        } else {
          return std::nullopt;
        }
        break;
      case Kind::interpolation: {
        const auto inside = tree_.children(part);
        const auto inner = inside.size() == 1 ? of(inside[0], depth + 1) : std::nullopt;
        if (!inner || inner->list) return std::nullopt;
        value.items[0] += inner->items[0];
        break;
      }
      case Kind::heredoc_end:
        break;
      default:
        return std::nullopt;
    }
  }
  return value;
}

std::optional<Value> Values::list_of(Id list, int depth) const {
  Value value{.items = {}, .list = true, .line = tree_.line(list)};
  for (const Id item : tree_.children(list)) {
    if (tree_.is(item, Kind::bare_string) || tree_.is(item, Kind::bare_symbol)) {
      value.items.emplace_back(tree_.text(item));
      continue;
    }
    const bool splat = tree_.is(item, Kind::splat_argument);
    const auto inside = splat ? tree_.children(item) : std::vector<Id>{item};
    const auto one = inside.size() == 1 ? of(inside[0], depth + 1) : std::nullopt;
    if (!one || one->list != splat) return std::nullopt;
    value.items.insert(value.items.end(), one->items.begin(), one->items.end());
  }
  return value;
}

std::optional<Value> Values::method_of(std::string_view name, int depth) const {
  const auto method = methods_.find(name);
  if (method == methods_.end()) return std::nullopt;
  Id body = tree_.child(method->second, Field::body);
  if (tree_.is(body, Kind::body_statement)) {
    std::vector<Id> statements;
    for (const Id one : tree_.children(body)) {
      if (!tree_.is(one, Kind::heredoc_body)) statements.push_back(one);
    }
    if (statements.size() != 1) return std::nullopt;
    body = statements[0];
  }
  // Its variables are not ours.
  if (tree_.is(body, Kind::identifier)) return std::nullopt;
  return of(body, depth + 1);
}

std::optional<Value> Values::call_of(Id call, int depth) const {
  const Id method = tree_.child(call, Field::method);
  const Id receiver = tree_.child(call, Field::receiver);
  const Id arguments = tree_.child(call, Field::arguments);
  if (method == kNoNode || tree_.child(call, Field::block) != kNoNode || arguments != kNoNode)
    return std::nullopt;
  const std::string_view name = tree_.text(method);
  if (receiver == kNoNode || tree_.is(receiver, Kind::self)) return method_of(name, depth);
  // Only layout and form are changed by these; SQL means the same.
  constexpr std::array<std::string_view, 12> kSame = {"squish",    "strip", "strip_heredoc", "freeze",
                                                      "chomp",     "to_s",  "to_sym",        "dup",
                                                      "html_safe", "uniq",  "sort",          "itself"};
  if (std::find(kSame.begin(), kSame.end(), name) == kSame.end()) return std::nullopt;
  auto value = of(receiver, depth + 1);
  // A comment would take the rest of the one line with it.
  if (value && name == "squish" && !value->list && value->items[0].find("--") != std::string::npos)
    return std::nullopt;
  return value;
}

std::optional<Value> Values::of(Id expression, int depth) const {
  if (expression == kNoNode || depth > kDepth) return std::nullopt;
  tree_.spend(1);
  const std::string_view text = tree_.text(expression);
  switch (tree_.kind(expression)) {
    case Kind::simple_symbol:
      return Value{.items = {std::string(text.substr(1))}, .line = tree_.line(expression)};
    case Kind::integer:
      return Value{.items = {std::string(text)}, .line = tree_.line(expression)};
    case Kind::string:
    case Kind::delimited_symbol:
      return text_of(expression, depth);
    case Kind::chained_string: {
      Value whole{.items = {""}, .line = tree_.line(expression)};
      for (const Id part : tree_.children(expression)) {
        const auto one = text_of(part, depth);
        if (!one) return std::nullopt;
        whole.items[0] += one->items[0];
      }
      return whole;
    }
    case Kind::heredoc_beginning: {
      const auto body = heredocs_.find(expression);
      return body == heredocs_.end() ? std::nullopt : text_of(body->second, depth);
    }
    case Kind::array:
    case Kind::symbol_array:
    case Kind::string_array:
      return list_of(expression, depth);
    case Kind::parenthesized_statements: {
      const auto inside = tree_.children(expression);
      return inside.size() == 1 ? of(inside[0], depth + 1) : std::nullopt;
    }
    case Kind::binary: {
      const Id sign = tree_.child(expression, Field::operator_);
      if (sign == kNoNode || tree_.text(sign) != "+") return std::nullopt;
      auto left = of(tree_.child(expression, Field::left), depth + 1);
      const auto right = of(tree_.child(expression, Field::right), depth + 1);
      if (!left || !right || left->list != right->list) return std::nullopt;
      if (left->list)
        left->items.insert(left->items.end(), right->items.begin(), right->items.end());
      else
        left->items[0] += right->items[0];
      return left;
    }
    case Kind::constant: {
      const auto found = constants_.find(text);
      return found == constants_.end() ? std::nullopt : of(found->second, depth + 1);
    }
    case Kind::identifier: {
      if (scopes_.back().find(text) != scopes_.back().end()) return variable(text);
      return method_of(text, depth);
    }
    case Kind::instance_variable:
      return variable(text);
    case Kind::call:
      return call_of(expression, depth);
    default:
      return std::nullopt;
  }
}

std::string Values::name(Id expression) const {
  if (expression == kNoNode) return "";
  const auto value = of(expression);
  if (value && !value->list) return value->items[0];
  return "{" + tree_.flat_text(expression, 60) + "}";
}

std::vector<std::string> Values::names(Id argument) const {
  const bool splat = tree_.is(argument, Kind::splat_argument);
  const auto inside = splat ? tree_.children(argument) : std::vector<Id>{argument};
  const auto value = inside.size() == 1 ? of(inside[0]) : std::nullopt;
  if (value) return value->items;
  return {name(argument)};
}

}  // namespace exitgate::collect::rails
