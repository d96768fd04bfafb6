// toJSON() and fromJSON().
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/expression/value.h"

namespace exitgate::expression {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kDepth = 100;  // more is refused: a hostile text must not exhaust the stack

Value from(const Json& json) {
  switch (json.type()) {
    case Json::value_t::boolean:
      return Value(json.get<bool>());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      return Value(json.get<double>());
    case Json::value_t::string:
      return Value(json.get<std::string>());
    case Json::value_t::array: {
      Array array;
      for (const auto& item : json) array.items.push_back(from(item));
      return Value(std::move(array));
    }
    case Json::value_t::object: {
      Object object;
      for (const auto& [key, member] : json.items()) object.members.emplace_back(key, from(member));
      return Value(std::move(object));
    }
    default:
      return Value();
  }
}

void append_text(std::string& out, const std::string& text) {
  out += Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
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
  int deepest = 0;
  const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    deepest = std::max(deepest, depth);
    return depth <= kDepth;
  };
  const Json json = Json::parse(text, watch, false);
  if (json.is_discarded() || deepest > kDepth) return std::nullopt;
  return from(json);
}

}  // namespace exitgate::expression
