#include "harness/evidence/strict_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/evidence/refused.h"

namespace exitgate::evidence {

using nlohmann::json;

json parse_json(std::string_view text, const std::string& name) {
  constexpr int kDeepest = 64;
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDeepest) throw Refused(fmt::format("{}: nested deeper than {} levels", name, kDeepest));
    switch (event) {
      case json::parse_event_t::object_start:
        keys.emplace_back();
        break;
      case json::parse_event_t::object_end:
        keys.pop_back();
        break;
      case json::parse_event_t::key:
        if (!keys.back().insert(parsed.get<std::string>()).second) {
          throw Refused(fmt::format("{}: the key '{}' is there twice", name, parsed.get<std::string>()));
        }
        break;
      default:
        break;
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception& problem) {
    throw Refused(fmt::format("{}: no JSON document: {}", name, problem.what()));
  }
}

}  // namespace exitgate::evidence
