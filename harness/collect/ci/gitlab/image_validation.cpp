#include "harness/collect/ci/gitlab/image_validation.h"

#include <fmt/core.h>

#include "harness/collect/ci/gitlab/key_validation.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::string_view kImageKeys[] = {"docker", "kubernetes", "name", "entrypoint", "pull_policy"};
constexpr std::string_view kServiceKeys[] = {"command",    "alias", "variables",  "docker",
                                             "kubernetes", "name",  "entrypoint", "pull_policy"};
constexpr std::string_view kPullPolicies[] = {"always", "never", "if-not-present"};
constexpr std::string_view kDockerKeys[] = {"platform", "user"};
constexpr std::string_view kKubernetesKeys[] = {"user"};

std::string inner(std::string_view key, const std::string& what) {
  return fmt::format("'{}' in {}", key, what);
}

void validate_pull_policy(const yaml::Node& policy, const std::string& what, Checks& checks) {
  if (!policy.is_sequence()) return checks.one_of(policy, kPullPolicies, what);
  if (policy.items.empty()) checks.refuse(policy, what + " is empty");
  for (const auto& item : policy.items) checks.one_of(item, kPullPolicies, what);
}

void validate_common(const yaml::Node& image, const std::string& what, Words keys, Checks& checks) {
  if (is_unknown(image) || image.is_null()) return;
  if (image.is_scalar() && is_string(image)) {
    if (is_blank(image)) checks.refuse(image, what + " is empty");
    return;
  }
  if (!image.is_mapping()) return checks.refuse(image, what + " is neither a string nor a mapping");
  if (!checks.keys(image, keys, what)) return;
  const yaml::Node* name = image.find("name");
  if (name == nullptr || (is_blank(*name) && !is_unknown(*name))) {
    checks.refuse(image, what + " has no 'name'");
  } else {
    checks.string(*name, inner("name", what));
  }
  if (const yaml::Node* entrypoint = value_of(image, "entrypoint"))
    checks.strings(*entrypoint, inner("entrypoint", what));
  if (const yaml::Node* policy = value_of(image, "pull_policy"))
    validate_pull_policy(*policy, inner("pull_policy", what), checks);
  const auto options = [&](std::string_view key, Words known) {
    const yaml::Node* value = value_of(image, key);
    if (value != nullptr && checks.mapping(*value, inner(key, what)))
      checks.keys(*value, known, inner(key, what));
  };
  options("docker", kDockerKeys);
  options("kubernetes", kKubernetesKeys);
}

void validate_service(const yaml::Node& service, const std::string& what, Checks& checks) {
  validate_common(service, what, kServiceKeys, checks);
  if (!service.is_mapping()) return;
  if (const yaml::Node* alias = value_of(service, "alias")) checks.string(*alias, inner("alias", what));
  if (const yaml::Node* command = value_of(service, "command"))
    checks.commands(*command, inner("command", what));
  if (const yaml::Node* variables = value_of(service, "variables"))
    validate_variables(*variables, inner("variables", what), Variables::service, checks);
}

}  // namespace

void validate_image(const yaml::Node& image, const std::string& what, Checks& checks) {
  validate_common(image, what, kImageKeys, checks);
}

void validate_services(const yaml::Node& services, const std::string& what, Checks& checks) {
  if (!services.is_sequence()) return checks.refuse(services, what + " is not a list");
  for_each_item(services, [&](const yaml::Node& one) { validate_service(one, what, checks); });
}

}  // namespace exitgate::collect::ci::gitlab
