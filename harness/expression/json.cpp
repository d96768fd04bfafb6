// toJSON() and fromJSON().
#include "harness/json/json.h"

#include <fmt/core.h>

#include <iterator>

#include "harness/expression/value.h"

namespace exitgate::expression {

namespace {

constexpr int kDepth = 100;  // more is refused: a hostile text must not exhaust the stack

Value from(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null:
      return Value();
    case Json::Kind::boolean:
      return Value(json.boolean());
    case Json::Kind::integer:
    case Json::Kind::number:
      return Value(json.number());
    case Json::Kind::string:
      return Value(json.text());
    case Json::Kind::array: {
      Array array;
      for (const auto& item : json.items()) array.items.push_back(from(item));
      return Value(std::move(array));
    }
    case Json::Kind::object: {
      Object object;
      for (const auto& [key, member] : json.members()) object.members.emplace_back(key, from(member));
      return Value(std::move(object));
    }
  }
  return Value();
}

void append_text(std::string& out, const std::string& text) {
  out += Json(text).dump();
}

void append(std::string& out, const Value& value, std::size_t indent) {
  const auto line = [&](std::size_t by) {
    out += '\n';
    out.append(2 * by, ' ');
  };
  switch (value.kind()) {
    case ValueKind::null:
      out += "null";
      return;
    case ValueKind::string:
      append_text(out, value.text());
      return;
    case ValueKind::array: {
      const auto& items = value.array().items;
      out += '[';
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i != 0) out += ',';
        line(indent + 1);
        append(out, items[i], indent + 1);
      }
      if (!items.empty()) line(indent);
      out += ']';
      return;
    }
    case ValueKind::object: {
      const auto& members = value.object().members;
      out += '{';
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i != 0) out += ',';
        line(indent + 1);
        append_text(out, members[i].first);
        out += ": ";
        append(out, members[i].second, indent + 1);
      }
      if (!members.empty()) line(indent);
      out += '}';
      return;
    }
    default:
      out += value.as_text();
  }
}

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  append(out, value, 0);
  return out;
}

std::optional<Value> from_json(std::string_view text) {
  const auto json = Json::try_parse(text, {.depth = kDepth});
  return json ? std::optional(from(*json)) : std::nullopt;
}

}  // namespace exitgate::expression
