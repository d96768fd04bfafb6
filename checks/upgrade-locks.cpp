#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/check/base_branch.h"
#include "harness/check/check.h"
#include "harness/check/safe_forms.h"
#include "harness/check/upgrade.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

using rehearsal::Lock;
using rehearsal::LockBlocks;
using rehearsal::Pass;
using rehearsal::PassKind;

std::string done(const Pass& pass) {
  switch (pass.kind) {
    case PassKind::rewrite:
      return fmt::format("{} is written anew{}", pass.relation,
                         pass.reason && !pass.reason->empty() ? fmt::format(" ({})", *pass.reason) : "");
    case PassKind::scan:
      return fmt::format("each row of {} is read", pass.relation);
    case PassKind::build:
      return fmt::format("an index is built from each row of {}{}", pass.relation,
                         pass.reason && !pass.reason->empty() ? fmt::format(" ({})", *pass.reason) : "");
  }
  return "";
}

std::string waiting(const Lock& lock) {
  return lock.blocks == LockBlocks::writes ? "writers of it wait" : "readers and writers of it wait";
}

// "a.py:3", or what else names it.
std::string place(const rehearsal::Statement& statement) {
  if (!statement.file)
    return statement.revision.value_or(fmt::format("statement {}", statement.position + 1));
  return statement.line ? fmt::format("{}:{}", *statement.file, *statement.line) : *statement.file;
}

class Judge {
 public:
  Judge(const Facts& facts, const Parameters& with, Report& report)
      : all_(upgrade_statements(facts)),
        allow_(with.strings("allow")),
        except_(with.strings("except")),
        lock_timeout_(with.boolean("lock-timeout")),
        report_(report) {}

  void judge() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const auto& seen = all_[i];
      if (any_glob_matches(except_, seen.statement.file.value_or(""))) continue;
      report_.examined();
      const bool found = seen.passes.empty() ? false : judge_passes(i);
      if (!found && !seen.locks.empty()) judge_short(seen);
    }
    if (!short_.empty()) {
      report_.note(fmt::format(
          "{} a short lock that keeps readers or writers waiting, without a lock_timeout: {}",
          short_.size() == 1 ? "1 statement takes" : fmt::format("{} statements take", short_.size()),
          shortened_list(short_)));
    }
  }

 private:
  bool is_allowed(const UpgradeStatement& seen, const std::string& relation) const {
    return any_glob_matches(allow_, relation) ||
           any_glob_matches(allow_, fmt::format("{} {}", seen.statement.command, relation));
  }

  // The strongest lock that is held while the statement makes its pass, its own or of one before it in its transaction.
  std::pair<const Lock*, const UpgradeStatement*> held_while(std::size_t at, const Pass& pass) const {
    const Lock* strongest = nullptr;
    const UpgradeStatement* holder = nullptr;
    const auto consider = [&](std::size_t i) {
      for (const auto& lock : all_[i].locks) {
        const bool same = lock.relation == pass.relation;
        const bool stronger =
            strongest == nullptr ||
            (lock.blocks == LockBlocks::reads_and_writes && strongest->blocks == LockBlocks::writes) ||
            (same && lock.blocks == strongest->blocks && strongest->relation != pass.relation);
        if (!stronger) continue;
        strongest = &lock;
        holder = &all_[i];
      }
    };
    consider(at);
    for (std::size_t i = at; i-- > 0;) {
      if (in_one_transaction(all_, i, at)) consider(i);
    }
    return {strongest, holder};
  }

  struct Pair {
    const Pass* pass;
    const Lock* lock;
    const UpgradeStatement* holder;
  };

  // One finding for a statement: the pass that is on a locked table itself, and does most.
  bool judge_passes(std::size_t at) {
    const auto& seen = all_[at];
    std::vector<Pair> held;
    for (const auto& pass : seen.passes) {
      const auto [lock, holder] = held_while(at, pass);
      if (lock != nullptr) held.push_back({&pass, lock, holder});
    }
    if (held.empty()) return false;
    const auto weight = [](const Pair& one) {
      const int own = one.pass->relation == one.lock->relation ? 0 : 3;
      return own + (one.pass->kind == PassKind::rewrite ? 0 : one.pass->kind == PassKind::build ? 1 : 2);
    };
    std::stable_sort(held.begin(), held.end(),
                     [&](const Pair& one, const Pair& other) { return weight(one) < weight(other); });
    const bool allowed = std::any_of(held.begin(), held.end(), [&](const Pair& one) {
      return is_allowed(seen, one.pass->relation) || is_allowed(seen, one.lock->relation);
    });
    if (!allowed) report(seen, held);
    return true;
  }

  void report(const UpgradeStatement& seen, const std::vector<Pair>& held) {
    const auto& statement = seen.statement;
    const auto& [pass, lock, holder] = held.front();
    const bool own = &seen == holder;
    std::string message = fmt::format(
        "{}: {} while {} is held on {}: {} until it is done, the longer the more rows there are",
        quoted_statement(statement.text), done(*pass), lock->mode, lock->relation, waiting(*lock));
    if (!own)
      message += fmt::format("; the lock is of {} ({}) before it in the same transaction",
                             quoted_statement(holder->statement.text), place(holder->statement));
    std::set<std::string> others;
    for (const auto& one : held) {
      if (one.pass->relation != pass->relation) others.insert(one.pass->relation);
    }
    if (!others.empty())
      message +=
          fmt::format("; so are all rows of {}", join(std::vector(others.begin(), others.end()), ", "));
    const std::string advice(safe_form({statement.command, statement.text, to_text(pass->kind),
                                        pass->reason ? *pass->reason : std::string_view()}));
    report_.fail({fmt::format("{}:{}:{}:{}", statement.file.value_or(""), statement.command, pass->relation,
                              to_text(pass->kind)),
                  statement.file.value_or(""), statement.line.value_or(0), std::move(message),
                  fmt::format("{}{}; if the table is small, `allow: [\"{} {}\"]`",
                              own ? "" : "end the transaction before it; ", advice, statement.command,
                              pass->relation)});
  }

  void judge_short(const UpgradeStatement& seen) {
    const auto& statement = seen.statement;
    if (!statement.lock_timeout_ms || *statement.lock_timeout_ms > 0) return;
    const auto& lock = seen.locks.front();
    if (is_allowed(seen, lock.relation)) return;
    if (!lock_timeout_) {
      short_.push_back(place(statement));
      return;
    }
    report_.fail(
        {fmt::format("{}:{}:{}:lock_timeout", statement.file.value_or(""), statement.command, lock.relation),
         statement.file.value_or(""), statement.line.value_or(0),
         fmt::format("{} takes {} on {} without a lock_timeout: while it waits for one long transaction, all "
                     "others wait "
                     "behind it",
                     quoted_statement(statement.text), lock.mode, lock.relation),
         fmt::format("{}; if it is meant, `allow: [\"{} {}\"]`", safe_form({statement.command, "", "", ""}),
                     statement.command, lock.relation)});
  }

  std::vector<UpgradeStatement> all_;
  std::vector<std::string> allow_;
  std::vector<std::string> except_;
  bool lock_timeout_;
  Report& report_;
  std::vector<std::string> short_;
};

void report_problems(const Facts& facts, Report& report) {
  for (const rehearsal::Problem& problem :
       facts.rows<rehearsal::Problem>("WHERE subject = 'statements' ORDER BY reason"))
    report.undecided({problem.reason, "", 0, fmt::format("not all statements were seen: {}", problem.reason),
                      problem.hint.value_or("")});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  if (!upgrade_was_rehearsed(facts, report)) return;
  report_problems(facts, report);
  Judge(facts, with, report).judge();
  const auto upgrade = *facts.row<rehearsal::Upgrade>();
  if (upgrade.outcome == rehearsal::UpgradeOutcome::failed && report.findings().empty()) {
    report.undecided({"failed", "", 0,
                      fmt::format("the upgrade failed, so that not all statements were seen: {}",
                                  upgrade.reason.value_or("no reason is given")),
                      "see EG-CG2.upgrade-applies"});
  }
  for (const rehearsal::Traffic& one :
       facts.rows<rehearsal::Traffic>("WHERE problem IS NOT NULL ORDER BY session, relation"))
    report.note(fmt::format("a {} of {} met an error during the upgrade: {}", to_text(one.session),
                            one.relation, *one.problem));
  if (report.examined_count() == 0 && report.findings().empty() && report.undecided_findings().empty())
    report.skip("the new migrations give the server no statement that changes anything");
}

const Check check{
    .name = "upgrade-locks",
    .title = "No new migration keeps readers or writers waiting while it works on every row",
    .why =
        "A lock is short on an empty database and as long as the table is large on a full one; behind it the "
        "whole "
        "application waits.",
    .domains = {"rehearsal", "schema", "migrations"},
    .parts = Parts{"rehearsal"},
    .parameters =
        {{"allow", Parameter::strings, "[]",
          "globs of tables, or of a command and a table, that may be locked: 'public.tmp_*', 'CREATE INDEX "
          "public.settings'"},
         {"except", Parameter::strings, "[]", "globs of files that are not looked at"},
         {"lock-timeout", Parameter::boolean, "false",
          "whether a short lock without a lock_timeout is a finding; else it is a note"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
