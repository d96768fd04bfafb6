#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

struct Said {
  std::string message;
  std::string hint;
};

Said say(const std::string& status) {
  if (status == "missing") {
    return {"the clone lacks this file's content: what the commit holds here cannot be looked at",
            "`git fetch --refetch` from a complete remote (a partial clone leaves blobs out)"};
  }
  if (status == "assume-unchanged") {
    return {"differs from the commit behind an assume-unchanged bit: `git status` calls it clean",
            "`git update-index --no-assume-unchanged` it, then commit or restore it"};
  }
  if (status == "skip-worktree") {
    return {"differs from the commit behind a skip-worktree bit: `git status` calls it clean",
            "`git update-index --no-skip-worktree` it, then commit or restore it"};
  }
  if (status == "??")
    return {"is not tracked: tests may have used it, but no commit has it",
            "commit it, delete it, or ignore it"};
  if (status == "m")
    return {"is a submodule with changes of its own", "commit them there, then the new commit here"};
  if (status == "D")
    return {"is in the commit and not in the work tree", "`git restore` it, or commit its removal"};
  return {fmt::format("differs from the commit (git status: {})", status), "commit it, or `git restore` it"};
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  const auto excepted = [&](const std::string& path) {
    return std::any_of(except.begin(), except.end(),
                       [&](const auto& glob) { return glob_match(glob, path); });
  };
  std::optional<bool> dirty;
  bool any = false;
  for (const repo::Checkout& checkout : facts.rows<repo::Checkout>()) {
    report.examined();
    dirty = checkout.dirty;
    const std::string head = checkout.head.value_or(checkout.oid);
    if (dirty && head != checkout.oid) {
      any = true;
      report.fail(
          {"head", "", 0,
           fmt::format("the work tree is at {}, not at this commit: nothing in it says anything of this one",
                       head),
           fmt::format("`git switch --detach {}`, or give the `.git` folder as the repository to leave the "
                       "work tree out",
                       checkout.oid)});
    }
    if (!dirty) report.note("no work tree: only the commit's own objects were looked at");
  }
  for (const repo::Change& change : facts.rows<repo::Change>("ORDER BY path, status")) {
    any = true;
    if (excepted(change.path)) continue;
    const auto said = say(change.status);
    report.fail({fmt::format("{}:{}", change.status, change.path), change.path, 0, said.message, said.hint});
  }
  for (const repo::Excluded& excluded : facts.rows<repo::Excluded>("ORDER BY path")) {
    if (excepted(excluded.path)) continue;
    if (excluded.source != repo::ExcludedSource::info_exclude) {
      report.note(fmt::format("{}: not tracked, and ignored by this user's {}", excluded.path,
                              to_text(excluded.source)));
      continue;
    }
    any = true;
    report.fail({fmt::format("excluded:{}", excluded.path), excluded.path, 0,
                 "is not tracked, and .git/info/exclude keeps `git status` silent about it: no other clone "
                 "has that line",
                 "commit it, delete it, or ignore it in .gitignore, where others see it"});
  }
  for (const repo::IndexFlag& entry : facts.rows<repo::IndexFlag>("ORDER BY path")) {
    if (entry.differs || excepted(entry.path)) continue;
    report.undecided({fmt::format("{}:{}", to_text(entry.flag), entry.path), entry.path, 0,
                      fmt::format("git was told not to look ({}), and whether it differs could not be told",
                                  to_text(entry.flag)),
                      fmt::format("`git update-index --no-{}` it", to_text(entry.flag))});
  }
  for (const repo::Problem& problem : facts.rows<repo::Problem>(
           "AS p WHERE NOT EXISTS (SELECT 1 FROM repo.change c WHERE c.path = p.path) ORDER BY path")) {
    report.undecided({fmt::format("{}:{}", problem.path.value_or(""), problem.reason),
                      problem.path.value_or(""), 0, problem.reason, ""});
  }
  if (dirty.value_or(false) && !any) {
    report.fail({"dirty", "", 0, "the work tree differs from the commit", "`git status` shows where"});
  }
}

const Check check{.name = "tree-clean",
                  .title = "The work tree matches the commit, even where git was told not to look",
                  .why =
                      "Tests that ran on other files than the commit's prove nothing about the commit. `git "
                      "status` does not show files behind assume-unchanged and skip-worktree bits.",
                  .domains = {"repo"},
                  .parameters = {{"except", Parameter::strings, "[]", "globs of paths that may differ"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
