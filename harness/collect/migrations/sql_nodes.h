// Members of the nodes in the JSON that libpg_query writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::collect::sql_nodes {

// A member of a node, or null.
inline const Json& at(const Json& node, const char* key) {
  return node[std::string_view(key)];
}

inline std::string text_of(const Json& node, const char* key) {
  const Json& value = at(node, key);
  return value.is_string() ? value.text() : "";
}

inline bool is(const Json& node, const char* key, std::string_view word) {
  const Json& value = at(node, key);
  return value.is_string() && value.text() == word;
}

// The strings of a list of String nodes.
inline std::vector<std::string> names_of(const Json& names) {
  std::vector<std::string> parts;
  if (names.is_array()) {
    for (const auto& name : names) parts.push_back(text_of(at(name, "String"), "sval"));
  }
  return parts;
}

// Names joined by dots: of a list of String nodes.
inline std::string joined(const Json& names) {
  return join(names_of(names), ".");
}

// A RangeVar's.
inline std::string relation_name(const Json& relation) {
  const std::string schema = text_of(relation, "schemaname");
  const std::string name = text_of(relation, "relname");
  return schema.empty() ? name : schema + "." + name;
}

// What is only written down for later.
inline bool is_definition(const std::string& type) {
  return type == "CreateFunctionStmt" || type == "RuleStmt" || type == "ViewStmt";
}

// Every node below, in the order of the text; with a stack of our own, for hostile nesting.
template <typename Visit>
void walk(const Json& tree, Visit&& each) {
  std::vector<const Json*> open = {&tree};
  while (!open.empty()) {
    const Json& node = *open.back();
    open.pop_back();
    std::vector<const Json*> below;
    if (node.is_array()) {
      for (const auto& item : node) below.push_back(&item);
    } else if (node.is_object()) {
      for (const auto& [key, value] : node.members()) {
        if (each(key, value)) below.push_back(&value);
      }
    }
    open.insert(open.end(), below.rbegin(), below.rend());
  }
}

}  // namespace exitgate::collect::sql_nodes
