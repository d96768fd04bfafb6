#include "harness/gate/yaml_json.h"

namespace exitgate::gate {

Json json_of(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Kind::null:
      return nullptr;
    case yaml::Kind::boolean:
      return node.boolean;
    case yaml::Kind::integer:
      return node.integer;
    case yaml::Kind::real:
      return node.real;
    case yaml::Kind::string:
      return node.text;
    case yaml::Kind::sequence: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push_back(json_of(item));
      return list;
    }
    case yaml::Kind::mapping: {
      Json object = Json::object();
      for (const auto& [key, value] : node.entries) object[key.text] = json_of(value);
      return object;
    }
  }
  return nullptr;
}

}  // namespace exitgate::gate
