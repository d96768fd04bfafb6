#include "harness/collect/ci/gitlab/variables.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr int kDeepest = 20;  // variables that name variables
constexpr std::size_t kLongest = 10'000;

// Predefined variables that are the same in all jobs of a pipeline and of the pipelines that it triggers.
constexpr std::array<std::string_view, 11> kConstant = {
    "CI_COMMIT_",   "CI_MERGE_REQUEST_", "CI_PROJECT_",         "CI_DEFAULT_BRANCH",
    "CI_SERVER_",   "CI_API_V4_URL",     "CI_REGISTRY",         "CI_PAGES_",
    "GITLAB_USER_", "CI_OPEN_MERGE_",    "CI_DEPENDENCY_PROXY_"};

// "unit---linux" of "Unit: [linux]", as GitLab makes `CI_JOB_NAME_SLUG`.
std::string slug_of(std::string_view name) {
  std::string slug = lower(name);
  for (char& c : slug) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) c = '-';
  }
  if (slug.size() > 63) slug.resize(63);
  while (slug.starts_with('-')) slug.erase(0, 1);
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

}  // namespace

Variables::Variables(const yaml::Node& root, const Decision& workflow, std::string_view source,
                     Values forwarded)
    : is_root_(source == kMergeRequest), forwarded_(std::move(forwarded)) {
  for (const std::string_view name : {"CI", "GITLAB_CI"}) predefined_[std::string(name)].text = "true";
  for (const std::string_view unset : {"CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_EXTERNAL_PULL_REQUEST_IID"})
    predefined_[std::string(unset)].text = "";
  predefined_["CI_PIPELINE_SOURCE"].text = std::string(source);
  add(root.find("variables"));
  add(workflow);
}

Variables Variables::of_job(const std::string& id, const yaml::Node& job, const Decision& decision,
                            const ParallelJob* one, std::size_t index, std::size_t total) const {
  Variables own;
  own.is_root_ = is_root_;
  own.predefined_ = predefined_;
  const std::string name = one == nullptr ? id : one->name;
  const yaml::Node* parallel = job.find("parallel");
  const bool known = one != nullptr || parallel == nullptr;
  const auto predefine = [&](const char* variable, std::string text) {
    own.predefined_[variable] = {known ? std::optional(std::move(text)) : std::nullopt, false};
  };
  predefine("CI_JOB_NAME", name);
  predefine("CI_JOB_NAME_SLUG", slug_of(name));
  predefine("CI_NODE_TOTAL", std::to_string(total));
  if (parallel != nullptr) predefine("CI_NODE_INDEX", std::to_string(index));
  own.predefined_["CI_JOB_STAGE"] = {text_of(job.find("stage")).value_or("test"), false};

  const yaml::Node* inherit = job.find("inherit");
  const yaml::Node* which = inherit == nullptr ? nullptr : inherit->find("variables");
  for (const auto& [key, value] : set_) {
    const auto is_key = [&key = key](const yaml::Node& item) { return item.text == key; };
    const bool taken = which == nullptr ||
                       (which->is_sequence() ? std::any_of(which->items.begin(), which->items.end(), is_key)
                                             : boolean_of(*which).value_or(true));
    if (taken) own.set_[key] = value;
  }
  own.add(job.find("variables"));
  if (one != nullptr) {
    for (const auto& [variable, text] : one->variables) own.set_[variable] = {text, true};
  } else if (const yaml::Node* matrix = parallel == nullptr ? nullptr : parallel->find("matrix")) {
    for (const auto& entry : matrix->items) own.add(&entry, true);
  }
  own.add(decision);
  own.forwarded_ = forwarded_;
  return own;
}

Variables::Values Variables::forwarded() const {
  Values values;
  for (const auto& [name, value] : set_) {
    const Expanded expanded = expand("${" + name + "}");
    values[name] = {expanded.known ? std::optional(expanded.text) : std::nullopt, false};
  }
  return values;
}

void Variables::add(const yaml::Node* variables, bool unknown) {
  if (variables == nullptr) return;
  for (const auto& entry : variables->entries) {
    Value value;
    const yaml::Node* text = &entry.value;
    if (text->is_mapping()) {
      if (const yaml::Node* expand = text->find("expand")) value.expand = boolean_of(*expand).value_or(true);
      text = text->find("value");
    }
    if (text != nullptr && text->is_scalar() && !is_unknown(*text) && !unknown) value.text = text->text;
    set_[entry.key.text] = std::move(value);
  }
}

// Where it is not known which of several rules decides, the variables that they set are not known. Without any of them
// there is no such job.
void Variables::add(const Decision& decision) {
  for (const yaml::Node* rule : decision.rules) add(rule->find("variables"), decision.rules.size() > 1);
}

Expanded Variables::expand(std::string_view text) const {
  Expanded expanded;
  append(text, 0, expanded);
  return expanded;
}

void Variables::append(std::string_view text, int depth, Expanded& into) const {
  const auto literal = [&](std::string_view part) {
    if (into.text.size() > kLongest) return;
    into.text += part;
    into.pattern += part;
  };
  while (true) {
    const std::size_t at = text.find('$');
    literal(text.substr(0, at));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at);
    if (text.starts_with("$$")) {
      literal("$");
      text.remove_prefix(2);
      continue;
    }
    const bool brace = text.starts_with("${");
    const std::size_t begin = brace ? 2 : 1;
    std::size_t end = begin;
    while (end < text.size() && is_word_char(text[end])) ++end;
    const bool closed = !brace || (end < text.size() && text[end] == '}');
    const std::size_t size = end + (brace && closed ? 1 : 0);
    if (end == begin || !closed) {
      literal("$");
      text.remove_prefix(1);
      continue;
    }
    append_variable(text.substr(begin, end - begin), text.substr(0, size), depth, into);
    text.remove_prefix(size);
  }
}

void Variables::append_variable(std::string_view name, std::string_view written, int depth,
                                Expanded& into) const {
  const Value* value = nullptr;
  for (const Values* values : {&forwarded_, &set_, &predefined_}) {
    const auto found = values->find(name);
    if (found == values->end()) continue;
    value = &found->second;
    break;
  }
  if (value != nullptr && value->text && depth < kDeepest && into.text.size() < kLongest) {
    if (value->expand) return append(*value->text, depth + 1, into);
    into.text += *value->text;
    into.pattern += *value->text;
    return;
  }
  into.text += written;
  if (!into.pattern.ends_with('*')) into.pattern += '*';
  into.known = false;
  // Each pipeline has an id of its own.
  const auto is_one = [&](std::string_view prefix) { return name.starts_with(prefix); };
  into.constant = into.constant && value == nullptr &&
                  (std::any_of(kConstant.begin(), kConstant.end(), is_one) ||
                   (is_root_ && name.starts_with("CI_PIPELINE_")));
}

}  // namespace exitgate::collect::ci::gitlab
