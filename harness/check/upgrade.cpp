#include "harness/check/upgrade.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/check/provisioning.h"

namespace exitgate::check {

namespace {

// Where nothing was wanted or there is nothing to be had, by what the collector says.
bool is_not_wanted(const Facts& facts, const rehearsal::Upgrade& upgrade) {
  const bool switched_off = upgrade.reason && upgrade.reason->find("`rehearsal: false`") != std::string::npos;
  const bool no_base = !upgrade.reference && !upgrade.base && upgrade.hint;
  return switched_off || no_base ||
         facts.integer("SELECT count(*) FROM migrations.environment").value_or(0) == 0;
}

}  // namespace

bool upgrade_was_rehearsed(const Facts& facts, Report& report) {
  const auto upgrade = facts.row<rehearsal::Upgrade>();
  if (!upgrade) {
    if (has_no_plan(facts)) {
      skip_without_plan(facts, report);
    } else {
      report.undecided(
          {"upgrade", "", 0, "the upgrade was not rehearsed", "see the log of the test exitgate.database"});
    }
    return false;
  }
  const auto reason = upgrade->reason.value_or("no reason is given");
  const auto hint = upgrade->hint.value_or("");
  switch (upgrade->outcome) {
    case rehearsal::UpgradeOutcome::applied:
    case rehearsal::UpgradeOutcome::failed:
      return true;
    case rehearsal::UpgradeOutcome::nothing_new:
      report.skip(reason, hint);
      return false;
    case rehearsal::UpgradeOutcome::not_possible:
      if (has_no_plan(facts)) {
        skip_without_plan(facts, report);
      } else if (is_not_wanted(facts, *upgrade)) {
        report.skip(fmt::format("no upgrade was rehearsed: {}", reason), hint);
      } else {
        report.undecided(
            {"upgrade", "", 0, fmt::format("the upgrade could not be rehearsed: {}", reason), hint});
      }
      return false;
  }
  return false;
}

std::vector<UpgradeStatement> upgrade_statements(const Facts& facts) {
  std::vector<UpgradeStatement> all;
  std::map<std::int64_t, std::size_t> by_position;
  for (const rehearsal::Statement& one :
       facts.rows<rehearsal::Statement>("WHERE phase = 'upgrade' ORDER BY position")) {
    by_position.emplace(one.position, all.size());
    all.push_back({one, {}, {}});
  }
  for (const rehearsal::Lock& lock : facts.rows<rehearsal::Lock>(
           "WHERE of_base AND blocks IN ('writes', 'reads and writes') ORDER BY statement, relation, mode")) {
    // An index's lock says nothing that its table's does not.
    if (lock.kind == "index" || lock.kind == "sequence") continue;
    if (const auto at = by_position.find(lock.statement); at != by_position.end())
      all[at->second].locks.push_back(lock);
  }
  for (const rehearsal::Pass& pass :
       facts.rows<rehearsal::Pass>("WHERE of_base ORDER BY statement, relation, kind")) {
    if (const auto at = by_position.find(pass.statement); at != by_position.end())
      all[at->second].passes.push_back(pass);
  }
  return all;
}

bool in_one_transaction(const std::vector<UpgradeStatement>& all, std::size_t first, std::size_t second) {
  std::int64_t between = 0;  // µs from the beginning of the first to that of the second, at least
  for (std::size_t i = first; i <= second; ++i) {
    if (!all[i].statement.transactional) return false;
    if (i < second) between += all[i].statement.duration_us.value_or(0);
  }
  const auto& one = all[first].statement;
  const auto& other = all[second].statement;
  if (one.revision && one.revision == other.revision) return true;
  // Several revisions in one transaction: then all locks of it end together.
  const auto held = [](const UpgradeStatement& statement) {
    std::int64_t most = -1;
    for (const auto& lock : statement.locks) most = std::max(most, lock.held_us.value_or(-1));
    return most;
  };
  const auto held_by_first = held(all[first]);
  const auto held_by_second = std::max(held(all[second]), other.duration_us.value_or(0));
  return held_by_first >= 0 && held_by_first >= between + held_by_second;
}

std::string quoted_statement(const std::string& text) {
  constexpr std::size_t kLongest = 140;
  if (text.size() <= kLongest) return fmt::format("`{}`", text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("`{}…`", text.substr(0, end));
}

}  // namespace exitgate::check
