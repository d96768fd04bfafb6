#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/base_branch.h"
#include "harness/check/check.h"
#include "harness/check/upgrade.h"

namespace exitgate::check {
namespace {

using rehearsal::StepPhase;

// A step that was needed before the new migrations could be run.
bool is_before(const rehearsal::Step& step) {
  return step.phase == StepPhase::base || step.phase == StepPhase::seed;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  if (!upgrade_was_rehearsed(facts, report)) return;
  const auto upgrade = *facts.row<rehearsal::Upgrade>();
  const auto base = short_reference(upgrade.reference.value_or(upgrade.base.value_or("the base")));
  const bool also_from_nothing =
      facts.integer("SELECT count(*) FROM schema.provisioning WHERE outcome <> 'ok'").value_or(0) > 0;
  const std::string hint =
      also_from_nothing ? "it fails on an empty database as well: see EG-CG2.provisions"
                        : "an empty database does not show it: let the migration fill, move or exclude what "
                          "its rows hold before it forbids it";
  bool said = false;
  for (const rehearsal::Step& step :
       facts.rows<rehearsal::Step>("WHERE phase <> 'way back' ORDER BY position")) {
    if (step.phase == StepPhase::upgrade) report.examined();
    if (step.outcome == "ok") continue;
    said = true;
    const std::string why = step.reason ? fmt::format("{}: {}", step.outcome, *step.reason) : step.outcome;
    if (is_before(step)) {
      report.undecided({fmt::format("{}:{}", to_text(step.phase), step.command), step.file.value_or(""),
                        step.line.value_or(0),
                        fmt::format("the upgrade could not be rehearsed: `{}` failed on the schema of {}: {}",
                                    step.command, base, why),
                        "let it run on the base commit as well"});
      continue;
    }
    const std::string what = step.revision ? fmt::format("'{}', new since {},", *step.revision, base)
                                           : fmt::format("a migration that is new since {}", base);
    report.fail({fmt::format("{}", step.revision.value_or(step.command)), step.file.value_or(""),
                 step.line.value_or(0),
                 fmt::format("{} does not apply to the schema of {} with rows in it: `{}`: {}", what, base,
                             step.command, why),
                 hint});
  }
  if (upgrade.outcome == rehearsal::UpgradeOutcome::failed && !said) {
    report.fail(
        {"upgrade", "", 0,
         fmt::format("the migrations that are new since {} do not apply to its schema with rows in it: {}",
                     base, upgrade.reason.value_or("no reason is given")),
         "see the log of the rehearsal"});
  }
  const auto empty = facts.integer("SELECT count(*) FROM rehearsal.filled WHERE rows = 0").value_or(0);
  const auto filled = facts.integer("SELECT count(*) FROM rehearsal.filled WHERE rows > 0").value_or(0);
  report.note(fmt::format("{} of the base with rows, {} without",
                          count_of(static_cast<std::size_t>(filled), "table"), empty));
}

const Check check{.name = "upgrade-applies",
                  .title = "The new migrations apply to the base's schema with rows in it",
                  .why =
                      "A migration that runs on an empty database can fail on one with rows: NOT NULL "
                      "without a default, a unique "
                      "index over duplicates, a cast that one value does not survive.",
                  .domains = {"rehearsal", "schema", "migrations"},
                  .parts = Parts{"rehearsal", "migrated"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
