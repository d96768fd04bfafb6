#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/base_branch.h"
#include "harness/check/check.h"
#include "harness/check/workflows.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::check {
namespace {

using migrations::MergedChange;
using migrations::MergedChangeKind;

constexpr std::size_t kFew = 3;  // removed migrations of a history that are named one by one

std::string shown(const MergedChange& change) {
  const auto before = change.before.value_or("");
  const auto after = change.after.value_or("");
  if (before.empty() && after.empty()) return "";
  if (before.empty()) return fmt::format(": `{}` is new in it", after);
  if (after.empty()) return fmt::format(": `{}` is gone from it", before);
  return fmt::format(": `{}` was `{}`", after, before);
}

class Judge {
 public:
  Judge(const Parameters& with, std::string base, Report& report)
      : allow_(with.strings("allow")),
        strict_(with.boolean("strict")),
        base_(std::move(base)),
        report_(report) {}

  void judge(const MergedChange& change) {
    const std::string kind(to_text(change.kind));
    if (any_glob_matches(allow_, kind) ||
        any_glob_matches(allow_, fmt::format("{} {}", kind, change.revision)))
      return;
    const std::string follows = change.reason ? fmt::format("; {}", *change.reason) : "";
    const std::string allow = fmt::format("`allow: [\"{} {}\"]`", kind, change.revision);
    // Of several new ones before one, each has a key of its own.
    const std::string key =
        fmt::format("{}:{}:{}", change.environment, kind,
                    change.kind == MergedChangeKind::overtaken ? change.after.value_or("") : change.revision);
    std::string message;
    std::string hint;
    switch (change.kind) {
      case MergedChangeKind::changed:
        message = fmt::format(
            "'{}', which {} has, is changed{}: a database that has applied it does not get this, a new one "
            "does{}",
            change.revision, base_, shown(change), follows);
        hint = fmt::format(
            "put it back as it was and write what is to change as a new migration; if no database has it "
            "yet, {}",
            allow);
        break;
      case MergedChangeKind::removed:
        message = fmt::format(
            "'{}', which {} has, is gone: a database that has applied it keeps what it did, a new "
            "one never gets it{}",
            change.revision, base_, follows);
        hint = fmt::format(
            "put it back and take back what it did in a new migration; if no database needs it any more, {}",
            allow);
        break;
      case MergedChangeKind::overtaken:
        message = fmt::format(
            "'{}' is new and comes before '{}', which {} has: a database that is past that one gets them in "
            "another order than a new one, or never gets the new one{}",
            change.after.value_or(""), change.revision, base_, follows);
        hint = fmt::format("let it follow the last migration of {}; if that is meant, {}", base_, allow);
        break;
      case MergedChangeKind::undecided:
        report_.undecided({key, change.file, change.line,
                           fmt::format("cannot tell whether '{}', which {} has, still does the same{}{}",
                                       change.revision, base_, shown(change), follows),
                           "put it back as it was; or look at it, and waive this finding"});
        return;
    }
    if (change.harmless && !strict_) {
      report_.note(change.kind == MergedChangeKind::overtaken
                       ? fmt::format("{}: '{}' is new and comes before '{}'{}", change.file,
                                     change.after.value_or(""), change.revision, follows)
                       : fmt::format("{}:{}: '{}' is changed{}{}", change.file, change.line, change.revision,
                                     shown(change), follows));
      return;
    }
    report_.fail({key, change.file, change.line, std::move(message), std::move(hint)});
  }

  // Of a history that lost many, or all.
  void judge_removed(const std::string& environment, const std::vector<MergedChange>& removed, bool all) {
    std::vector<MergedChange> left;
    for (const auto& one : removed) {
      if (!any_glob_matches(allow_, "removed") && !any_glob_matches(allow_, "removed " + one.revision))
        left.push_back(one);
    }
    if (left.size() <= kFew) {
      for (const auto& one : left) judge(one);
      return;
    }
    std::vector<std::string> ids;
    ids.reserve(left.size());
    for (const auto& one : left) ids.push_back(one.revision);
    report_.fail(
        {fmt::format("{}:removed", environment), left.front().file, left.front().line,
         fmt::format("{} of {}, which {} has, {}: {}; a database that has applied them keeps what they did, "
                     "a new one "
                     "never gets it",
                     all ? "all migrations" : count_of(left.size(), "migration"), environment, base_,
                     all || left.size() > 1 ? "are gone" : "is gone", shortened_list(ids)),
         "put them back; if the history begins anew and every database is told so, `allow: [removed]`"});
  }

 private:
  std::vector<std::string> allow_;
  bool strict_;
  std::string base_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  const auto comparison = facts.row<migrations::Comparison>();
  if (!comparison || (!comparison->reference && !comparison->merge_base)) {
    report.skip(
        fmt::format("no base to compare with: {}",
                    comparison && comparison->problem ? *comparison->problem : "it was not looked for"),
        "write `base: origin/main` in exitgate.yaml");
    return;
  }
  if (!comparison->merge_base) {
    report.undecided({"base", "", 0,
                      fmt::format("cannot tell which migrations are merged: {}",
                                  comparison->problem.value_or("there is no common history")),
                      "let the clone have the base branch (fetch-depth: 0)"});
    return;
  }
  const std::string base = short_reference(comparison->reference.value_or(""));
  if (facts.integer("SELECT count(*) FROM repo.checkout WHERE oid = ?", {*comparison->merge_base})
          .value_or(0) > 0) {
    report.skip(fmt::format("the commit is one that {} has: there is nothing to compare it with", base));
    return;
  }
  Judge judge(with, base, report);
  for (const migrations::Revision& revision : facts.rows<migrations::Revision>("WHERE NOT new")) {
    if (!any_glob_matches(except, revision.file)) report.examined();
  }
  std::map<std::string, std::vector<MergedChange>> removed;
  for (const MergedChange& change :
       facts.rows<MergedChange>("ORDER BY file, line, environment, revision, kind")) {
    if (any_glob_matches(except, change.file)) continue;
    report.examined();
    if (change.kind == MergedChangeKind::removed) {
      removed[change.environment].push_back(change);
    } else {
      judge.judge(change);
    }
  }
  for (const auto& [environment, changes] : removed) {
    const auto left =
        facts.integer("SELECT count(*) FROM migrations.revision WHERE environment = ?", {environment});
    judge.judge_removed(environment, changes, left.value_or(0) == 0);
  }
  if (report.examined_count() == 0) report.skip(fmt::format("{} has no migration", base));
}

const Check check{
    .name = "merged-migrations",
    .title = "Migrations that the base branch has stay as they were",
    .why =
        "Databases that have applied a migration do not apply it again: once it is merged, a change of it "
        "makes two "
        "kinds of databases, which no run on an empty one shows.",
    .domains = {"migrations", "repo"},
    .parameters = {{"allow", Parameter::strings, "[]",
                    "globs of what is meant, a kind or a kind and a migration: 'removed', 'changed 0003*'; "
                    "the kinds are those of "
                    "migrations.merged_change"},
                   {"except", Parameter::strings, "[]", "globs of files that are not looked at"},
                   {"strict", Parameter::boolean, "false",
                    "whether a change of the way down alone is a finding as well, and a new migration before "
                    "an old one where the "
                    "tool applies whatever it has missed; else they are notes"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
