#include "harness/collect/ci/model.h"

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::collect::ci {

std::string_view runs_name(Runs runs) {
  switch (runs) {
    case Runs::unreached:
      return "unreached";
    case Runs::no:
      return "no";
    case Runs::failure:
      return "failure";
    case Runs::maybe:
      return "maybe";
    case Runs::yes:
      return "yes";
  }
  return "maybe";
}

namespace {

bool is_object_id(std::string_view ref) {
  const bool hexadecimal = std::all_of(ref.begin(), ref.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  return hexadecimal && (ref.size() == 40 || ref.size() == 64);  // SHA-1 or SHA-256
}

}  // namespace

ActionReference read_reference(std::string_view uses) {
  uses = trim(uses);
  ActionReference reference;
  const std::size_t at = uses.find('@');
  reference.action = uses.substr(0, at);
  if (at != std::string_view::npos) reference.ref = uses.substr(at + 1);
  if (uses.starts_with("./") || uses.starts_with(".\\") || uses.starts_with("$/") || uses == ".") {
    reference.pin = "local";
  } else if (uses.starts_with("docker://")) {
    reference.pin = "image";
  } else if (!reference.ref) {
    reference.pin = "none";
  } else {
    reference.pin = is_object_id(*reference.ref) ? "sha" : "ref";
  }
  return reference;
}

std::optional<std::string> local_path(std::string_view uses) {
  uses = trim(uses);
  if (!uses.starts_with("./") && !uses.starts_with("$/") && uses != ".") return std::nullopt;
  uses.remove_prefix(1);
  std::vector<std::string> parts;
  for (std::string& part : split(uses, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(std::move(part));
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

std::optional<std::string> text_of(const yaml::Node* node) {
  if (node == nullptr || !node->is_scalar() || node->is_null()) return std::nullopt;
  return node->text;
}

const Job* Workflow::job(std::string_view id) const {
  const auto found = std::find_if(jobs.begin(), jobs.end(), [&](const Job& job) { return job.id == id; });
  return found == jobs.end() ? nullptr : &*found;
}

const Trigger* Workflow::trigger(std::string_view event) const {
  const auto found = std::find_if(triggers.begin(), triggers.end(),
                                  [&](const Trigger& trigger) { return trigger.event == event; });
  return found == triggers.end() ? nullptr : &*found;
}

}  // namespace exitgate::collect::ci
