#include "harness/collect/ci/gitlab/tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "harness/collect/ci/gitlab/document.h"
#include "harness/collect/ci/gitlab/include.h"
#include "harness/collect/ci/gitlab/inputs.h"
#include "harness/collect/ci/gitlab/merge.h"
#include "harness/collect/ci/gitlab/resolve.h"
#include "harness/collect/ci/gitlab/rule_validation.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostIncludes = 150;  // GitLab's own limit

void set_source(yaml::Node& node, std::uint16_t source) {
  node.source = source;
  for (auto& item : node.items) set_source(item, source);
  for (auto& entry : node.entries) {
    entry.key.source = source;
    set_source(entry.value, source);
  }
}

class TreeReader {
 public:
  TreeReader(const Source& commit, std::string_view source) : commit_(commit), source_(source) {}

  Tree read(const std::string& path) {
    yaml::Node root = load(path, nullptr, nullptr);
    return finish(std::move(root));
  }

  Tree read(const yaml::Node& include) {
    yaml::Node root = empty();
    add_includes(include, root, 0, false);
    return finish(std::move(root));
  }

 private:
  static yaml::Node empty() {
    yaml::Node nothing;
    nothing.kind = yaml::Kind::mapping;
    nothing.line = 1;
    return nothing;
  }

  Tree finish(yaml::Node root) {
    tree_.all_known = tree_.all_known && tree_.unreadable.empty() && tree_.problems.empty();
    tree_.root = std::move(root);
    resolve(tree_);
    return std::move(tree_);
  }

  std::size_t number_of(const std::string& path) {
    const auto known = std::find(tree_.files.begin(), tree_.files.end(), path);
    if (known == tree_.files.end()) {
      tree_.files.push_back(path);
      return tree_.files.size() - 1;
    }
    return static_cast<std::size_t>(known - tree_.files.begin());
  }

  // `at`: the `include:` that names it, or nullptr.
  yaml::Node load(const std::string& path, const yaml::Node* inputs, const yaml::Node* at) {
    const std::size_t number = number_of(path);
    const auto refuse = [&](int line, std::string reason) {
      const Place here{number, line};
      tree_.refusals.push_back({line == 0 && at != nullptr ? place_of(*at) : here, std::move(reason)});
    };
    const auto unreadable = [&](std::string reason) {
      const auto same = [&](const auto& one) { return one.first == path; };
      if (std::none_of(tree_.unreadable.begin(), tree_.unreadable.end(), same))
        tree_.unreadable.emplace_back(path, std::move(reason));
      return empty();
    };
    const auto text = commit_.read(path);
    if (!text) return unreadable("the file is not in the commit, or its blob is missing");
    Document document;
    try {
      document = read_document(*text);
    } catch (const yaml::Problem& problem) {
      return unreadable(fmt::format("line {}: {}", problem.line, problem.what()));
    }
    yaml::Node& root = document.body;
    if (!root.is_mapping()) return unreadable(root.is_null() ? "the file is empty" : "it is not a mapping");
    put_inputs(document, inputs, refuse);
    nodes_ += count_nodes(root);
    if (nodes_ > kMostNodes) return unreadable("the configuration is too large");
    set_source(root, static_cast<std::uint16_t>(number));
    yaml::Node all = empty();
    if (const yaml::Node* include = root.find("include")) add_includes(*include, all, number, true);
    merge(all, root);
    all.line = root.line;
    all.source = root.source;
    return all;
  }

  template <typename Refuse>
  static void put_inputs(Document& document, const yaml::Node* given, const Refuse& refuse) {
    if (document.header.is_null()) {
      if (given != nullptr && !is_blank(*given) && !is_unknown(*given))
        refuse(0, "inputs are given to a file that has no 'spec' which defines them");
      return;
    }
    Inputs inputs(document.header, given);
    inputs.put_into(document.body);
    for (const InputProblem& problem : inputs.problems()) refuse(problem.line, problem.reason);
  }

  void add_includes(const yaml::Node& include, yaml::Node& into, std::size_t number, bool is_part) {
    Refusals refusals;
    const auto all = includes_of(include, commit_, refusals);
    tree_.refusals.insert(tree_.refusals.end(), refusals.begin(), refusals.end());
    for (const Include& one : all) {
      // A pattern names no file that is there already.
      if (one.wildcard && std::find(tree_.files.begin(), tree_.files.end(), one.path) != tree_.files.end())
        continue;
      Runs runs = Runs::yes;
      if (one.rules != nullptr && !one.rules->is_null() && !is_unknown(*one.rules)) {
        Checks checks(tree_.refusals);
        validate_rules(*one.rules, "an include", Rules::include, checks);
      }
      if (one.rules != nullptr && one.rules->is_sequence())
        runs = decide_by_rules(*one.rules, "always", expression::Truth::no, source_).runs;
      if (runs == Runs::no) continue;
      if (!one.unknown.empty()) {
        tree_.problems.emplace_back(place_of(*one.at), one.unknown);
        tree_.all_known = false;
      }
      if (one.path.empty()) continue;
      if (++includes_ > kMostIncludes) {
        if (includes_ == kMostIncludes + 1)
          tree_.refusals.push_back(
              {place_of(*one.at), fmt::format("more than {} files are included", kMostIncludes)});
        return;
      }
      if (runs != Runs::yes) {
        tree_.problems.emplace_back(
            place_of(*one.at),
            fmt::format(
                "'{}' is included by rules that are decided only then: its jobs are taken as included",
                one.path));
      }
      const Place at = place_of(*one.at);
      yaml::Node file = load(one.path, one.inputs, one.at);
      if (is_part) tree_.included.push_back({{number, at.line}, number_of(one.path)});
      merge(into, file);
    }
  }

  const Source& commit_;
  std::string_view source_;
  Tree tree_;
  std::size_t includes_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

Tree read_tree(const std::string& path, const Source& commit, std::string_view source) {
  return TreeReader(commit, source).read(path);
}

Tree read_child(const yaml::Node& include, const Source& commit, std::string_view source) {
  return TreeReader(commit, source).read(include);
}

void flatten_lists(yaml::Node& node) {
  std::vector<yaml::Node> items;
  for (auto& item : node.items) {
    flatten_lists(item);
    if (item.is_sequence()) {
      std::move(item.items.begin(), item.items.end(), std::back_inserter(items));
    } else {
      items.push_back(std::move(item));
    }
  }
  node.items = std::move(items);
  for (auto& entry : node.entries) flatten_lists(entry.value);
}

}  // namespace exitgate::collect::ci::gitlab
