#include <fmt/core.h>

#include "harness/check/workflows.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

// The names of a kind of row, in the order that is asked for.
template <typename Named>
std::vector<std::string> names(const Facts& facts, const char* which) {
  std::vector<std::string> all;
  for (const Named& one : facts.rows<Named>(which)) all.push_back(one.name);
  return all;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  // What CI checks out of a pull request is not a branch: refs/remotes/pull/19/merge.
  const auto tracked = names<repo::Reference>(
      facts, "WHERE name LIKE 'refs/remotes/%' OR name LIKE 'refs/pull/%' ORDER BY at_commit DESC, name");
  if (!tracked.empty()) {
    report.examined();
    report.note(fmt::format("in {}", shortened_list(tracked)));
    return;
  }
  const auto holding = names<repo::Remote>(facts, "WHERE contains_commit = 1 ORDER BY name");
  if (!holding.empty()) {
    report.examined();
    report.note(fmt::format("on {}", shortened_list(holding)));
    return;
  }
  const auto remotes = names<repo::Remote>(facts, "ORDER BY name");
  if (remotes.empty()) {
    report.skip("the clone has no remote");
    return;
  }
  report.examined();
  const auto unknown = names<repo::Remote>(facts, "WHERE contains_commit IS NULL ORDER BY name");
  if (!unknown.empty()) {
    report.undecided({"remote", "", 0,
                      fmt::format("whether {} has the commit could not be told", shortened_list(unknown)),
                      "`git fetch` the branch that it is on"});
    return;
  }
  report.fail(
      {"remote", "", 0,
       fmt::format("no branch of {} has the commit: who reviews it cannot fetch what the evidence is about",
                   shortened_list(remotes)),
       "`git push`; when it is pushed already, `git fetch`"});
}

const Check check{
    .name = "commit-pushed",
    .title = "The commit is on a remote",
    .why = "Evidence about a commit that is only on one machine cannot be checked by anybody else.",
    .domains = {"repo"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
