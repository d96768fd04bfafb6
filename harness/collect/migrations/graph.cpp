#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/environment.h"

namespace exitgate::collect {

namespace {

using Index = std::map<std::string, const Revision*, std::less<>>;

// Revisions that stand in a cycle or on one, sorted: what is left when all that stands on nothing is taken
// away, again and again. Those that merely follow a cycle are taken away from the other end.
std::vector<std::string> in_cycles(const Index& index) {
  std::map<std::string, std::set<std::string>, std::less<>> parents;
  for (const auto& [id, revision] : index) {
    auto& of = parents[id];
    for (const auto* list : {&revision->down, &revision->depends}) {
      for (const auto& parent : *list) {
        if (index.count(parent) != 0) of.insert(parent);
      }
    }
  }
  const auto prune = [&parents] {
    std::map<std::string, std::vector<std::string>, std::less<>> children;
    std::map<std::string, std::size_t, std::less<>> open;
    std::vector<std::string> free;
    for (const auto& [id, of] : parents) {
      open[id] = of.size();
      if (of.empty()) free.push_back(id);
      for (const auto& parent : of) children[parent].push_back(id);
    }
    while (!free.empty()) {
      const std::string id = std::move(free.back());
      free.pop_back();
      parents.erase(id);
      for (const auto& child : children[id]) {
        if (--open[child] == 0) free.push_back(child);
      }
    }
    for (auto& [id, of] : parents) {
      std::erase_if(of, [&parents](const std::string& parent) { return parents.count(parent) == 0; });
    }
  };
  prune();
  std::map<std::string, std::set<std::string>, std::less<>> reversed;
  for (const auto& [id, of] : parents) {
    reversed[id];
    for (const auto& parent : of) reversed[parent].insert(id);
  }
  parents = std::move(reversed);
  prune();
  std::vector<std::string> left;
  left.reserve(parents.size());
  for (const auto& [id, of] : parents) left.push_back(id);
  return left;
}

}  // namespace

Graph analyze_graph(const Environment& environment) {
  Graph graph;
  Index index;
  for (const auto& revision : environment.revisions) {
    const auto [known, added] = index.emplace(revision.id, &revision);
    if (!added) {
      graph.problems.push_back({revision.file, revision.line,
                                fmt::format("revision '{}' is present more than once: also in {}",
                                            revision.id, known->second->file)});
    }
  }
  std::set<std::string, std::less<>> followed;
  std::set<std::string, std::less<>> repeatable;
  bool all_known = environment.complete;
  for (const auto& revision : environment.revisions) {
    all_known = all_known && revision.down_known;
    if (revision.repeatable) repeatable.insert(revision.id);
    for (const auto& parent : revision.down) {
      followed.insert(parent);
      if (index.count(parent) != 0) continue;
      graph.problems.push_back(
          {revision.file, revision.line,
           fmt::format("revision '{}' follows '{}', which is not there", revision.id, parent)});
    }
    for (const auto& parent : revision.depends) {
      if (index.count(parent) != 0) continue;
      graph.problems.push_back(
          {revision.file, revision.line,
           fmt::format("revision '{}' depends on '{}', which is not there", revision.id, parent)});
    }
  }
  for (const auto& [id, revision] : index) {
    if (repeatable.count(id) != 0) continue;
    // Any revision could be what the unknown one follows.
    if (all_known && followed.count(id) == 0) graph.heads.push_back(id);
    if (revision->down_known && revision->down.empty()) graph.bases.push_back(id);
  }
  const auto cycle = in_cycles(index);
  if (!cycle.empty()) {
    const Revision& first = *index.find(cycle.front())->second;
    graph.problems.push_back({first.file, first.line,
                              fmt::format("revisions follow each other in a cycle: {}", join(cycle, ", "))});
  }
  return graph;
}

}  // namespace exitgate::collect
