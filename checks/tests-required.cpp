#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& verdict) {
  const auto required = with.strings("tests");
  if (required.empty()) {
    return verdict.skip("no test is required",
                        "name them: `parameters: {EG-TS1.required: {tests: ['*smoke*']}}` in exitgate.yaml");
  }
  for (const auto& glob : required) {
    verdict.examined();
    std::int64_t found = 0;
    std::int64_t ran = 0;
    for (const Row& row :
         facts.query("SELECT c.class AS class, c.name AS name, c.status AS status FROM tests.test_case c "
                     "JOIN tests.report r ON r.id = c.report WHERE r.of = 'commit'")) {
      if (!glob_match(glob, row.text("name")) &&
          !glob_match(glob, row.text("class") + "/" + row.text("name")))
        continue;
      ++found;
      const auto status = row.text("status");
      if (status == "passed" || status == "flaky") ++ran;
    }
    if (ran > 0) continue;
    verdict.fail({glob, "", 0,
                  found == 0 ? fmt::format("no report names a test '{}'", glob)
                             : fmt::format("of {} '{}' none passed",
                                           count_of(static_cast<std::size_t>(found), "test"), glob),
                  "a test that is gone, renamed or skipped guards nothing: bring it back, or change the "
                  "gate's `tests:`"});
  }
}

const Check check{.name = "tests-required",
                  .title = "The required tests are there and passed",
                  .why = "A test that was deleted, renamed or skipped fails nowhere.",
                  .domains = {"tests"},
                  .parts = Parts{"tests"},
                  .parameters = {{"tests", Parameter::strings, "[]",
                                  "globs of names, or of class/name; `*` is any run of characters"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
