#include "harness/collect/ci/gitlab_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"

namespace exitgate::collect::ci {

namespace {

constexpr std::size_t kMostFiles = 150;      // GitLab's own limit
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

void shift_lines(yaml::Node& node, int by) {
  node.line += by;
  for (auto& item : node.items) shift_lines(item, by);
  for (auto& entry : node.entries) {
    entry.key.line += by;
    shift_lines(entry.value, by);
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

// `<<`: what the mapping itself does not say. Only one level deep, as YAML has it.
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

class TreeReader {
 public:
  TreeReader(const ReadFile& read, const FindFiles& find_files) : read_(read), find_files_(find_files) {}

  GitlabTree read(const std::string& path) {
    tree_.root = load(path);
    return std::move(tree_);
  }

 private:
  yaml::Node load(const std::string& path) {
    yaml::Node nothing;
    nothing.kind = yaml::Kind::mapping;
    if (!seen_.insert(path).second) return nothing;
    const std::size_t number = tree_.files.size();
    if (number >= kMostFiles) return nothing;
    tree_.files.push_back(path);
    const auto refuse = [&](std::string reason) {
      tree_.problems.emplace_back(path, std::move(reason));
      return nothing;
    };
    const auto text = read_(path);
    if (!text) return refuse("the file is not in the commit, or its blob is missing");
    yaml::Node root;
    try {
      root = yaml::parse(*text, {.bytes = 1U << 20, .list_tag = "!reference"});
    } catch (const yaml::Problem& problem) {
      return refuse(fmt::format("line {}: {}", problem.line, problem.what()));
    }
    if (!root.is_mapping()) return refuse(root.is_null() ? "the file is empty" : "no mapping");
    apply_merge_keys(root);
    nodes_ += count(root);
    if (nodes_ > kMostNodes) return refuse("the configuration is too large");
    shift_lines(root, static_cast<int>(number << kFileShift));
    yaml::Node all = nothing;
    if (const yaml::Node* include = root.find("include")) {
      for (const std::string& name : local_files(*include)) merge(all, load(name));
    }
    merge(all, root);
    all.line = root.line;
    return all;
  }

  std::vector<std::string> local_files(const yaml::Node& include) {
    std::vector<std::string> files;
    const auto add = [&](std::string path) {
      while (path.starts_with('/')) path.erase(0, 1);
      if (path.find('*') == std::string::npos) {
        files.push_back(std::move(path));
      } else {
        for (auto& one : find_files_(path)) files.push_back(std::move(one));
      }
    };
    const auto add_one = [&](const yaml::Node& one) {
      if (const auto path = text_of(&one)) {
        if (path->find("://") == std::string::npos) return add(*path);
      } else if (const auto local = text_of(one.find("local"))) {
        return add(*local);
      }
      if (gitlab_file(one.line) == 0) {
        tree_.remarks.push_back(
            {gitlab_line(one.line), "includes what is not in this repository: its jobs are not known"});
      }
    };
    if (include.is_sequence()) {
      for (const auto& item : include.items) add_one(item);
    } else if (!include.is_null()) {
      add_one(include);
    }
    return files;
  }

  const ReadFile& read_;
  const FindFiles& find_files_;
  GitlabTree tree_;
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
  return all;
}

}  // namespace

int gitlab_line(int line) {
  return line & ((1 << kFileShift) - 1);
}

std::size_t gitlab_file(int line) {
  return static_cast<std::size_t>(line) >> kFileShift;
}

GitlabTree read_gitlab_tree(const std::string& path, const ReadFile& read, const FindFiles& find) {
  return TreeReader(read, find).read(path);
}

std::optional<yaml::Node> resolve_job(const yaml::Node& root, std::string_view name) {
  auto job = extended(root, name, 0);
  std::size_t budget = 20'000;
  if (job) put_references(*job, root, 0, budget);
  return job;
}

}  // namespace exitgate::collect::ci
