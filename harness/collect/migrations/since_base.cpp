#include "harness/collect/migrations/since_base.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/process.h"
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

// Each of them through one program, where there are several to ask for.
std::vector<std::optional<std::string>> commits_of(const git::Repository& repository,
                                                   const std::vector<std::string>& references) {
  std::vector<std::optional<std::string>> found;
  auto command = repository.command({"cat-file", "--batch-check=%(objectname) %(objecttype)"});
  for (const auto& reference : references) command.input += fmt::format("{}^{{commit}}\n", reference);
  const auto answer = exitgate::run(command);
  const auto lines = split(answer.output, '\n');
  if (answer.ok() && lines.size() == references.size() + 1) {
    for (std::size_t i = 0; i < references.size(); ++i) {
      const auto fields = split(lines[i], ' ');
      const bool known = fields.size() == 2 && fields[1] == "commit";
      found.push_back(known ? std::optional<std::string>(fields[0]) : std::nullopt);
    }
    return found;
  }
  // A name with a newline in it, or a clone that lacks an object.
  for (const auto& reference : references) found.push_back(commit_of(repository, reference));
  return found;
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
    const auto commits =
        names.empty() ? std::vector<std::optional<std::string>>() : commits_of(repository, names);
    for (std::size_t i = 0; i < commits.size(); ++i) {
      if (!commits[i]) continue;
      comparison.oid = commits[i];
      comparison.reference = names[i];
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
  if (*comparison.oid == checkout.commit) {
    comparison.merge_base = checkout.commit;
    return comparison;
  }
  const auto base = checkout.repository.run({"merge-base", *comparison.oid, checkout.commit});
  if (base.ok()) {
    comparison.merge_base = std::string(trim(base.output));
  } else {
    comparison.problem = fmt::format("'{}' and the commit have no common history{}", *comparison.reference,
                                     is_shallow(checkout.repository) ? " in this shallow clone" : "");
  }
  return comparison;
}

BaseTree::BaseTree(std::vector<git::TreeEntry> entries) {
  for (auto& entry : entries) {
    blobs_[entry.oid].push_back(entry.path);
    paths_.emplace(std::move(entry.path), std::move(entry.oid));
  }
}

namespace {

// "1.sql", and "a1/up.sql" of what is named by its folder.
std::string_view own_name(std::string_view path) {
  const std::size_t file = path.rfind('/') + 1;  // 0 when there is none
  if (file < 2 || path.find_first_of("0123456789", file) != std::string_view::npos) return path.substr(file);
  const std::size_t folder = path.rfind('/', file - 2);
  return path.substr(folder == std::string_view::npos ? 0 : folder + 1);
}

// "4_107" of "V4_107__add_alias.sql"
std::string_view number_in(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_of("0123456789"), name.size()));
  name = name.substr(0, name.find_first_not_of("0123456789._-"));
  return name.substr(0, name.find_last_of("0123456789") + 1);
}

}  // namespace

bool BaseTree::has_moved(const std::string& oid, std::string_view path, bool named_by_number) const {
  const auto found = blobs_.find(oid);
  return found != blobs_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&](const std::string& one) {
           const auto before = own_name(one);
           const auto now = own_name(path);
           return before == now ||
                  (named_by_number && !number_in(now).empty() && number_in(before) == number_in(now));
         });
}

std::optional<std::string> BaseTree::blob_at(const std::string& path) const {
  const auto found = paths_.find(path);
  return found == paths_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace exitgate::collect
