#include "harness/collect/migrations/since_base.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What CI says that the change is to be merged into: a commit, or a branch of the remote.
std::vector<std::string> named_by_ci() {
  std::vector<std::string> names;
  if (const auto commit = variable("CI_MERGE_REQUEST_DIFF_BASE_SHA"); !commit.empty())
    names.push_back(commit);
  for (const char* const name : {"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CHANGE_TARGET"}) {
    const auto branch = variable(name);
    if (branch.empty()) continue;
    names.push_back("refs/remotes/origin/" + branch);
    names.push_back("refs/heads/" + branch);
  }
  return names;
}

std::optional<std::string> commit_of(const git::Repository& repository, const std::string& reference) {
  const auto found =
      repository.run({"rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"});
  if (!found.ok()) return std::nullopt;
  return std::string(trim(found.output));
}

bool is_shallow(const git::Repository& repository) {
  return trim(repository.run({"rev-parse", "--is-shallow-repository"}).output) == "true";
}

void find_reference(const Checkout& checkout, Comparison& comparison) {
  const auto& repository = checkout.repository;
  if (!checkout.base.empty()) {
    comparison.reference = checkout.base;
    comparison.oid = commit_of(repository, checkout.base);
    if (!comparison.oid)
      comparison.problem = fmt::format("the base '{}' is not in this clone", checkout.base);
    return;
  }
  const auto try_all = [&](const std::vector<std::string>& names) {
    for (const auto& name : names) {
      comparison.oid = commit_of(repository, name);
      if (!comparison.oid) continue;
      comparison.reference = name;
      return true;
    }
    return false;
  };
  const auto named = named_by_ci();
  if (try_all(named)) return;
  if (!named.empty()) {
    comparison.reference = named.front();
    comparison.problem = fmt::format("'{}', which the change is for, is not in this clone", named.front());
    return;
  }
  if (try_all({"refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/remotes/origin/master",
               "refs/heads/main", "refs/heads/master"}))
    return;
  // The branch that a bare repository's HEAD names is its main one, whatever it is called.
  if (!repository.work_tree()) {
    const auto head = repository.run({"symbolic-ref", "--quiet", "HEAD"});
    if (head.ok() && try_all({std::string(trim(head.output))})) return;
  }
  comparison.problem = "this clone has no branch 'main' or 'master' and no base is named";
}

}  // namespace

Comparison compare_with_base(const Checkout& checkout) {
  Comparison comparison;
  find_reference(checkout, comparison);
  if (!comparison.oid) return comparison;
  const auto base = checkout.repository.run({"merge-base", *comparison.oid, checkout.commit});
  if (base.ok()) {
    comparison.merge_base = std::string(trim(base.output));
  } else {
    comparison.problem = fmt::format("'{}' and the commit have no common history{}", *comparison.reference,
                                     is_shallow(checkout.repository) ? " in this shallow clone" : "");
  }
  return comparison;
}

BaseTree::BaseTree(const git::Repository& repository, const std::string& commit) {
  for (auto& entry : repository.tree(commit)) {
    ++blobs_[entry.oid];
    paths_.emplace(std::move(entry.path), std::move(entry.oid));
  }
}

std::optional<std::string> BaseTree::blob_at(const std::string& path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace exitgate::collect
