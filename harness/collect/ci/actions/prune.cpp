#include "harness/collect/ci/actions/prune.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "harness/collect/ci/reference.h"

namespace exitgate::collect::ci::actions {

namespace {

const yaml::Node& no_node() {
  static const yaml::Node node;
  return node;
}

// What is still asked of a step's node once the step is read: nothing but the inputs of what it may call, the
// variables that its expressions may name, and what is written as it stands.
bool is_asked(const Step& step, std::string_view key) {
  if (key == "with")
    return step.uses && (local_path(*step.uses) || step.uses->find("checkout") != std::string::npos);
  return key == "env" && (step.condition || step.continue_on_error || step.artifact != nullptr ||
                          (step.uses && local_path(*step.uses)));
}

template <typename Wanted>
void keep_entries(yaml::Node& node, const Wanted& wanted) {
  node.index.clear();
  std::erase_if(node.entries, [&](const yaml::Entry& entry) { return !wanted(entry.key.text); });
  node.entries.shrink_to_fit();
}

// Drops the rest: steps are most of a workflow, and there may be thousands of files.
void prune_steps(yaml::Node& list, std::vector<Step>& steps, std::size_t& next) {
  for (yaml::Node& node : list.items) {
    if (!node.is_mapping()) continue;
    if (const yaml::Node* block = node.find("parallel"); block != nullptr && block->is_sequence()) {
      for (yaml::Entry& entry : node.entries) {
        if (&entry.value == block) prune_steps(entry.value, steps, next);
      }
      continue;
    }
    Step& step = steps[next++];
    keep_entries(node, [&](std::string_view key) { return is_asked(step, key); });
    if (node.entries.empty()) step.node = &no_node();
  }
}

}  // namespace

void prune(yaml::Node& node, std::vector<Step>& steps) {
  constexpr std::string_view kAsked[] = {"with",    "secrets",     "strategy",    "outputs", "env",
                                         "runs-on", "permissions", "environment", "defaults"};
  for (yaml::Entry& entry : node.entries) {
    std::size_t next = 0;
    if (entry.key.text == "steps" && entry.value.is_sequence()) prune_steps(entry.value, steps, next);
  }
  const bool any_step =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.node != &no_node(); });
  keep_entries(node, [&](std::string_view key) {
    return std::find(std::begin(kAsked), std::end(kAsked), key) != std::end(kAsked) ||
           (any_step && key == "steps");
  });
}

}  // namespace exitgate::collect::ci::actions
