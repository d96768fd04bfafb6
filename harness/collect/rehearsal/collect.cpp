#include "harness/collect/rehearsal/collect.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/collect/rehearsal/findings.h"
#include "harness/collect/rehearsal/rehearsal.h"
#include "harness/collect/rehearsal/upgrade_plan.h"
#include "harness/collect/rehearsal/write.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/kept_results.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/reuse_key.h"
#include "harness/collect/schema/stage_server.h"
#include "harness/facts/amend.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect {

namespace rehearsal {

namespace {

constexpr const char* kLog = "rehearsal.log";

// "" where nothing may be reused.
std::string reuse_key_of(const DatabaseStage& stage, const config::Database& declared,
                         const UpgradePlan& plan) {
  if (!stage.reuse || !stage.database_url.empty()) return "";
  try {
    const auto server = schema::server_for(stage, declared);
    auto inputs = schema::reuse_inputs(stage, declared, server.programs, {"rehearsal"}, {});
    inputs.emplace_back("base", plan.base);
    return schema::reuse_key(inputs);
  } catch (const Error&) {
    return "";  // what is wrong with the server is told where one is started
  }
}

bool take_over(const DatabaseStage& stage, const std::string& key) {
  const auto taken = schema::take_kept(key, stage.run);
  if (!taken.problem.empty())
    stage.say(fmt::format("what was kept is damaged, and is made anew: {}", taken.problem));
  if (!taken.found) return false;
  const auto origin = schema::shown_origin(taken, key);
  facts::amend_store(stage.run / "facts" / "rehearsal.db",
                     fmt::format("UPDATE upgrade SET reused = {}", schema::sql_literal(origin)));
  stage.say(fmt::format("no upgrade was rehearsed: taken from {}", origin));
  return true;
}

}  // namespace
}  // namespace rehearsal

void collect_rehearsal(const DatabaseStage& stage) {
  using namespace rehearsal;
  const record::RunDirectory run{stage.run};
  make_directories(run.facts());
  make_directories(run.logs());
  Findings findings;
  std::string key;
  try {
    const auto plan = schema::plan_of(stage.config, stage.checkout);
    const auto upgrade = plan_upgrade(stage, plan);
    findings.base = upgrade.base;
    findings.reference = upgrade.reference;
    findings.revisions = upgrade.revisions;
    findings.hint = upgrade.hint;
    if (!upgrade.not_possible.empty() || !upgrade.nothing_new.empty()) {
      const bool possible = upgrade.not_possible.empty();
      findings.outcome = possible ? UpgradeOutcome::nothing_new : UpgradeOutcome::not_possible;
      findings.reason = possible ? upgrade.nothing_new : upgrade.not_possible;
    } else {
      key = reuse_key_of(stage, *plan.database, upgrade);
      if (!key.empty() && take_over(stage, key)) return;
      stage.say(fmt::format("rehearsing the upgrade from {} ({})", upgrade.base.substr(0, 12),
                            count_of(upgrade.revisions.size(), "new revision")));
      schema::MaskedLog log(run.logs() / kLog, stage.redactor);
      Rehearsal(stage, *plan.database, upgrade, log, findings).run();
      log.check();
    }
  } catch (...) {
    const auto problem = schema::current_problem(std::nullopt);
    // What was seen before stays; that it is not all must be seen as well.
    findings.outcome = UpgradeOutcome::not_possible;
    findings.reason = problem.reason;
    findings.hint = problem.hint;
  }
  write(findings, run.facts());
  // What went wrong may have had a reason that no key tells, and is tried again.
  if (!key.empty() && findings.outcome == UpgradeOutcome::applied) {
    schema::keep(key, fmt::format("the run of commit {} at {}", stage.checkout.commit, utc_now()), run.root,
                 {"facts/rehearsal.db", fmt::format("logs/{}", kLog)});
  }
}

}  // namespace exitgate::collect
