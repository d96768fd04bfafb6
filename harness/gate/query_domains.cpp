#include "harness/gate/query_domains.h"

#include <algorithm>
#include <set>

#include "harness/check/query_validation.h"
#include "harness/json/json.h"

namespace exitgate::gate {

void name_domains(verdict::Gate& gate, const check::Check& check) {
  const auto takes = [&](std::string_view name) {
    return std::any_of(check.parameters.begin(), check.parameters.end(),
                       [&](const check::Parameter& one) { return one.name == name; });
  };
  if (!takes("domains") || !takes("query")) return;
  auto with = Json::parse(gate.with);
  std::set<std::string> domains;
  if (const auto* given = with.find("domains"); given != nullptr) {
    for (auto& domain : given->strings()) domains.insert(std::move(domain));
  }
  for (const char* const query : {"query", "examined"}) {
    const auto* sql = with.find(query);
    if (sql == nullptr || !sql->is_string()) continue;
    for (auto& domain : check::domains_of_query(sql->text())) domains.insert(std::move(domain));
  }
  with["domains"] = Json(std::vector<std::string>(domains.begin(), domains.end()));
  gate.with = with.dump();
}

}  // namespace exitgate::gate
