// What is known of a run that a pull request starts, before it runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/ci/model.h"
#include "harness/expression/abstract.h"

namespace exitgate::collect::ci {

using expression::PartialContexts;
using expression::PartialObject;
using expression::PartialStatus;
using expression::Possible;
using expression::Truth;

// The `github` context of a run that `event` ('pull_request' or 'pull_request_target') starts with the
// trigger's `types`. `repository` is "owner/name" where a remote of the clone tells it.
Possible github_context(const Trigger& trigger, const std::optional<std::string>& repository);

// The value of a YAML node, its templates evaluated in `contexts`.
Possible evaluate_node(const yaml::Node& node, const PartialContexts& contexts);

// The same as a text, as an environment variable or an action's input has it.
Possible as_text(const Possible& possible);

// The same text for the same possible values, and no other.
std::string signature(const Possible& possible);

// Sets `key` of an object context.
void set(PartialObject& object, std::string_view key, Possible value);

// "owner/name" of a URL that is GitHub's.
std::optional<std::string> repository_of(std::string_view url);

}  // namespace exitgate::collect::ci
