#include <fmt/format.h>

#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  bool shallow = false;
  for (const Row& row : facts.query("SELECT branch, shallow, oid FROM repo.checkout")) {
    report.examined();
    shallow = row.boolean(1);
    if (row.is_null(0) || row.text(0).empty()) continue;
    report.note(fmt::format("on branch {}", row.text(0)));
    return;
  }
  std::vector<std::string> names;
  for (const Row& row : facts.query("SELECT name FROM repo.reference ORDER BY at_commit DESC, name"))
    names.push_back(row.text(0));
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
