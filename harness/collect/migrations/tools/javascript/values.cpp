#include "harness/collect/migrations/tools/javascript/values.h"

#include <utility>

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

std::optional<std::string> ScriptValues::literal(Id value, int depth) const {
  if (value == kNoNode || depth > 20) return std::nullopt;
  switch (tree_.kind(value)) {
    case Kind::string:
    case Kind::template_string: {
      std::string text;
      const std::string_view written = tree_.text(value);
      Id filled_in = tree_.child(value, Kind::template_substitution);
      for (std::size_t i = 1; i + 1 < written.size(); ++i) {
        if (filled_in != kNoNode && i == tree_[filled_in].start - tree_[value].start) {
          const auto inside = tree_.children(filled_in);
          const auto known = inside.size() == 1 ? literal(inside[0], depth + 1) : std::nullopt;
          if (!known) return std::nullopt;
          text += *known;
          i = tree_[filled_in].end - tree_[value].start - 1;
          do filled_in = tree_[filled_in].next;
          while (filled_in != kNoNode && !tree_.is(filled_in, Kind::template_substitution));
          continue;
        }
        if (written[i] == '\\' && i + 2 < written.size()) {
          const char c = written[++i];
          if (c == 'n') {
            text += '\n';
          } else if (c == 't') {
            text += '\t';
          } else if (c != '\n') {
            if (c == 'u' || c == 'x') return std::nullopt;
            text += c;
          }
        } else {
          text += written[i];
        }
      }
      return text;
    }
    case Kind::binary_expression: {
      const Id sign = tree_.child(value, Field::operator_);
      if (sign == kNoNode || tree_.text(sign) != "+") return std::nullopt;
      const auto left = literal(tree_.child(value, Field::left), depth + 1);
      const auto right = literal(tree_.child(value, Field::right), depth + 1);
      if (!left || !right) return std::nullopt;
      return *left + *right;
    }
    case Kind::parenthesized_expression:
    case Kind::as_expression: {
      const auto inside = tree_.children(value);
      return inside.empty() ? std::nullopt : literal(inside[0], depth + 1);
    }
    case Kind::identifier:
      return variable(value, depth);
    default:
      return std::nullopt;
  }
}

std::optional<std::string> ScriptValues::variable(Id value, int depth) const {
  tree_.spend(tree_.size());
  std::optional<std::string> found;
  for (Id id = 0; id < tree_.size(); ++id) {
    const bool assigned = tree_.is(id, Kind::assignment_expression);
    if (!assigned && !tree_.is(id, Kind::variable_declarator)) continue;
    const Id name = tree_.child(id, assigned ? Field::left : Field::name);
    if (name == kNoNode || tree_.text(name) != tree_.text(value)) continue;
    auto one = literal(tree_.child(id, assigned ? Field::right : Field::value), depth + 1);
    if (!one || (found && *found != *one)) return std::nullopt;
    found = std::move(one);
  }
  return found;
}

std::string ScriptValues::name(Id value) const {
  if (value == kNoNode) return "";
  if (const auto text = literal(value)) return *text;
  if (tree_.is(value, Kind::object)) {
    for (const Id pair : tree_.children(value)) {
      const Id key = tree_.child(pair, Field::key);
      if (key == kNoNode) continue;
      const std::string_view text = tree_.text(key);
      if (text == "tableName" || text == "name") return name(tree_.child(pair, Field::value));
    }
  }
  return "{" + tree_.flat_text(value, 60) + "}";
}

}  // namespace exitgate::collect
