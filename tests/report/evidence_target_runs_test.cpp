// What EVIDENCE.md says of the target's own checks and tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/facts/tables/rehearsal.h"
#include "harness/facts/tables/schema.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

namespace rows = facts::schema;
using test::SampleRun;
using testing::HasSubstr;
using testing::Not;

TEST(EvidenceOfTargetRuns, ShowsModelsTestsAndWhatTheyChanged) {
  const SampleRun sample;
  auto store = sample.store("schema");
  store.insert(rows::Plan{.source = "exitgate.yaml", .reason = "it says so"});
  store.insert(rows::ModelCheck{.position = 0,
                                .command = "alembic check",
                                .exit_code = 255,
                                .outcome = "exit code 255",
                                .duration_ms = 700,
                                .file = "exitgate.yaml",
                                .line = 7});
  store.insert(rows::TestRun{.combination = rows::Combination::head,
                             .position = 0,
                             .command = "pytest -q",
                             .exit_code = 0,
                             .outcome = "ok",
                             .duration_ms = 1200,
                             .log = "logs/tests/head-0.log",
                             .reports = 1,
                             .file = "exitgate.yaml",
                             .line = 9});
  store.close();
  sample.write();
  const auto text = render_markdown(load_run(sample.root()));
  EXPECT_THAT(text, HasSubstr("| `alembic check` | exit code 255 | 700 |"));
  EXPECT_THAT(text, HasSubstr("| head | `pytest -q` | ok | 1200 | `logs/tests/head-0.log` | 1 |"));
  EXPECT_THAT(text, Not(HasSubstr("schema change | object")));
}

TEST(EvidenceOfTargetRuns, SaysThatARehearsalIsOfAnEarlierRun) {
  const SampleRun sample;
  auto store = sample.store("rehearsal");
  store.insert(facts::rehearsal::Upgrade{.outcome = facts::rehearsal::UpgradeOutcome::applied,
                                         .revisions = 1,
                                         .seed = facts::rehearsal::UpgradeSeed::generated,
                                         .traffic = true,
                                         .reused = "the run of commit 0123 at 2026-11-27T10:00:00Z"});
  store.close();
  sample.write();
  EXPECT_THAT(render_markdown(load_run(sample.root())),
              HasSubstr("Not rehearsed in this run: it was taken unchanged from the run of commit 0123"));
}

}  // namespace
}  // namespace exitgate::report
