#include "harness/collect/ci/gitlab/key_validation.h"

#include <fmt/core.h>

#include <iterator>
#include <utility>

#include "harness/collect/ci/gitlab/artifact_validation.h"
#include "harness/collect/ci/gitlab/image_validation.h"
#include "harness/collect/ci/gitlab/parallel_validation.h"
#include "harness/collect/ci/gitlab/pattern.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::int64_t kMonth = 2'629'746;
constexpr std::size_t kMostTags = 49;
constexpr std::string_view kDefaultKeys[] = {"before_script", "after_script",  "hooks",   "cache", "image",
                                             "services",      "interruptible", "timeout", "retry", "tags",
                                             "artifacts",     "id_tokens",     "identity"};

void commands(const yaml::Node& value, const std::string& what, Checks& checks) {
  checks.commands(value, what);
}

void timeout(const yaml::Node& value, const std::string& what, Checks& checks) {
  checks.duration(value, what, kMonth);
}

void boolean(const yaml::Node& value, const std::string& what, Checks& checks) {
  checks.boolean(value, what);
}

void string(const yaml::Node& value, const std::string& what, Checks& checks) {
  checks.string(value, what);
}

void tags(const yaml::Node& value, const std::string& what, Checks& checks) {
  checks.strings(value, what);
  if (value.items.size() > kMostTags)
    checks.refuse(value, fmt::format("{} has more than {} entries", what, kMostTags));
}

void coverage(const yaml::Node& value, const std::string& what, Checks& checks) {
  const std::string_view text = value.text;
  const std::size_t end = text.rfind('/');
  const bool regex = value.is_scalar() && text.starts_with('/') && end != 0 &&
                     text.substr(end + 1).find_first_not_of("ismU") == std::string_view::npos &&
                     Pattern(text.substr(1, end - 1)).valid();
  if (!regex)
    checks.refuse(value, what + " is not a regular expression between slashes that GitLab can read");
}

void hooks(const yaml::Node& value, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"pre_get_sources_script"};
  if (!checks.mapping(value, what) || !checks.keys(value, kKeys, what)) return;
  if (const yaml::Node* script = value_of(value, kKeys[0])) checks.commands(*script, what);
}

void id_tokens(const yaml::Node& value, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"aud"};
  if (!checks.mapping(value, what)) return;
  for (const auto& token : value.entries) {
    if (is_unknown(token.value)) continue;
    const yaml::Node* aud = token.value.find("aud");
    checks.keys(token.value, kKeys, what);
    if (aud == nullptr || aud->is_null()) {
      checks.refuse(token.key, fmt::format("{} has '{}' without an 'aud'", what, token.key.text));
    } else {
      checks.strings_or_string(*aud, what);
    }
  }
}

void environment(const yaml::Node& value, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"name",         "url",        "action",         "on_stop",
                                               "auto_stop_in", "kubernetes", "deployment_tier"};
  static constexpr std::string_view kActions[] = {"start", "stop", "prepare", "verify", "access"};
  if (!value.is_mapping() && !(value.is_scalar() && is_string(value)))
    return checks.refuse(value, what + " is neither a string nor a mapping");
  const yaml::Node* name = value.is_mapping() ? value.find("name") : &value;
  if (value.is_mapping()) {
    checks.keys(value, kKeys, what);
    for (const std::string_view key : {"url", "on_stop", "auto_stop_in", "deployment_tier"}) {
      if (const yaml::Node* text = value_of(value, key))
        checks.string(*text, fmt::format("'{}' in {}", key, what));
    }
    if (const yaml::Node* action = value_of(value, "action"))
      checks.one_of(*action, kActions, fmt::format("'action' in {}", what));
    if (const yaml::Node* cluster = value_of(value, "kubernetes"))
      checks.mapping(*cluster, fmt::format("'kubernetes' in {}", what));
  }
  if (name != nullptr && is_unknown(*name)) return;
  if (name == nullptr || is_blank(*name)) return checks.refuse(value, what + " has no 'name'");
  checks.string(*name, fmt::format("'name' in {}", what));
  constexpr std::string_view kSigns = "_/${}. -";
  for (const char c : name->text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && kSigns.find(c) == std::string_view::npos)
      return checks.refuse(*name, fmt::format("{} has a name with '{}', which it cannot have", what, c));
  }
  if (name->text.starts_with('/') || name->text.ends_with('/'))
    checks.refuse(*name, what + " has a name that begins or ends with '/'");
}

void release(const yaml::Node& value, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"tag_name", "tag_message", "name",       "description",
                                               "ref",      "released_at", "milestones", "assets"};
  if (!checks.mapping(value, what) || !checks.keys(value, kKeys, what)) return;
  for (const std::string_view key : {"tag_name", "description"}) {
    const yaml::Node* text = value.find(key);
    if (text == nullptr || (is_blank(*text) && !is_unknown(*text))) {
      checks.refuse(value, fmt::format("{} has no '{}'", what, key));
    } else {
      checks.string(*text, fmt::format("'{}' in {}", key, what));
    }
  }
  if (const yaml::Node* list = value_of(value, "milestones"); list != nullptr && !is_blank(*list))
    checks.strings_or_string(*list, fmt::format("'milestones' in {}", what));
  if (const yaml::Node* assets = value_of(value, "assets")) {
    static constexpr std::string_view kAssets[] = {"links"};
    if (checks.mapping(*assets, what)) checks.keys(*assets, kAssets, fmt::format("'assets' in {}", what));
  }
}

void pages(const yaml::Node& value, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"path_prefix", "expire_in", "publish"};
  if (!value.is_mapping()) return checks.boolean(value, what);
  checks.keys(value, kKeys, what);
  for (const std::string_view key : {"path_prefix", "publish"}) {
    if (const yaml::Node* text = value_of(value, key))
      checks.string(*text, fmt::format("'{}' in {}", key, what));
  }
}

using Check = void (*)(const yaml::Node& value, const std::string& what, Checks& checks);

constexpr std::pair<std::string_view, Check> kChecks[] = {
    {"before_script", commands},
    {"script", commands},
    {"after_script", commands},
    {"timeout", timeout},
    {"interruptible", boolean},
    {"tags", tags},
    {"coverage", coverage},
    {"hooks", hooks},
    {"id_tokens", id_tokens},
    {"environment", environment},
    {"release", release},
    {"pages", pages},
    {"publish", string},
    {"artifacts", validate_artifacts},
    {"cache", validate_caches},
    {"image", validate_image},
    {"services", validate_services},
    {"parallel", validate_parallel},
    {"retry", validate_retry},
};

}  // namespace

void validate_key(std::string_view key, const yaml::Node& value, const std::string& of, Checks& checks) {
  if (is_unknown(value)) return;
  for (const auto& [name, check] : kChecks) {
    if (name == key)
      return check(value, of.empty() ? fmt::format("'{}'", key) : fmt::format("'{}' of {}", key, of), checks);
  }
}

void validate_default(const yaml::Node& value, Checks& checks) {
  if (!checks.mapping(value, "'default'") || !checks.keys(value, kDefaultKeys, "'default'")) return;
  for (const auto& entry : value.entries) {
    if (!entry.value.is_null()) validate_key(entry.key.text, entry.value, "'default'", checks);
  }
}

void validate_inherit(const yaml::Node& inherit, const std::string& of, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"default", "variables"};
  const std::string what = fmt::format("'inherit' of {}", of);
  if (!checks.mapping(inherit, what) || !checks.keys(inherit, kKeys, what)) return;
  for (const auto& entry : inherit.entries) {
    if (entry.value.is_null() || is_unknown(entry.value)) continue;
    const std::string inner = fmt::format("'inherit:{}' of {}", entry.key.text, of);
    if (!entry.value.is_sequence()) {
      checks.boolean(entry.value, inner);
      continue;
    }
    checks.strings(entry.value, inner);
    if (entry.key.text != "default") continue;
    for (const auto& item : entry.value.items) {
      if (!is_unknown(item)) checks.one_of(item, kDefaultKeys, inner);
    }
  }
}

void validate_variables(const yaml::Node& variables, const std::string& what, Variables kind,
                        Checks& checks) {
  static constexpr std::string_view kRoot[] = {"value", "description", "expand", "options"};
  static constexpr std::string_view kJob[] = {"value", "expand"};
  if (!checks.mapping(variables, what)) return;
  for (const auto& entry : variables.entries) {
    const yaml::Node& value = entry.value;
    const std::string name = fmt::format("'{}' in {}", entry.key.text, what);
    if (is_unknown(value) || (value.is_scalar() && !value.is_null())) continue;
    if (kind == Variables::rule || kind == Variables::service) {
      checks.refuse(entry.key, name + " is not a string");
      continue;
    }
    if (value.is_null()) continue;
    if (!checks.mapping(value, name) ||
        !checks.keys(value, kind == Variables::root ? Words(kRoot) : Words(kJob), name))
      continue;
    const yaml::Node* text = value_of(value, "value");
    if (text != nullptr && !text->is_scalar())
      checks.refuse(*text, name + " has a value that is not a string");
    const yaml::Node* description = value_of(value, "description");
    if (description != nullptr && !description->is_scalar())
      checks.refuse(*description, name + " has a description that is not a string");
    if (const yaml::Node* expand = value_of(value, "expand")) checks.boolean(*expand, name);
    const yaml::Node* options = value_of(value, "options");
    if (options == nullptr) continue;
    checks.strings(*options, name);
    bool among = options->items.empty() || value.find("value") == nullptr ? options->items.empty() : false;
    for (const auto& option : options->items)
      among = among || is_unknown(option) || (text != nullptr && option.text == text->text);
    if (!among) checks.refuse(*options, name + " has a value that is not one of its options");
  }
}

}  // namespace exitgate::collect::ci::gitlab
