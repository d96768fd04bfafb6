#include "harness/collect/ci/gitlab/tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "harness/collect/ci/gitlab/include.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/merge_keys.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostFiles = 150;      // GitLab's own limit; a node's source holds more
constexpr std::size_t kMostNodes = 400'000;  // of the whole, after everything is put in its place
constexpr int kDeepestExtends = 11;          // GitLab's own limit
constexpr int kDeepestReference = 10;

yaml::Node* find(yaml::Node& mapping, std::string_view key) {
  return const_cast<yaml::Node*>(mapping.find(key));  // NOLINT: of a node that is ours to change
}

std::size_t count(const yaml::Node& node) {
  std::size_t nodes = 1;
  for (const auto& item : node.items) nodes += count(item);
  for (const auto& entry : node.entries) nodes += count(entry.value) + 1;
  return nodes;
}

void set_source(yaml::Node& node, std::uint16_t source) {
  node.source = source;
  for (auto& item : node.items) set_source(item, source);
  for (auto& entry : node.entries) {
    entry.key.source = source;
    set_source(entry.value, source);
  }
}

// Mappings are merged, all else is replaced.
void merge(yaml::Node& into, const yaml::Node& over) {
  if (!into.is_mapping() || !over.is_mapping()) {
    into = over;
    return;
  }
  into.index.clear();  // the look-up of a mapping that grows is the plain one
  for (const auto& entry : over.entries) {
    if (yaml::Node* present = find(into, entry.key.text)) {
      merge(*present, entry.value);
    } else {
      into.entries.push_back(entry);
    }
  }
}

// Of a key that is given twice GitLab takes the last value.
void keep_last(yaml::Node& node) {
  for (auto& item : node.items) keep_last(item);
  std::unordered_map<std::string, std::size_t> at;
  std::vector<yaml::Entry> entries;
  for (auto& entry : node.entries) {
    keep_last(entry.value);
    const auto [known, is_new] = at.try_emplace(entry.key.text, entries.size());
    if (is_new) {
      entries.push_back(std::move(entry));
    } else {
      entries[known->second] = std::move(entry);
    }
  }
  if (entries.size() != node.entries.size()) node.index.clear();
  node.entries = std::move(entries);
}

class TreeReader {
 public:
  TreeReader(const Source& commit, std::string_view source) : commit_(commit), source_(source) {}

  Tree read(const std::string& path) {
    tree_.root = load(path, nullptr);
    return std::move(tree_);
  }

 private:
  yaml::Node load(const std::string& path, const yaml::Node* inputs) {
    yaml::Node nothing;
    nothing.kind = yaml::Kind::mapping;
    if (!seen_.insert(path).second) return nothing;
    const std::size_t number = tree_.files.size();
    if (number >= kMostFiles) return nothing;
    tree_.files.push_back(path);
    const auto unreadable = [&](std::string reason) {
      tree_.unreadable.emplace_back(path, std::move(reason));
      return nothing;
    };
    const auto text = commit_.read(path);
    if (!text) return unreadable("the file is not in the commit, or its blob is missing");
    yaml::Node root;
    try {
      root = parse(*text, inputs);
    } catch (const yaml::Problem& problem) {
      return unreadable(fmt::format("line {}: {}", problem.line, problem.what()));
    }
    if (!root.is_mapping()) return unreadable(root.is_null() ? "the file is empty" : "no mapping");
    keep_last(root);
    apply_merge_keys(root);
    nodes_ += count(root);
    if (nodes_ > kMostNodes) return unreadable("the configuration is too large");
    set_source(root, static_cast<std::uint16_t>(number));
    yaml::Node all = nothing;
    if (const yaml::Node* include = root.find("include")) {
      for (const Include& one : includes_of(*include, commit_)) merge(all, included(one));
    }
    merge(all, root);
    all.line = root.line;
    all.source = root.source;
    return all;
  }

  yaml::Node included(const Include& one) {
    yaml::Node nothing;
    nothing.kind = yaml::Kind::mapping;
    const Runs runs =
        one.rules == nullptr ? Runs::yes : decide_by_rules(*one.rules, "always", false, source_).runs;
    if (runs == Runs::no) return nothing;
    if (!one.unknown.empty()) tree_.problems.emplace_back(place_of(*one.at), one.unknown);
    if (one.path.empty()) return nothing;
    if (runs != Runs::yes) {
      tree_.problems.emplace_back(
          place_of(*one.at),
          fmt::format("'{}' is included by rules that are decided only then: its jobs are taken as included",
                      one.path));
    }
    return load(one.path, one.inputs);
  }

  static yaml::Node parse(const std::string& text, const yaml::Node* inputs) {
    constexpr yaml::Limits kLimits{
        .bytes = 1U << 20, .duplicate_keys = true, .lenient = true, .list_tag = "!reference"};
    const Text parts = split_header(text);
    if (parts.header.empty()) return yaml::parse(text, kLimits);
    return yaml::parse(put_inputs(parts.body, yaml::parse(parts.header, kLimits), inputs), kLimits);
  }

  const Source& commit_;
  std::string_view source_;
  Tree tree_;
  std::set<std::string> seen_;
  std::size_t nodes_ = 0;
};

// `!reference [job, key, …]`: the value there; a list in a list becomes part of it.
void put_references(yaml::Node& node, const yaml::Node& root, int depth, std::size_t& budget) {
  if (depth > kDeepestReference || budget == 0) return;
  --budget;
  if (!node.tag.empty()) {
    const yaml::Node* at = &root;
    for (const auto& part : node.items) at = at == nullptr ? nullptr : at->find(part.text);
    yaml::Node found;
    found.line = node.line;
    found.source = node.source;
    if (at != nullptr && at != &root) found = *at;
    if (count(found) > budget) {
      budget = 0;
      return;
    }
    node = std::move(found);
    return put_references(node, root, depth + 1, budget);
  }
  std::vector<yaml::Node> items;
  for (auto& item : node.items) {
    const bool referred = !item.tag.empty();
    put_references(item, root, depth, budget);
    if (referred && item.is_sequence()) {
      for (auto& inner : item.items) items.push_back(std::move(inner));
    } else {
      items.push_back(std::move(item));
    }
  }
  node.items = std::move(items);
  for (auto& entry : node.entries) put_references(entry.value, root, depth, budget);
}

std::optional<yaml::Node> extended(const yaml::Node& root, std::string_view name, int depth) {
  const yaml::Node* own = root.find(name);
  if (own == nullptr || !own->is_mapping() || depth > kDeepestExtends) return std::nullopt;
  const yaml::Node* extends = own->find("extends");
  if (extends == nullptr) return *own;
  std::vector<std::string> parents;
  if (const auto one = text_of(extends)) parents.push_back(*one);
  for (const auto& item : extends->items) {
    if (auto parent = text_of(&item)) parents.push_back(std::move(*parent));
  }
  yaml::Node all;
  all.kind = yaml::Kind::mapping;
  for (const std::string& parent : parents) {
    const auto base = extended(root, parent, depth + 1);
    if (!base) return std::nullopt;
    merge(all, *base);
  }
  merge(all, *own);
  all.line = own->line;
  all.source = own->source;
  return all;
}

}  // namespace

Place place_of(const yaml::Node& node) {
  return {node.source, node.line};
}

Tree read_tree(const std::string& path, const Source& commit, std::string_view source) {
  return TreeReader(commit, source).read(path);
}

std::optional<yaml::Node> resolve_job(const yaml::Node& root, std::string_view name) {
  auto job = extended(root, name, 0);
  std::size_t budget = 20'000;
  if (job) put_references(*job, root, 0, budget);
  return job;
}

}  // namespace exitgate::collect::ci::gitlab
