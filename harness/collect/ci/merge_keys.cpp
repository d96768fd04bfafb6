#include "harness/collect/ci/merge_keys.h"

#include <algorithm>
#include <vector>

namespace exitgate::collect::ci {

const yaml::Node* find_merge_key(const yaml::Node& node) {
  for (const auto& item : node.items) {
    if (const yaml::Node* key = find_merge_key(item)) return key;
  }
  for (const auto& entry : node.entries) {
    if (entry.key.text == "<<" && !entry.value.is_scalar()) return &entry.key;
    if (entry.key.text == "matrix") continue;
    if (const yaml::Node* key = find_merge_key(entry.value)) return key;
  }
  return nullptr;
}

void apply_merge_keys(yaml::Node& node) {
  for (auto& item : node.items) apply_merge_keys(item);
  for (auto& entry : node.entries) apply_merge_keys(entry.value);
  if (!node.is_mapping() || node.find("<<") == nullptr) return;
  const yaml::Node merged = *node.find("<<");
  node.index.clear();
  std::erase_if(node.entries, [](const yaml::Entry& entry) { return entry.key.text == "<<"; });
  const auto add = [&](const yaml::Node& from) {
    for (const auto& entry : from.entries) {
      if (node.find(entry.key.text) == nullptr) node.entries.push_back(entry);
    }
  };
  if (merged.is_mapping()) add(merged);
  for (const auto& item : merged.items) add(item);
}

}  // namespace exitgate::collect::ci
