#include <fmt/core.h>

#include "harness/check/workflows.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  bool shallow = false;
  for (const repo::Checkout& checkout : facts.rows<repo::Checkout>()) {
    report.examined();
    shallow = checkout.shallow;
    if (!checkout.branch || checkout.branch->empty()) continue;
    report.note(fmt::format("on branch {}", *checkout.branch));
    return;
  }
  std::vector<std::string> names;
  for (const repo::Reference& reference : facts.rows<repo::Reference>("ORDER BY at_commit DESC, name"))
    names.push_back(reference.name);
  if (!names.empty()) {
    report.note(fmt::format("detached; the commit is in {}", shortened_list(names)));
    return;
  }
  report.fail(
      {"branch", "", 0,
       "no branch and no tag holds the commit: nobody can find it by a name, and git will delete it in time",
       shallow ? "fetch the branch that it is on (`git fetch origin BRANCH`): in a shallow clone it may be "
                 "cut off"
               : "`git switch --create NAME`, and push it"});
}

const Check check{
    .name = "branch-named",
    .title = "The commit is on a named branch, or in the history of one",
    .why = "A reviewer finds the commit by a branch or tag; one that none holds is lost with the clone.",
    .domains = {"repo"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
