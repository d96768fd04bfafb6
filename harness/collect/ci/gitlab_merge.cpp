#include "harness/collect/ci/gitlab_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab_rules.h"

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

// Whether a document begins here: `---` and white space.
bool at_marker(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

class TreeReader {
 public:
  TreeReader(const ReadFile& read, const FindFiles& find_files, std::string_view source)
      : read_(read), find_files_(find_files), source_(source) {}

  GitlabTree read(const std::string& path) {
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
    const auto refuse = [&](std::string reason) {
      tree_.problems.emplace_back(path, std::move(reason));
      return nothing;
    };
    const auto text = read_(path);
    if (!text) return refuse("the file is not in the commit, or its blob is missing");
    yaml::Node root;
    try {
      root = parse(*text, inputs);
    } catch (const yaml::Problem& problem) {
      return refuse(fmt::format("line {}: {}", problem.line, problem.what()));
    }
    if (!root.is_mapping()) return refuse(root.is_null() ? "the file is empty" : "no mapping");
    keep_last(root);
    apply_merge_keys(root);
    nodes_ += count(root);
    if (nodes_ > kMostNodes) return refuse("the configuration is too large");
    shift_lines(root, static_cast<int>(number << kFileShift));
    yaml::Node all = nothing;
    if (const yaml::Node* include = root.find("include")) {
      for (const GitlabInclude& one : gitlab_includes(*include, find_files_)) merge(all, included(one));
    }
    merge(all, root);
    all.line = root.line;
    return all;
  }

  yaml::Node included(const GitlabInclude& one) {
    yaml::Node nothing;
    nothing.kind = yaml::Kind::mapping;
    const Runs runs =
        one.rules == nullptr ? Runs::yes : gitlab_rules(*one.rules, "always", false, source_).runs;
    if (runs == Runs::no) return nothing;
    if (!one.unknown.empty()) tree_.remarks.push_back({one.line, one.unknown});
    if (one.path.empty()) return nothing;
    if (runs != Runs::yes) {
      tree_.remarks.push_back(
          {one.line, fmt::format("'{}' is included by rules that are decided only then: its jobs are "
                                 "taken as included",
                                 one.path)});
    }
    return load(one.path, one.inputs);
  }

  static yaml::Node parse(const std::string& text, const yaml::Node* inputs) {
    constexpr yaml::Limits kLimits{
        .bytes = 1U << 20, .duplicate_keys = true, .lenient = true, .list_tag = "!reference"};
    const GitlabText parts = split_header(text);
    if (parts.header.empty()) return yaml::parse(text, kLimits);
    return yaml::parse(put_inputs(parts.body, yaml::parse(parts.header, kLimits), inputs), kLimits);
  }

  const ReadFile& read_;
  const FindFiles& find_files_;
  std::string_view source_;
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

GitlabTree read_gitlab_tree(const std::string& path, const ReadFile& read, const FindFiles& find,
                            std::string_view source) {
  return TreeReader(read, find, source).read(path);
}

std::vector<GitlabInclude> gitlab_includes(const yaml::Node& include, const FindFiles& find) {
  std::vector<GitlabInclude> all;
  const auto add_path = [&](const yaml::Node& one, std::string path) {
    GitlabInclude found{.line = one.line, .inputs = one.find("inputs"), .rules = one.find("rules")};
    while (path.starts_with('/')) path.erase(0, 1);
    if (path.find('$') != std::string::npos) {
      found.unknown =
          fmt::format("includes '{}', whose name is known only then: its jobs are not known", path);
      all.push_back(std::move(found));
    } else if (path.find('*') == std::string::npos) {
      found.path = std::move(path);
      all.push_back(std::move(found));
    } else {
      for (auto& name : find(path)) {
        found.path = std::move(name);
        all.push_back(found);
      }
    }
  };
  const auto add = [&](const yaml::Node& one) {
    if (const auto path = text_of(&one); path && path->find("://") == std::string::npos)
      return add_path(one, *path);
    if (const auto local = text_of(one.find("local"))) return add_path(one, *local);
    GitlabInclude unknown{.line = one.line, .rules = one.find("rules")};
    unknown.unknown = "includes what is not in this repository: its jobs are not known";
    for (const char* kind : {"template", "component", "project", "remote", "artifact"}) {
      if (const auto name = text_of(one.find(kind))) {
        unknown.unknown = fmt::format(
            "includes the {} '{}', which is not in this repository: its jobs are not known", kind, *name);
      }
    }
    all.push_back(std::move(unknown));
  };
  if (include.is_sequence()) {
    for (const auto& item : include.items) add(item);
  } else if (!include.is_null()) {
    add(include);
  }
  return all;
}

GitlabText split_header(std::string_view text) {
  GitlabText parts;
  bool header = false;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (header && at_marker(line)) {
      parts.header = text.substr(0, begin);
      parts.body.assign(static_cast<std::size_t>(std::count(parts.header.begin(), parts.header.end(), '\n')),
                        '\n');
      parts.body += text.substr(begin);
      return parts;
    }
    const bool content =
        !trim(line).empty() && !line.starts_with('#') && !at_marker(line) && !line.starts_with('%');
    if (content && !header && !line.starts_with("spec:")) break;
    header = header || content;
    begin = end + 1;
  }
  parts.body = text;
  return parts;
}

std::string put_inputs(std::string_view text, const yaml::Node& header, const yaml::Node* given) {
  constexpr std::string_view kOpen = "$[[";
  constexpr std::size_t kMostBytes = 2U << 20;  // more than is read in the end
  const yaml::Node* spec = header.find("spec");
  const yaml::Node* declared = spec == nullptr ? nullptr : spec->find("inputs");
  const auto value_of = [&](std::string_view name) -> std::optional<std::string> {
    const yaml::Node* own = given == nullptr ? nullptr : given->find(name);
    if (own != nullptr) return text_of(own);
    const yaml::Node* input = declared == nullptr ? nullptr : declared->find(name);
    return input == nullptr ? std::nullopt : text_of(input->find("default"));
  };
  std::string all;
  while (true) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = open == std::string_view::npos ? open : text.find("]]", open);
    all += text.substr(0, open);
    if (open == std::string_view::npos || all.size() > kMostBytes) return all;
    if (close == std::string_view::npos) return all += text.substr(open);
    std::string_view name = trim(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    constexpr std::string_view kInputs = "inputs.";
    const auto value = name.starts_with(kInputs) ? value_of(name.substr(kInputs.size())) : std::nullopt;
    // A text of several lines would move all that follows.
    if (value && value->find('\n') == std::string::npos) {
      all += *value;
    } else {
      all += text.substr(open, close + 2 - open);
    }
    text.remove_prefix(close + 2);
  }
}

std::optional<yaml::Node> resolve_job(const yaml::Node& root, std::string_view name) {
  auto job = extended(root, name, 0);
  std::size_t budget = 20'000;
  if (job) put_references(*job, root, 0, budget);
  return job;
}

}  // namespace exitgate::collect::ci
