#include "harness/archive/verify_repository.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/object_id.h"
#include "harness/base/text.h"
#include "harness/facts/facts.h"
#include "harness/git/repository.h"

namespace exitgate::archive {

std::vector<std::string> repository_problems(const std::filesystem::path& folder,
                                             const std::filesystem::path& repo, const std::string& commit,
                                             const std::string& tree) {
  const auto repository = git::Repository::open(repo);
  // Nothing of the archive reaches git's command line that is not an object's id.
  if (!is_object_id(commit) || !is_object_id(tree)) return {"bag-info.txt names no commit and tree"};
  if (!repository.run({"cat-file", "-e", commit + "^{commit}"}).ok()) {
    return {fmt::format("commit {} is not in the clone", commit)};
  }
  const std::string actual(
      trim(repository.output({"rev-parse", "--verify", "--end-of-options", commit + "^{tree}"})));
  if (actual != tree) return {fmt::format("the tree of {} is {}, the archive says {}", commit, actual, tree)};
  std::vector<std::string> problems;
  try {
    const facts::Facts facts(folder / "facts", {"repo"});
    const std::string collected = facts.text("SELECT oid FROM repo.checkout").value_or("");
    if (collected != commit) problems.push_back(fmt::format("the facts are about commit {}", collected));
    std::map<std::string, std::string> sealed;
    for (const auto& row : facts.query("SELECT path, oid FROM repo.file"))
      sealed.emplace(row.text("path"), row.text("oid"));
    std::size_t matched = 0;
    for (const auto& entry : repository.tree(commit)) {
      const auto found = sealed.find(entry.path);
      if (found == sealed.end()) {
        problems.push_back(fmt::format("{} is in the commit and not in the facts", entry.path));
      } else if (found->second != entry.oid) {
        problems.push_back(fmt::format("{} is blob {} in the commit and {} in the facts", entry.path,
                                       entry.oid, found->second));
      } else {
        ++matched;
      }
    }
    if (problems.empty() && matched != sealed.size()) {
      problems.push_back(fmt::format("the facts list {} that the commit does not have",
                                     count_of(sealed.size() - matched, "file")));
    }
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    problems.emplace_back(error.what());
  }
  return problems;
}

}  // namespace exitgate::archive
