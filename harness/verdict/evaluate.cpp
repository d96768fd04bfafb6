#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/census/census.h"
#include "harness/check/database_parts.h"
#include "harness/facts/schema_version.h"
#include "harness/json/json.h"
#include "harness/verdict/subject.h"
#include "harness/verdict/verdict.h"

namespace exitgate::verdict {

namespace {

// What a report amounts to, before waivers.
struct Outcome {
  Status status;
  std::string reason;
};

std::string with_remedy(const check::Report& report) {
  return report.remedy().empty() ? *report.skipped()
                                 : fmt::format("{}: {}", *report.skipped(), report.remedy());
}

Outcome settle(const check::Report& report) {
  const bool found = !report.findings().empty() || !report.undecided_findings().empty();
  if (!report.findings().empty()) return {Status::fail, ""};
  if (!report.undecided_findings().empty()) {
    return {Status::error,
            fmt::format("{} could not be decided", count_of(report.undecided_findings().size(), "subject"))};
  }
  if (report.skipped()) {
    if (found || report.examined_count() > 0) {
      return {Status::error, "internal fault: the check skips although it examined something"};
    }
    return {Status::skip, with_remedy(report)};
  }
  if (report.examined_count() == 0) {
    return {Status::error, "the gate examined nothing, so this is not a pass"};
  }
  return {Status::pass, ""};
}

// A check that takes the domains as a parameter reads those of the gate, too.
std::vector<std::string> domains_of_check(const check::Check& check, const check::Parameters& with) {
  auto domains = check.domains;
  const bool named = std::any_of(check.parameters.begin(), check.parameters.end(),
                                 [](const check::Parameter& one) { return one.name == "domains"; });
  if (named) {
    for (auto& domain : with.strings("domains")) {
      if (std::find(domains.begin(), domains.end(), domain) == domains.end())
        domains.push_back(std::move(domain));
    }
  }
  return domains;
}

// With the stores that it reads where they are there.
std::vector<std::string> domains_at(const std::filesystem::path& folder, const check::Check& check,
                                    const check::Parameters& with) {
  auto domains = domains_of_check(check, with);
  std::copy_if(check.optional_domains.begin(), check.optional_domains.end(), std::back_inserter(domains),
               [&](const std::string& domain) { return std::filesystem::exists(folder / (domain + ".db")); });
  return domains;
}

// A check may skip only where nothing that the gate is about exists.
void compare_with_subject(const Gate& gate, const Evaluation& evaluation, const check::Report& report,
                          Verdict& verdict) {
  if (gate.about.empty()) return;
  const facts::Facts facts(evaluation.facts, gate.about_domains);
  const Subject subject = find_subject(facts, gate.about);
  if (subject.count == 0) {
    verdict.not_applicable = true;
    verdict.reason = *report.skipped();  // nobody needs to write anything
    return;
  }
  if (subject.may_skip) return;
  verdict.status = Status::error;
  verdict.reason = fmt::format("{}, but {}", in_words(subject), verdict.reason);
}

// The gate's findings as judged: with ids, blobs and waivers.
class Judge {
 public:
  Judge(const Gate& gate, const Evaluation& evaluation)
      : gate_(gate), evaluation_(evaluation), used_(gate.waivers.size()) {
    if (std::filesystem::exists(evaluation.facts / "repo.db")) {
      repository_.emplace(evaluation.facts, std::vector<std::string>{"repo"});
    }
  }

  Judged judge(const check::Finding& finding, bool undecided) {
    Judged judged;
    judged.finding = finding;
    if (finding.hint.empty()) judged.finding.hint = gate_.hint;
    judged.undecided = undecided;
    if (judged.finding.key.empty()) judged.finding.key = fmt::format("{}: {}", finding.file, finding.message);
    judged.id = short_hash(gate_.name + "\n" + judged.finding.key);
    // Two findings of one key are two: the second is told apart by its place among them.
    const auto same = std::count(seen_.begin(), seen_.end(), judged.id);
    seen_.push_back(judged.id);
    if (same > 0) judged.id += fmt::format("-{}", same + 1);
    if (repository_ && !finding.file.empty()) {
      judged.blob =
          repository_->text("SELECT oid FROM repo.file WHERE path = ?", {finding.file}).value_or("");
    }
    // What could not be decided cannot be accepted either.
    if (!undecided) waive(judged);
    return judged;
  }

  // The waivers that accept nothing any more.
  std::vector<std::string> stale_waivers() const {
    std::vector<std::string> stale = expired_;
    for (std::size_t i = 0; i < used_.size(); ++i) {
      if (!used_[i]) {
        stale.push_back(fmt::format("{}: the waiver of '{}' matches no finding", gate_.waivers[i].where,
                                    gate_.waivers[i].finding));
      }
    }
    return stale;
  }

 private:
  void waive(Judged& judged) {
    for (std::size_t i = 0; i < gate_.waivers.size(); ++i) {
      const auto& waiver = gate_.waivers[i];
      if (!glob_match(waiver.finding, judged.id) && !glob_match(waiver.finding, judged.finding.key) &&
          !glob_match(waiver.finding, judged.finding.file)) {
        continue;
      }
      used_[i] = true;
      if (evaluation_.today > waiver.expires) {
        auto line =
            fmt::format("{}: the waiver of '{}' expired on {}", waiver.where, waiver.finding, waiver.expires);
        if (std::find(expired_.begin(), expired_.end(), line) == expired_.end())
          expired_.push_back(std::move(line));
        continue;
      }
      judged.waived = true;
      judged.waiver = fmt::format("{} (until {}, {})", waiver.reason, waiver.expires, waiver.where);
      return;
    }
  }

  const Gate& gate_;
  const Evaluation& evaluation_;
  std::optional<facts::Facts> repository_;
  std::vector<bool> used_;
  std::vector<std::string> seen_;
  std::vector<std::string> expired_;
};

// Whether the gate turns red on the changed facts; `broken` says why when it does not.
bool turns_red(const Gate& gate, const check::Check& check, const check::Parameters& with,
               const facts::Facts& facts, std::string& broken) {
  std::int64_t changed = 0;
  const facts::Facts altered = facts.changed_by(gate.counterexample, changed);
  if (changed == 0) {
    broken = "the gate is not proven to work: its counterexample changes no row";
    return false;
  }
  check::Report report;
  census::run_check(check, altered, with, report);
  const Outcome outcome = settle(report);
  if (outcome.status == Status::fail) return true;
  broken = fmt::format("the gate is broken: its counterexample leaves it at '{}'{}{}",
                       status_name(outcome.status), outcome.reason.empty() ? "" : ": ", outcome.reason);
  return false;
}

void decide(const Gate& gate, const check::Check& check, const Evaluation& evaluation, Verdict& verdict) {
  const check::Parameters with(check.parameters, Json::parse(gate.with), gate.name);
  const facts::Facts facts(evaluation.facts,
                           census::with_census(evaluation.facts, domains_at(evaluation.facts, check, with)));
  check::require_parts(facts, gate.parts);
  check::Report report;
  census::run_check(check, facts, with, report);
  const Outcome outcome = settle(report);
  verdict.status = outcome.status;
  verdict.reason = outcome.reason;
  if (outcome.status == Status::skip) compare_with_subject(gate, evaluation, report, verdict);
  verdict.examined = report.examined_count();
  verdict.notes = report.notes();
  if (!report.findings().empty() || !report.undecided_findings().empty() || !gate.waivers.empty()) {
    Judge judge(gate, evaluation);
    for (const auto& finding : report.findings()) verdict.findings.push_back(judge.judge(finding, false));
    for (const auto& finding : report.undecided_findings())
      verdict.findings.push_back(judge.judge(finding, true));
    verdict.stale_waivers = judge.stale_waivers();
  }
  if (gate.counterexample.empty() && gate.unproven.empty()) {
    verdict.status = Status::error;
    verdict.reason = "the gate has no counterexample: nothing proves that it can fail";
    return;
  }
  // An error is not a verdict to be proven; and what cannot be evaluated once cannot be evaluated twice.
  if (verdict.status == Status::error) return;
  std::string broken;
  if (gate.unproven.empty()) verdict.turned_red = turns_red(gate, check, with, facts, broken);
  if (verdict.turned_red == false && verdict.status == Status::pass) {
    verdict.status = Status::error;
    verdict.reason = broken;
    return;
  }
  if (verdict.status == Status::fail && std::all_of(verdict.findings.begin(), verdict.findings.end(),
                                                    [](const Judged& one) { return one.waived; })) {
    verdict.status = Status::pass;
    verdict.waived = true;
  }
}

}  // namespace

std::vector<std::string> domains_of(const Gate& gate, const check::Check& check) {
  auto domains =
      domains_of_check(check, check::Parameters(check.parameters, Json::parse(gate.with), gate.name));
  for (const auto& domain : gate.about_domains) {
    if (std::find(domains.begin(), domains.end(), domain) == domains.end()) domains.push_back(domain);
  }
  return domains;
}

Verdict undecided_verdict(const Gate& gate) {
  Verdict verdict;
  verdict.gate = gate.name;
  verdict.exit_gate = gate.exit_gate;
  verdict.title = gate.title;
  verdict.check = gate.check;
  verdict.labels = gate.labels;
  verdict.counterexample = gate.counterexample;
  verdict.unproven = gate.unproven;
  verdict.why = gate.why;
  verdict.severity = gate.severity;
  return verdict;
}

Verdict evaluate(const Gate& gate, const check::Check& check, const Evaluation& evaluation) {
  Verdict verdict = undecided_verdict(gate);
  const auto started = std::chrono::steady_clock::now();
  const auto undecided = [&](const std::string& reason, const std::string& hint) {
    verdict.status = Status::error;
    verdict.reason = hint.empty() ? reason : fmt::format("{} ({})", reason, hint);
  };
  try {
    decide(gate, check, evaluation, verdict);
  } catch (const facts::SchemaMismatch& mismatch) {
    undecided(mismatch.what(), mismatch.hint());
    verdict.schema_mismatch = mismatch.what();
  } catch (const Error& error) {
    undecided(error.what(), error.hint());
  } catch (const std::exception& error) {
    undecided(fmt::format("internal fault: {}", error.what()), "");
  }
  verdict.duration_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
          .count();
  return verdict;
}

}  // namespace exitgate::verdict
