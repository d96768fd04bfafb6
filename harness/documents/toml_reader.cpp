#define TOML_ENABLE_FORMATTERS 1
#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "harness/documents/document.h"

namespace exitgate::documents {

namespace {

// toml++ 3.3 destroys nested tables by recursion and does not limit the parts of a key: one of 100,000 crashes it.
constexpr std::ptrdiff_t kMostDots = 200;

template <typename Value>
std::string written(const Value& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

Node build(const toml::node& from) {
  Node node;
  node.line = static_cast<int>(from.source().begin.line);
  if (const auto* table = from.as_table()) {
    node.type = Type::object;
    for (const auto& [key, value] : *table) node.members.push_back({std::string(key.str()), build(value)});
    std::stable_sort(node.members.begin(), node.members.end(),
                     [](const auto& a, const auto& b) { return a.value.line < b.value.line; });
  } else if (const auto* array = from.as_array()) {
    node.type = Type::array;
    for (const auto& item : *array) node.items.push_back(build(item));
  } else if (const auto* text = from.as_string()) {
    node.type = Type::string;
    node.text = text->get();
  } else if (const auto* boolean = from.as_boolean()) {
    node.type = Type::boolean;
    node.text = boolean->get() ? "true" : "false";
  } else if (const auto* integer = from.as_integer()) {
    node.type = Type::number;
    node.text = std::to_string(integer->get());
  } else if (const auto* real = from.as_floating_point()) {
    node.type = Type::number;
    node.text = Json(real->get()).dump();
  } else if (const auto* date = from.as_date()) {
    node.type = Type::string;
    node.text = written(date->get());
  } else if (const auto* time = from.as_time()) {
    node.type = Type::string;
    node.text = written(time->get());
  } else if (const auto* moment = from.as_date_time()) {
    node.type = Type::string;
    node.text = written(moment->get());
  }
  return node;
}

void check_keys(std::string_view text) {
  int line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto one = text.substr(at, std::min(end - at, text.find('=', at) - at));
    if (std::count(one.begin(), one.end(), '.') > kMostDots)
      throw DocumentError("a key of too many parts", line);
    at = end + 1;
  }
}

}  // namespace

Node read_toml(std::string_view text) {
  check_keys(text);
  try {
    const toml::table table = toml::parse(text);
    auto root = build(table);
    root.line = 1;
    return root;
  } catch (const toml::parse_error& error) {
    throw DocumentError(std::string(error.description()), static_cast<int>(error.source().begin.line));
  }
}

}  // namespace exitgate::documents
