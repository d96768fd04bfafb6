#include <fmt/core.h>

#include "harness/base/object_id.h"
#include "harness/check/check.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  for (const repo::Checkout& checkout : facts.rows<repo::Checkout>()) {
    report.examined();
    if (!is_object_id(checkout.oid) || !is_object_id(checkout.tree)) {
      report.fail({"commit", "", 0,
                   fmt::format("the commit is not resolved: '{}' with tree '{}' are not object ids",
                               checkout.oid, checkout.tree),
                   "name a commit that `git rev-parse --verify REV^{commit}` knows"});
      continue;
    }
    report.note(fmt::format("{} of {}: {}", checkout.oid, checkout.committed_at, checkout.subject));
  }
  if (report.examined_count() == 1) return;
  report.fail({"commits", "", 0,
               fmt::format("the evidence is about {} commits, it must be about one", report.examined_count()),
               "collect the facts again"});
}

const Check check{.name = "commit-resolved",
                  .title = "The evidence is about one commit",
                  .why = "A branch's name moves on; only the commit's id says what was looked at.",
                  .domains = {"repo"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
