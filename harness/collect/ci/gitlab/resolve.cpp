#include "harness/collect/ci/gitlab/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/collect/ci/gitlab/merge.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kDeepestExtends = 10;  // GitLab's own limit
constexpr std::size_t kDeepestReference = 60;

std::string names(const yaml::Node& reference) {
  std::string text;
  for (const auto& part : reference.items) text += (text.empty() ? "" : ", ") + part.text;
  return '[' + text + ']';
}

class Resolver {
 public:
  explicit Resolver(Tree& tree) : tree_(tree) {
    for (std::size_t i = 0; i < tree.root.entries.size(); ++i) at_.emplace(tree.root.entries[i].key.text, i);
    tree.root.index.clear();
  }

  void run() {
    state_.assign(tree_.root.entries.size(), State::open);
    std::vector<std::size_t> chain;
    for (std::size_t i = 0; i < tree_.root.entries.size(); ++i) extend(i, chain);
    state_.assign(tree_.root.entries.size(), State::open);
    std::vector<const yaml::Node*> path;
    for (auto& entry : tree_.root.entries) refer(entry.value, path);
  }

 private:
  enum class State { open, done };

  yaml::Entry& entry(std::size_t i) { return tree_.root.entries[i]; }
  void refuse(const yaml::Node& at, std::string reason) {
    tree_.refusals.push_back({place_of(at), std::move(reason)});
  }

  void extend(std::size_t i, std::vector<std::size_t>& chain) {
    if (state_[i] == State::done) return;
    const yaml::Node* extends = entry(i).value.find("extends");
    if (extends == nullptr || is_unknown(*extends) || !entry(i).value.is_mapping()) {
      state_[i] = State::done;
      return;
    }
    const std::string& name = entry(i).key.text;
    if (std::find(chain.begin(), chain.end(), i) != chain.end()) {
      if (!circular_)
        refuse(entry(i).key, fmt::format("'{}' extends itself, by way of others or directly", name));
      circular_ = true;
      return;
    }
    if (chain.size() > kDeepestExtends) {
      refuse(entry(i).key,
             fmt::format("'{}' is extended by more than {} others in a row", name, kDeepestExtends));
      return;
    }
    std::vector<std::string> bases;
    if (const auto one = text_of(extends)) bases.push_back(*one);
    for (const auto& item : extends->items) bases.push_back(item.text);
    chain.push_back(i);
    yaml::Node all;
    all.kind = yaml::Kind::mapping;
    bool unknown = false;
    for (const std::string& base : bases) {
      const auto found = at_.find(base);
      if (found == at_.end() || !entry(found->second).value.is_mapping()) {
        unknown = true;
        missing(i, base, found != at_.end());
        continue;
      }
      extend(found->second, chain);
      const yaml::Node& value = entry(found->second).value;
      unknown = unknown || value.tag == kUnknown;
      nodes_ += count_nodes(value);
      if (nodes_ > kMostNodes) break;
      merge(all, value);
    }
    chain.pop_back();
    yaml::Node& own = entry(i).value;
    merge(all, own);
    all.line = own.line;
    all.column = own.column;
    all.source = own.source;
    if (unknown) all.tag = kUnknown;
    own = std::move(all);
    state_[i] = State::done;
  }

  void missing(std::size_t i, const std::string& base, bool is_there) {
    const yaml::Node& key = entry(i).key;
    if (tree_.all_known || is_there) {
      refuse(key, fmt::format("'{}' extends '{}', which {}", key.text, base,
                              is_there ? "is not a mapping" : "is not there"));
    } else if (!key.text.starts_with('.')) {
      tree_.problems.emplace_back(place_of(key),
                                  fmt::format("job '{}' extends '{}', which is not there", key.text, base));
    }
  }

  // What `!reference [job, key, …]` names: the value there.
  const yaml::Node* target(const yaml::Node& reference) {
    const yaml::Node* at = nullptr;
    for (const auto& part : reference.items) {
      if (at != nullptr) {
        at = at->find(part.text);
      } else if (const auto found = at_.find(part.text); found != at_.end()) {
        at = &entry(found->second).value;
      }
      if (at == nullptr) return nullptr;
    }
    return at;
  }

  // `path`: the references that lead here, the values that they name.
  void refer(yaml::Node& node, std::vector<const yaml::Node*>& path) {
    if (node.tag == kReference) return put(node, path);
    for (auto& item : node.items) refer(item, path);
    for (auto& entry : node.entries) refer(entry.value, path);
  }

  void put(yaml::Node& node, std::vector<const yaml::Node*>& path) {
    const yaml::Node* found = target(node);
    const bool circular = found != nullptr && (std::find(path.begin(), path.end(), found) != path.end() ||
                                               path.size() >= kDeepestReference);
    if (found == nullptr || found->is_null() || circular) {
      if (tree_.all_known || circular) {
        refuse(node, fmt::format("`!reference {}` {}", names(node),
                                 circular ? "leads back to itself" : "names what is not there"));
      }
      return set_unknown(node);
    }
    nodes_ += count_nodes(*found);
    if (nodes_ > kMostNodes) return set_unknown(node);
    yaml::Node copy = *found;
    path.push_back(found);
    refer(copy, path);
    path.pop_back();
    node = std::move(copy);
  }

  static void set_unknown(yaml::Node& node) {
    yaml::Node unknown;
    unknown.line = node.line;
    unknown.column = node.column;
    unknown.source = node.source;
    unknown.tag = kUnknown;
    node = std::move(unknown);
  }

  Tree& tree_;
  std::unordered_map<std::string, std::size_t> at_;
  std::vector<State> state_;
  bool circular_ = false;
  std::size_t nodes_ = 0;
};

}  // namespace

void resolve(Tree& tree) {
  Resolver(tree).run();
}

}  // namespace exitgate::collect::ci::gitlab
