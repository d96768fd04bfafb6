#include "harness/collect/ci/actions/known_actions.h"

#include <set>

#include "harness/base/text.h"
#include "harness/collect/ci/script/javascript.h"
#include "harness/collect/ci/script/text.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Object;
using expression::Value;
using script::End;
using script::Ended;

std::string text_of(const Object& inputs, std::string_view name) {
  const Value* value = inputs.find(name);
  return value == nullptr ? "" : value->as_text();
}

// A list of names as JSON, or between commas or lines.
std::set<std::string> names_of(const std::string& text) {
  std::set<std::string> names;
  if (const auto json = expression::from_json(text); json && json->kind() == expression::ValueKind::array) {
    for (const Value& one : json->array().items) names.insert(one.as_text());
    return names;
  }
  for (const std::string& line : split(text, '\n')) {
    for (const std::string& one : split(line, ',')) {
      if (const auto name = trim(one); !name.empty()) names.insert(std::string(name));
    }
  }
  return names;
}

Ended undecided(std::string because) {
  return {End::undecided, std::move(because), "", ""};
}

// re-actors/alls-green: red unless each job succeeded, but for those that it is told may fail or be skipped.
Ended alls_green(const Object& inputs) {
  const std::string jobs = text_of(inputs, "jobs");
  const std::string failures = text_of(inputs, "allowed-failures");
  const std::string skips = text_of(inputs, "allowed-skips");
  const std::string all = jobs + failures + skips;
  if (all.find(script::kUnknown) != std::string::npos) {
    return undecided("what alls-green is given is known only to the run");
  }
  const auto needs = expression::from_json(script::plain(jobs));
  if (!needs || needs->kind() != expression::ValueKind::object) {
    return undecided("`jobs:` of alls-green is not `${{ toJSON(needs) }}`");
  }
  const std::set<std::string> may_fail = names_of(script::plain(failures));
  const std::set<std::string> may_skip = names_of(script::plain(skips));
  for (const auto& [name, need] : needs->object().members) {
    const Value* result =
        need.kind() == expression::ValueKind::object ? need.object().find("result") : nullptr;
    if (result == nullptr) return undecided("`jobs:` of alls-green is not `${{ toJSON(needs) }}`");
    const std::string text = result->as_text();
    if (may_skip.contains(name) ? text != "success" && text != "skipped"
                                : text != "success" && !may_fail.contains(name)) {
      return {End::failure, "", "", ""};
    }
  }
  return {};
}

}  // namespace

std::optional<Ended> run_known_action(std::string_view uses, const Object& inputs) {
  const std::string action = lower(uses.substr(0, uses.find('@')));
  if (action == "re-actors/alls-green") return alls_green(inputs);
  if (action == "actions/github-script") return script::interpret_javascript(text_of(inputs, "script"));
  return std::nullopt;
}

}  // namespace exitgate::collect::ci::actions
