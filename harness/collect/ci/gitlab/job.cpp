#include "harness/collect/ci/gitlab/job.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/collect/ci/gitlab/duration.h"

namespace exitgate::collect::ci::gitlab {

namespace {

// Keys at the top that are not jobs.
constexpr std::string_view kReserved[] = {"include",      "before_script", "image",  "services",
                                          "after_script", "variables",     "stages", "cache"};

// Keys that a job takes over of `default:`; those that are reserved at the top as well, of there.
constexpr std::string_view kInheritable[] = {
    "after_script",  "artifacts", "before_script", "cache", "hooks",   "id_tokens", "image",
    "interruptible", "retry",     "services",      "tags",  "timeout", "identity"};

// Whether the job takes over `key` of `default:`: `inherit: {default: false}`, or a list of keys.
bool inherits(const yaml::Node& job, std::string_view key) {
  const yaml::Node* inherit = job.find("inherit");
  const yaml::Node* which = inherit == nullptr ? nullptr : inherit->find("default");
  if (which == nullptr) return true;
  if (which->kind == yaml::Kind::boolean) return which->boolean;
  return std::any_of(which->items.begin(), which->items.end(),
                     [&](const yaml::Node& item) { return item.text == key; });
}

}  // namespace

bool is_job(const yaml::Entry& entry) {
  const std::string& name = entry.key.text;
  if (!entry.value.is_mapping() || name.starts_with('.')) return false;
  if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved)) return false;
  // These are jobs where they look like one.
  if (name != "default" && name != "workflow") return true;
  return std::any_of(entry.value.entries.begin(), entry.value.entries.end(), [](const yaml::Entry& key) {
    return key.key.text == "script" || key.key.text == "run" || key.key.text == "trigger" ||
           key.key.text == "needs";
  });
}

std::string lines_of(const yaml::Node& node) {
  if (node.is_scalar()) return node.text;
  std::string text;
  for (const auto& item : node.items) text += (text.empty() ? "" : "\n") + lines_of(item);
  return text;
}

const yaml::Node* inherited(const yaml::Node& job, const yaml::Node& root, std::string_view key) {
  if (const yaml::Node* own = job.find(key); own != nullptr && !own->is_null()) return own;
  if (!inherits(job, key)) return nullptr;
  if (const yaml::Node* defaults = root.find("default")) {
    if (const yaml::Node* value = defaults->find(key); value != nullptr && !value->is_null()) return value;
  }
  const yaml::Node* at_top = root.find(key);
  return at_top == nullptr || at_top->is_null() ? nullptr : at_top;
}

yaml::Node with_inherited(const yaml::Node& job, const yaml::Node& root) {
  yaml::Node whole = job;
  whole.index.clear();  // find() is of its own keys, which are more now
  for (const std::string_view key : kInheritable) {
    const bool at_top = std::find(std::begin(kReserved), std::end(kReserved), key) != std::end(kReserved);
    const yaml::Node* value = at_top ? inherited(job, root, key) : nullptr;
    if (!at_top && inherits(job, key)) {
      const yaml::Node* defaults = root.find("default");
      value = defaults == nullptr ? nullptr : defaults->find(key);
    }
    if (value == nullptr || value->is_null() || job.find(key) != nullptr) continue;
    yaml::Node name;
    name.kind = yaml::Kind::string;
    name.text = key;
    whole.entries.push_back({std::move(name), *value});
  }
  return whole;
}

std::size_t stage_of(const yaml::Node& job, const yaml::Node& root) {
  static constexpr std::string_view kStages[] = {"build", "test", "deploy"};
  const std::string stage = text_of(job.find("stage")).value_or("test");
  if (stage == ".pre") return 0;
  std::size_t at = 1;
  if (const yaml::Node* stages = root.find("stages"); stages != nullptr && !stages->items.empty()) {
    for (const auto& item : stages->items) {
      if (item.text == stage) return at;
      ++at;
    }
  } else {
    for (const std::string_view name : kStages) {
      if (name == stage) return at;
      ++at;
    }
  }
  return stage == ".post" ? at : 0;  // one that is not there is refused
}

std::vector<Service> services_of(const yaml::Node& job, const yaml::Node& root,
                                 const std::function<int(const yaml::Node&)>& line_of) {
  std::vector<Service> all;
  const yaml::Node* services = inherited(job, root, "services");
  if (services == nullptr) return all;
  for (const auto& item : services->items) {
    const auto image = item.is_mapping() ? text_of(item.find("name")) : text_of(&item);
    std::string name = text_of(item.find("alias")).value_or(image.value_or(""));
    if (item.find("alias") == nullptr) name = name.substr(0, name.find(':'));
    all.push_back({std::move(name), image, line_of(item)});
  }
  return all;
}

Artifact upload_of(const yaml::Node& artifacts, const std::string& job, Taken taken) {
  Artifact artifact;
  artifact.direction = facts::ci::Direction::upload;
  artifact.second_upload = facts::ci::SecondUpload::separate;
  artifact.reference = {"artifacts", std::nullopt, facts::ci::Pin::none};
  artifact.name = text_of(artifacts.find("name"));
  artifact.name_pattern = job;  // others take it over by the job's name
  std::string paths;
  const auto add = [&](const yaml::Node& from) {
    const std::string text = lines_of(from);
    if (!text.empty()) paths += (paths.empty() ? "" : "\n") + text;
  };
  if (const yaml::Node* list = artifacts.find("paths"); list != nullptr && taken != Taken::reports)
    add(*list);
  if (const yaml::Node* reports = artifacts.find("reports"); reports != nullptr && taken != Taken::paths) {
    for (const auto& entry : reports->entries) {
      if (entry.value.is_mapping()) {
        if (const yaml::Node* path = entry.value.find("path")) add(*path);
      } else {
        add(entry.value);
      }
    }
  }
  if (!paths.empty()) artifact.path = paths;
  artifact.retention = text_of(artifacts.find("expire_in"));
  if (artifact.retention) artifact.retention_days = days_of(*artifact.retention);
  return artifact;
}

}  // namespace exitgate::collect::ci::gitlab
