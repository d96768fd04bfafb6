#include "harness/collect/ci/gitlab/merge.h"

#include <string_view>
#include <unordered_map>

namespace exitgate::collect::ci::gitlab {

void merge(yaml::Node& into, const yaml::Node& over) {
  if (!into.is_mapping() || !over.is_mapping()) {
    into = over;
    return;
  }
  // What goes before is where it is written.
  if (over.line != 0 && !over.entries.empty()) {
    into.line = over.line;
    into.column = over.column;
    into.source = over.source;
  }
  into.index.clear();  // the look-up of a mapping that grows is another
  // Their texts move when the list of entries grows, so that the look-up keeps its own.
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < into.entries.size(); ++i) at.emplace(into.entries[i].key.text, i);
  for (const auto& entry : over.entries) {
    const auto [known, is_new] = at.try_emplace(entry.key.text, into.entries.size());
    if (is_new) {
      into.entries.push_back(entry);
    } else {
      merge(into.entries[known->second].value, entry.value);
    }
  }
}

std::size_t count_nodes(const yaml::Node& node) {
  std::size_t nodes = 1;
  for (const auto& item : node.items) nodes += count_nodes(item);
  for (const auto& entry : node.entries) nodes += count_nodes(entry.value) + 1;
  return nodes;
}

}  // namespace exitgate::collect::ci::gitlab
