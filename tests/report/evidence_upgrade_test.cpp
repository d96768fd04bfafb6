// What EVIDENCE.md says of a rehearsed upgrade.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/facts/tables/rehearsal.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

namespace rows = facts::rehearsal;
using test::SampleRun;
using testing::HasSubstr;
using testing::Not;

std::string evidence(const SampleRun& sample) {
  sample.write();
  return render_markdown(load_run(sample.root()));
}

TEST(EvidenceOfTheUpgrade, IsLeftOutWhereNothingWasRehearsed) {
  const SampleRun sample;
  EXPECT_THAT(evidence(sample), Not(HasSubstr("The upgrade, rehearsed")));
}

TEST(EvidenceOfTheUpgrade, SaysWhyThereIsNothingMore) {
  const SampleRun sample;
  auto store = sample.store("rehearsal");
  store.insert(rows::Upgrade{.outcome = rows::UpgradeOutcome::nothing_new,
                             .reason = "no migration is new since main",
                             .revisions = 0,
                             .seed = rows::UpgradeSeed::none,
                             .traffic = false});
  store.close();
  const auto text = evidence(sample);
  EXPECT_THAT(text, HasSubstr("### The upgrade, rehearsed\n"));
  EXPECT_THAT(text, HasSubstr("| nothing new | no migration is new since main |"));
  EXPECT_THAT(text, Not(HasSubstr("was seen to be lost")));
}

TEST(EvidenceOfTheUpgrade, ShowsStatementsLocksAndLosses) {
  const SampleRun sample;
  auto store = sample.store("rehearsal");
  store.insert(rows::Upgrade{.outcome = rows::UpgradeOutcome::applied,
                             .base = "0123456789abcdef",
                             .revisions = 1,
                             .seed = rows::UpgradeSeed::generated,
                             .traffic = true,
                             .duration_ms = 120});
  store.insert(rows::Step{.position = 0,
                          .phase = rows::StepPhase::upgrade,
                          .command = "alembic upgrade head",
                          .exit_code = 0,
                          .outcome = "ok",
                          .duration_ms = 110});
  store.insert(rows::Statement{.position = 0,
                               .phase = rows::Phase::upgrade,
                               .revision = "b",
                               .file = "m/b.sql",
                               .line = 3,
                               .command = "ALTER TABLE",
                               .text = "ALTER TABLE orders DROP COLUMN note",
                               .transactional = false,
                               .outcome = "ok"});
  store.insert(rows::Lock{.statement = 0,
                          .relation = "public.orders",
                          .kind = "table",
                          .mode = "AccessExclusiveLock",
                          .blocks = rows::LockBlocks::reads_and_writes,
                          .of_base = true,
                          .held_us = 2500});
  store.insert(rows::Loss{.phase = rows::Phase::upgrade,
                          .kind = rows::LossKind::column,
                          .relation = "public.orders",
                          .name = "note",
                          .count = 3,
                          .total = 3,
                          .statement = 0});
  store.close();
  const auto text = evidence(sample);
  EXPECT_THAT(text, HasSubstr("| applied |  | `0123456789ab` | 1 | generated | yes | 120 |\n"));
  EXPECT_THAT(
      text,
      HasSubstr("| upgrade | `m/b.sql:3` | `ALTER TABLE orders DROP COLUMN note` | AccessExclusiveLock on "
                "public.orders | 2.5 |  | ok |\n"));
  EXPECT_THAT(text,
              HasSubstr("| upgrade | column | `public.orders` | `note` | 3 of 3 |  |  | `m/b.sql:3` |\n"));
}

}  // namespace
}  // namespace exitgate::report
