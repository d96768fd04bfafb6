#include "harness/suites/resolve.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/config/reader.h"
#include "harness/gate/gate_files.h"
#include "harness/record/names.h"
#include "harness/suites/tree.h"

namespace exitgate::suites {

namespace {

using config::Reader;

constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostFiles = 1000;  // read, each time that it is named
constexpr std::size_t kLargest = 1U << 20U;

// What leads to a file: the includes from exitgate.yaml, or from a file of the suite, on.
struct IncludeChain {
  std::string include;                  // the first one: "exitgate.yaml:4"
  std::string last;                     // the one that names it
  bool trusted = true;                  // IncludedFile::trusted
  std::vector<std::size_t> selections;  // IncludedFile::selections
  std::vector<std::string> files;       // that are being read, for cycles: as they are shown
};

class Resolver {
 public:
  explicit Resolver(const ObjectCache& cache) : cache_(cache), disk_(disk_tree()) {}

  gate::Included included;

  void root(const Root& root) {
    for (const auto& path : root.suite) {
      std::error_code none;
      if (!std::filesystem::exists(path, none)) continue;  // the suite says so itself
      for (const auto& file : gate::gate_files(path)) {
        if (std::filesystem::is_regular_file(file, none)) nested(*disk_, file.string(), read_file(file), {});
      }
    }
    if (root.config == nullptr || !root.config->include) return;
    const Reader read(root.config->file);
    if (root.repository != nullptr) commit_ = commit_tree(*root.repository, root.commit);
    includes(read, *root.config->include, root.repository != nullptr ? *commit_ : *disk_,
             root.repository != nullptr ? "exitgate.yaml" : root.config->file, {});
  }

 private:
  // One mistake does not hide the next one. `node`: whose words a selection by label may name.
  template <typename Action>
  void attempt(const Reader& read, const yaml::Node& node, Action action) {
    std::string message;
    std::string hint;
    try {
      action();
      return;
    } catch (const Error& error) {
      message = error.what();
      hint = error.hint();
    } catch (const std::exception& error) {
      message = error.what();
    }
    if (!message.starts_with(read.file() + ":")) message = fmt::format("{}: {}", read.where(node), message);
    included.mistakes.push_back({std::move(message), std::move(hint), gate::possible_labels(node)});
  }

  // What a gate file includes. Its other mistakes, those of its YAML among them, are the suite's to name.
  void nested(Tree& tree, const std::string& path, const std::string& content, const IncludeChain& chain) {
    if (content.find("include") == std::string::npos) return;
    const Reader read(tree.shown(path));
    yaml::Node document;
    try {
      document = read.parse(content);
    } catch (const Error&) {
      return;
    }
    if (!document.is_mapping()) return;
    const auto* given = document.find("include");
    if (given == nullptr) return;
    IncludeChain here = chain;
    here.files.push_back(tree.shown(path));
    includes(read, *given, tree, path, here);
  }

  void includes(const Reader& read, const yaml::Node& list, Tree& tree, const std::string& file,
                const IncludeChain& chain) {
    attempt(read, list, [&] {
      for (const auto& item : read.list(list, "'include'"))
        attempt(read, item, [&] { include(read, item, tree, file, chain); });
    });
  }

  void include(const Reader& read, const yaml::Node& item, Tree& tree, const std::string& file,
               IncludeChain chain) {
    chain.last = read.where(item);
    if (chain.include.empty()) chain.include = chain.last;
    if (item.is_scalar()) {
      from(read, item, tree, file, read.string(item, "an include"), chain);
      return;
    }
    read.mapping(item, config::kInclude);
    select(read, item, chain);
    const auto* git = item.find("git");
    const auto* oci = item.find("oci");
    if (git != nullptr && oci != nullptr) read.fail(item, "an include is either from `git` or from `oci`");
    const auto path = read.string_or(item, "path", "");
    if (git == nullptr && item.find("commit") != nullptr)
      read.fail(*item.find("commit"), "'commit' belongs to an include from `git`");
    const auto* commands = item.find("commands");
    const bool may_run = commands != nullptr && read.boolean(*commands, "'commands'");
    if (git == nullptr && oci == nullptr) {
      if (path.empty())
        read.fail(item, "an include needs a `path`, a `git` URL or an `oci` reference",
                  "write `- gates/team.yaml`, or {git: URL, commit: ID, path: FOLDER}");
      if (commands != nullptr)
        read.fail(*commands, "'commands' belongs to an include from `git` or `oci`",
                  "files of the same repository may run programs, as exitgate.yaml itself may");
      from(read, item, tree, file, path, chain);
      return;
    }
    chain.trusted = chain.trusted && may_run;
    // What somebody else wrote must not name folders of this machine.
    const bool of_others = &tree != disk_.get() && &tree != commit_.get();
    const auto& source = git != nullptr ? *git : *oci;
    const auto named = read.string(source, git != nullptr ? "'git'" : "'oci'");
    if (of_others && (named.starts_with('/') || named.starts_with("file:") || named.starts_with("oci:/")))
      read.fail(source, "a suite of others must not include from folders of this machine");
    Tree& other = git != nullptr ? git_of(read, item, *git) : oci_of(read, *oci);
    from(read, item, other, "", path, chain);
  }

  void select(const Reader& read, const yaml::Node& item, IncludeChain& chain) {
    gate::Selection selection;
    selection.where = read.where(item);
    const auto entries = [&](const char* key, std::vector<gate::SelectionEntry>& to) {
      const auto* given = item.find(key);
      if (given == nullptr) return;
      for (const auto& one : read.list(*given, fmt::format("'{}'", key)))
        to.push_back({read.string(one, "a gate or a label"), read.where(one)});
      if (to.empty()) read.fail(*given, fmt::format("'{}' names nothing", key));
    };
    entries("only", selection.only);
    entries("except", selection.except);
    if (selection.only.empty() && selection.except.empty()) return;
    chain.selections.push_back(included.selections.size());
    included.selections.push_back(std::move(selection));
  }

  Tree& git_of(const Reader& read, const yaml::Node& item, const yaml::Node& node) {
    const auto url = read.string(node, "'git'");
    if (const auto problem = git_url_problem(url); !problem.empty()) {
      read.fail(node, problem,
                problem.find("login") != std::string::npos
                    ? "logins belong to git: a credential helper, or an ssh key"
                    : "for gates of the same repository, write their path");
    }
    const auto* commit = item.find("commit");
    if (commit == nullptr) {
      read.fail(node, "an include from `git` needs the `commit`",
                fmt::format("git ls-remote {} prints the commits of its branches and tags", url));
    }
    const auto id = read.string(*commit, "'commit'");
    if (!is_object_id(id)) {
      read.fail(*commit,
                fmt::format("'{}' is not the full id of a commit: a branch or a tag can be moved", id),
                fmt::format("write all 40 digits: git ls-remote {} {}", url, id));
    }
    auto& tree = trees_[fmt::format("{}@{}", url, id)];
    if (!tree) tree = git_tree(url, id, cache_);
    return *tree;
  }

  Tree& oci_of(const Reader& read, const yaml::Node& node) {
    const auto reference = read.string(node, "'oci'");
    auto& tree = trees_[reference];
    if (tree) return *tree;
    try {
      tree = oci_tree(reference, cache_);
    } catch (const UsageError& error) {
      trees_.erase(reference);
      read.fail(node, fmt::format("'oci': {}", error.what()), error.hint());
    }
    return *tree;
  }

  // `given` of `file`, in the tree: a file, or the gate files of a folder.
  void from(const Reader& read, const yaml::Node& item, Tree& tree, const std::string& file,
            const std::string& given, const IncludeChain& chain) {
    std::string problem;
    const auto path = tree.resolved(file, given, problem);
    if (!problem.empty()) read.fail(item, fmt::format("cannot include '{}': {}", given, problem));
    switch (tree.kind(path)) {
      case Tree::Kind::file:
        add(read, item, tree, path, chain);
        return;
      case Tree::Kind::folder: {
        bool any = false;
        auto names = tree.names(path);
        std::sort(names.begin(), names.end());
        for (const auto& name : names) {
          // A repository of gates has its own exitgate.yaml, and .yaml files of other programs.
          if (!gate::is_gate_file(name) || name.starts_with('.') || name == "exitgate.yaml") continue;
          any = true;
          attempt(read, item, [&] {
            add(read, item, tree, path.empty() ? name : fmt::format("{}/{}", path, name), chain);
          });
        }
        if (!any)
          read.fail(item, fmt::format("{}: the folder contains no gate files (*.yaml)", tree.shown(path)),
                    "name the folder that does: `path:`");
        return;
      }
      case Tree::Kind::nothing:
        read.fail(item, fmt::format("there is no {}", tree.shown(path)),
                  &tree == commit_.get()
                      ? "it is read from the commit, not from the work tree: is it committed?"
                      : "");
      case Tree::Kind::other:
        read.fail(item, fmt::format("{} is neither a file nor a folder", tree.shown(path)),
                  "a symbolic link or a submodule is not followed: name what it leads to");
    }
  }

  void add(const Reader& read, const yaml::Node& item, Tree& tree, const std::string& path,
           const IncludeChain& chain) {
    const auto shown = tree.shown(path);
    if (std::find(chain.files.begin(), chain.files.end(), shown) != chain.files.end())
      read.fail(item, fmt::format("{} includes itself: {} -> {}", shown, join(chain.files, " -> "), shown));
    if (chain.files.size() > kDeepest)
      read.fail(item, fmt::format("includes are nested more than {} deep", kDeepest),
                "include the file from exitgate.yaml");
    if (++read_ > kMostFiles)
      read.fail(item, fmt::format("the includes name more than {} files", kMostFiles));
    const auto origin = tree.origin(path);
    const auto known = by_origin_.find(origin);
    if (known == by_origin_.end()) {
      gate::IncludedFile file{shown,         tree.sealed(path), origin, chain.include, tree.content(path),
                              chain.trusted, {chain.selections}};
      if (const auto bad = record::name_problem(file.sealed); !bad.empty())
        read.fail(item, fmt::format("{} cannot be sealed: its name {}", printable_name(shown), bad));
      if (file.content.size() > kLargest)
        read.fail(item, fmt::format("{} is larger than {} bytes", shown, kLargest));
      by_origin_.emplace(origin, included.files.size());
      included.files.push_back(std::move(file));
    } else {
      auto& file = included.files[known->second];
      file.trusted = file.trusted || chain.trusted;
      file.selections.push_back(chain.selections);
    }
    const auto content = included.files[by_origin_.at(origin)].content;
    nested(tree, path, content, chain);
  }

  ObjectCache cache_;
  std::unique_ptr<Tree> disk_;
  std::unique_ptr<Tree> commit_;
  std::map<std::string, std::unique_ptr<Tree>> trees_;
  std::map<std::string, std::size_t> by_origin_;  // of included.files
  std::size_t read_ = 0;
};

}  // namespace

gate::Included resolve(const Root& root, const ObjectCache& cache) {
  Resolver resolver(cache);
  resolver.root(root);
  return std::move(resolver.included);
}

}  // namespace exitgate::suites
