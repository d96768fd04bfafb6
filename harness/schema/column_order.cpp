#include "harness/schema/column_order.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace exitgate::schema {

namespace {

// Names may hold ", " themselves, and are quoted then: "a, \"b, c\"".
std::vector<std::string> names_of(std::string_view order) {
  std::vector<std::string> names(1);
  bool in_quotes = false;
  for (std::size_t at = 0; at < order.size(); ++at) {
    if (order[at] == '"') in_quotes = !in_quotes;
    if (!in_quotes && order.substr(at, 2) == ", ") {
      names.emplace_back();
      ++at;
      continue;
    }
    names.back() += order[at];
  }
  return names;
}

std::vector<std::string> common(const std::vector<std::string>& names,
                                const std::vector<std::string>& others) {
  const std::unordered_set<std::string> known(others.begin(), others.end());
  std::vector<std::string> result;
  for (const auto& name : names) {
    if (known.count(name) != 0) result.push_back(name);
  }
  return result;
}

}  // namespace

bool same_column_order(std::string_view before, std::string_view after) {
  const auto first = names_of(before);
  const auto second = names_of(after);
  return common(first, second) == common(second, first);
}

}  // namespace exitgate::schema
