#include "harness/collect/ci/model.h"

#include <algorithm>
#include <utility>

namespace exitgate::collect::ci {

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

const yaml::Node& Model::keep(yaml::Node tree) {
  trees.push_back(std::make_unique<yaml::Node>(std::move(tree)));
  return *trees.back();
}

}  // namespace exitgate::collect::ci
