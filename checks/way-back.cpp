#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "harness/base/text.h"
#include "harness/check/base_branch.h"
#include "harness/check/catalog.h"
#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/check/upgrade.h"
#include "harness/check/upgrade_losses.h"

namespace exitgate::check {
namespace {

using Change = rehearsal::DifferenceChange;
using rehearsal::Loss;

// Whether the way up has lost the same: then no way back can bring it.
bool is_lost_already(const Loss& loss, const std::vector<Loss>& of_upgrade) {
  return std::any_of(of_upgrade.begin(), of_upgrade.end(), [&](const Loss& one) {
    return one.relation == loss.relation && (!one.name || one.name == loss.name);
  });
}

void judge_steps(const Facts& facts, const std::string& base, Report& report) {
  const auto tool = migration_tool(facts);
  for (const rehearsal::Step& step :
       facts.rows<rehearsal::Step>("WHERE phase = 'way back' ORDER BY position")) {
    report.examined();
    if (step.outcome == "ok") continue;
    report.fail({fmt::format("{}:{}", step.revision.value_or(""), step.command), step.file.value_or(""),
                 step.line.value_or(0),
                 fmt::format("the way back to {} fails with rows in the tables: `{}`: {}{}", base,
                             step.command, step.outcome, step.reason ? ": " + *step.reason : ""),
                 fmt::format("fix {}; what cannot be taken back can say so, and the release notes with it",
                             tool.down_part)});
  }
}

void judge_differences(const Facts& facts, const std::string& base, Report& report) {
  constexpr std::size_t kShown = 5;
  std::vector<std::string> shown;
  std::size_t count = 0;
  for (const rehearsal::Difference& one : facts.rows<rehearsal::Difference>("ORDER BY kind, identity")) {
    if (++count > kShown) continue;
    const std::string_view word = one.change == Change::added     ? "is left behind"
                                  : one.change == Change::removed ? "is missing"
                                                                  : "is different";
    shown.push_back(fmt::format("{} {} {}", one.kind, one.identity, word));
    const auto before = one.before.value_or("");
    const auto after = one.after.value_or("");
    if (one.change == Change::changed && !before.empty() && !after.empty())
      shown.back() += fmt::format(" (`{}`, not `{}`)", excerpt(after, before), excerpt(before, after));
  }
  if (count == 0) return;
  const auto tool = migration_tool(facts);
  report.fail({"difference", "", 0,
               fmt::format("the way back does not restore the schema of {}: {}{}", base, join(shown, ", "),
                           count > kShown ? fmt::format(" and {} more differ", count - kShown) : ""),
               fmt::format("let {} undo all that {} does, and nothing else", tool.down_part, tool.up_part)});
}

void judge_losses(const Facts& facts, const std::string& base, Report& report) {
  std::vector<Loss> of_upgrade;
  for (const Loss& loss : facts.rows<Loss>("WHERE phase = 'upgrade'")) of_upgrade.push_back(loss);
  for (const Loss& loss : facts.rows<Loss>("WHERE phase = 'way back' ORDER BY relation, kind, name")) {
    if (is_lost_already(loss, of_upgrade)) {
      report.note(fmt::format("no way back brings what the way up has lost: {}", in_words(loss)));
      continue;
    }
    const auto statement = loss.statement
                               ? facts.row<rehearsal::Statement>("WHERE position = ?", {*loss.statement})
                               : std::nullopt;
    report.fail({fmt::format("{}:{}:{}", to_text(loss.kind), loss.relation, loss.name.value_or("")),
                 statement ? statement->file.value_or("") : "", statement ? statement->line.value_or(0) : 0,
                 fmt::format("the way back to {} loses what the base had: {}{}", base, in_words(loss),
                             statement ? fmt::format("; by {}", quoted_statement(statement->text)) : ""),
                 "let it take back what the way up has added, and nothing else"});
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  if (!upgrade_was_rehearsed(facts, report)) return;
  const auto upgrade = *facts.row<rehearsal::Upgrade>();
  const auto base = short_reference(upgrade.reference.value_or(upgrade.base.value_or("the base")));
  if (upgrade.outcome == rehearsal::UpgradeOutcome::failed) {
    report.undecided({"failed", "", 0,
                      fmt::format("there is no way back from an upgrade that failed: {}",
                                  upgrade.reason.value_or("no reason is given")),
                      "see EG-CG2.upgrade-applies"});
    return;
  }
  const auto steps =
      facts.integer("SELECT count(*) FROM rehearsal.step WHERE phase = 'way back'").value_or(0);
  const auto problem = facts.row<rehearsal::Problem>("WHERE subject = 'way back'");
  if (steps == 0) {
    if (problem) {
      report.skip(problem->reason, problem->hint.value_or(""));
    } else {
      report.skip("no way back is known for the new migrations",
                  "write `database: {down: [...]}` in exitgate.yaml");
    }
    return;
  }
  if (problem)
    report.undecided({problem->reason, "", 0,
                      fmt::format("the way back was not wholly seen: {}", problem->reason),
                      problem->hint.value_or("")});
  judge_steps(facts, base, report);
  if (!report.findings().empty()) return;
  judge_differences(facts, base, report);
  judge_losses(facts, base, report);
}

const Check check{
    .name = "way-back",
    .title = "The way back from the new migrations restores the base's schema",
    .why = "A release that goes wrong is taken back with the rows that it has met, not on an empty database.",
    .domains = {"rehearsal", "schema", "migrations"},
    .parts = Parts{"rehearsal"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
