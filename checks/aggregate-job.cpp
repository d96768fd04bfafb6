#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/shell.h"
#include "harness/check/step_commands.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

using Result = ci::JobOutcomeResult;
using Reports = ci::JobOutcomeReports;

struct Job {
  std::string file;
  std::string id;
  std::int64_t line;
  std::string name;
  std::string condition;
  std::string environment;  // JSON
  std::vector<std::string> needs;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Whether the step does nothing but write: a result that is only printed turns nothing red.
bool only_writes(const JobStep& step) {
  if (step.run.find("((") != std::string::npos) return false;    // it counts
  const auto commands = shell_commands(name_pattern(step.run));  // without its expressions
  return !commands.empty() && std::all_of(commands.begin(), commands.end(), [](const auto& command) {
    return !command.empty() && (command[0] == "echo" || command[0] == "printf");
  });
}

// All of the job's steps that can look at the results of what it needs and turn the job red.
std::string texts_of(const Job& job, const std::vector<JobStep>& steps) {
  std::string texts = job.environment + "\n";
  for (const auto& step : steps) {
    if (step.failure_is_ignored || only_writes(step)) continue;
    texts += step.texts + "\n";
    for (const auto& condition : step.conditions) texts += condition + "\n";
  }
  return texts;
}

bool looks_at_all(const std::string& texts) {
  const auto text = lower(texts);
  return contains(text, "needs.*.result") || contains(text, "tojson(needs)");
}

bool looks_at(const std::string& texts, const std::string& need) {
  return contains(texts, "needs." + need + ".result") || contains(texts, "needs['" + need + "'].result") ||
         contains(texts, "needs['" + need + "']['result']");
}

bool any_row(const Facts& facts, std::string_view sql, const std::vector<facts::Value>& values) {
  for ([[maybe_unused]] const Row& row : facts.query(sql, values)) return true;
  return false;
}

// The step that turns the job red unless all that it needs succeeded, as one line of YAML.
std::string red_step(const std::vector<std::string>& needs) {
  std::string condition;
  for (const auto& need : needs) {
    condition += fmt::format("{}needs.{}.result != 'success'", condition.empty() ? "" : " || ", need);
  }
  return fmt::format("- {{if: \"{}\", run: exit 1}}", condition);
}

// Without what stands behind a '#': a word in a comment says nothing.
std::string without_comments(const std::string& texts) {
  std::string all;
  for (std::string line : split(texts, '\n')) {
    for (auto at = line.find('#'); at != std::string::npos; at = line.find('#', at + 1)) {
      if (at > 0 && line[at - 1] != ' ') continue;
      line.erase(at);
      break;
    }
    all += line + "\n";
  }
  return all;
}

// What becomes of the job: ci.job_outcome, the worst of its instances for each job that it waits for.
class Outcomes {
 public:
  Outcomes(const Facts& facts, const Job& job) {
    for (const ci::JobOutcome& row : facts.rows<ci::JobOutcome>(
             "WHERE instance IN (SELECT id FROM ci.job_instance WHERE file = ? AND job = ?) ORDER BY rowid",
             {job.file, job.id})) {
      const auto [known, is_new] = rows_.try_emplace({row.needs, row.result}, row);
      if (!is_new && rank(row.reports) > rank(known->second.reports)) known->second = row;
    }
  }

  bool any() const { return !rows_.empty(); }
  const ci::JobOutcome* of(const std::string& need, Result result) const {
    const auto found = rows_.find({need, result});
    return found == rows_.end() ? nullptr : &found->second;
  }
  // Of these, those that report so.
  std::vector<std::string> that(const std::vector<std::string>& needs, Result result, Reports reports) const {
    std::vector<std::string> all;
    std::copy_if(needs.begin(), needs.end(), std::back_inserter(all), [&](const auto& need) {
      const ci::JobOutcome* row = of(need, result);
      return row != nullptr && row->reports == reports;
    });
    return all;
  }
  std::set<std::string> needs() const {
    std::set<std::string> all;
    for (const auto& [key, row] : rows_) all.insert(key.first);
    return all;
  }
  bool can_fail() const {
    return std::any_of(rows_.begin(), rows_.end(), [](const auto& row) {
      return row.second.reports == Reports::failure && row.first.second != Result::success;
    });
  }

 private:
  static int rank(Reports reports) {
    return reports == Reports::failure ? 0 : reports == Reports::undecided ? 1 : 2;
  }
  std::map<std::pair<std::string, Result>, ci::JobOutcome> rows_;
};

class Aggregate {
 public:
  Aggregate(const Facts& facts, const JobSteps& steps, const StepCommands& commands,
            const Providers& providers, Report& report)
      : facts_(facts), steps_(steps), commands_(commands), providers_(providers), report_(report) {}

  // `named`: as one that sums up; one that is not may only tell somebody.
  void look(const Job& job, const Outcomes& outcomes, const std::string& texts, bool named) {
    report_.examined();
    const std::size_t before = report_.findings().size();
    if (!complete(job, outcomes)) return;
    if (!look_at_skips(job, outcomes, named)) look_at_results(job, outcomes, texts, named);
    look_at_ignored(job, outcomes);
    if (report_.findings().size() == before) look_at_undecided(job, outcomes);
  }

 private:
  // Each job that it waits for has its rows, and no other.
  bool complete(const Job& job, const Outcomes& outcomes) {
    std::set<std::string> waited_for;
    for (const Row& row :
         facts_.query("WITH RECURSIVE waits(needs) AS (SELECT needs FROM ci.need WHERE file = ? AND job = ? "
                      "UNION SELECT n.needs FROM waits w JOIN ci.need n ON n.file = ? AND n.job = w.needs) "
                      "SELECT needs FROM waits",
                      {job.file, job.id, job.file})) {
      waited_for.insert(row.text("needs"));
    }
    const std::set<std::string> known = outcomes.needs();
    for (const std::string& need : waited_for) {
      const bool expanded = any_row(
          facts_, "SELECT 1 FROM ci.job_instance WHERE file = ? AND job = ? LIMIT 1", {job.file, need});
      if (known.contains(need) || (outcomes.any() && !expanded)) continue;
      return not_known(job, need);
    }
    for (const std::string& need : known) {
      if (!waited_for.contains(need)) return not_known(job, need);
    }
    return true;
  }

  bool not_known(const Job& job, const std::string& need) {
    report_.undecided(
        {fmt::format("{}:{}:unknown", job.file, job.id), job.file, job.line,
         fmt::format("the facts do not say what job '{}' reports when '{}' fails", job.id, need),
         "collect the facts again; ci.problem says what was too large to be looked at"});
    return false;
  }

  // Whether a failure skips it: then it does not matter what its steps do.
  bool look_at_skips(const Job& job, const Outcomes& outcomes, bool named) {
    const auto skipped = [&](const std::string& event) {
      fail(job, "skipped",
           fmt::format(
               "job '{}' {}: when {} {} skips it, and a required check that was skipped counts as passed",
               job.id,
               job.condition.empty() ? std::string("has no `if:`")
                                     : fmt::format("has `if: {}`", trim(job.condition)),
               event, providers_.of(job.file).title),
           fmt::format("write `if: always()`, and as a step `{}`", red_step(job.needs)));
    };
    const auto which = [](const std::vector<std::string>& needs) {
      return (needs.size() == 1 ? "" : "one of ") + shortened_list(needs);
    };
    const auto failed = outcomes.that(job.needs, Result::failure, Reports::skipped);
    if (!failed.empty()) {
      skipped(which(failed) + " fails");
      return true;
    }
    const auto cancelled = outcomes.that(job.needs, Result::cancelled, Reports::skipped);
    if (!cancelled.empty()) {
      if (named) skipped(which(cancelled) + " reaches its time limit, and so is cancelled,");
      return false;
    }
    if (!outcomes.that(job.needs, Result::run_cancelled, Reports::skipped).empty())
      skipped("the run is cancelled");
    return false;
  }

  static bool hidden(const ci::JobOutcome& row) {
    return contains(row.because.value_or(""), "`continue-on-error`");
  }

  void look_at_results(const Job& job, const Outcomes& outcomes, const std::string& texts, bool named) {
    std::vector<std::string> green = outcomes.that(job.needs, Result::failure, Reports::success);
    std::erase_if(green, [&](const auto& need) { return hidden(*outcomes.of(need, Result::failure)); });
    if (!green.empty()) return look_at_green(job, outcomes, texts, green);
    if (look_through(job, outcomes)) return;

    const std::vector<std::string> cancelled = outcomes.that(job.needs, Result::cancelled, Reports::success);
    std::vector<std::string> skipped = outcomes.that(job.needs, Result::skipped, Reports::success);
    if (outcomes.that(job.needs, Result::cancelled, Reports::skipped).empty() && named) {
      const auto also = outcomes.that(job.needs, Result::skipped, Reports::skipped);
      if (outcomes.that(job.needs, Result::failure, Reports::skipped).empty()) {
        skipped.insert(skipped.end(), also.begin(), also.end());
      }
    }
    // Who names a skip, or lets an action allow it, means it.
    const std::string said = without_comments(texts + "\n" + job.condition);
    if (contains(said, "skipped") || contains(said, "allowed-skips")) skipped.clear();
    if (cancelled.empty() && skipped.empty()) return;
    const bool both = !cancelled.empty() && !skipped.empty();
    const std::string counts = both                ? "skipped or cancelled counts"
                               : cancelled.empty() ? "skipped counts"
                                                   : "cancelled counts";
    fail(job, "only-failure",
         fmt::format("job '{}' looks only for 'failure'{}: a job that was {} as passed", job.id,
                     cancelled.empty() ? " and 'cancelled'"
                     : skipped.empty() ? " and what was skipped"
                                       : "",
                     counts),
         fmt::format("compare with 'success': `{}`", red_step(job.needs)));
  }

  void look_at_green(const Job& job, const Outcomes& outcomes, const std::string& texts,
                     const std::vector<std::string>& green) {
    if (contains(texts, "alls-green@") && contains(texts, "\"allowed-failures\"")) {
      return fail(
          job, "allowed-failures",
          fmt::format("job '{}' is green although a job failed that `allowed-failures` names", job.id),
          "take `allowed-failures` out of `with:`");
    }
    std::vector<std::string> unseen;
    if (!looks_at_all(texts)) {
      std::copy_if(green.begin(), green.end(), std::back_inserter(unseen),
                   [&](const auto& need) { return !looks_at(texts, need); });
    }
    if (!unseen.empty()) {
      return fail(
          job, "unseen",
          fmt::format(
              "job '{}' runs whatever happened and never looks at the result of {}: it is green although {} "
              "failed",
              job.id, shortened_list(unseen), unseen.size() == 1 ? "that job" : "one of them"),
          fmt::format("add the step `{}`", red_step(unseen)));
    }
    const auto line = outcomes.of(green[0], Result::failure)->line;
    fail(job, "green",
         fmt::format("job '{}' looks at the result of {}{} and is green although {} failed", job.id,
                     shortened_list(green), line ? fmt::format(" (line {})", *line) : "",
                     green.size() == 1 ? "that job" : "one of them"),
         fmt::format("write the step `{}`", red_step(job.needs)));
  }

  // A job that is needed by one that it needs: what lies between is then skipped.
  bool look_through(const Job& job, const Outcomes& outcomes) {
    std::vector<std::string> others;
    for (const std::string& need : outcomes.needs()) {
      if (std::find(job.needs.begin(), job.needs.end(), need) == job.needs.end()) others.push_back(need);
    }
    std::vector<std::string> green = outcomes.that(others, Result::failure, Reports::success);
    std::erase_if(green, [&](const auto& need) { return hidden(*outcomes.of(need, Result::failure)); });
    if (green.empty()) return false;
    fail(job, "through",
         fmt::format("job '{}' is green although {} failed: what waits for {} is then skipped, and that "
                     "counts as passed",
                     job.id, (green.size() == 1 ? "" : "one of ") + shortened_list(green),
                     green.size() == 1 ? "it" : "them"),
         fmt::format("name {} in `needs:`, and compare with 'success': `{}`", shortened_list(green),
                     red_step(green)));
    return true;
  }

  void look_at_ignored(const Job& job, const Outcomes& outcomes) {
    for (const auto& need : job.needs) {
      const ci::JobOutcome* row = outcomes.of(need, Result::failure);
      if (row != nullptr && hidden(*row) && row->reports == Reports::success) {
        const bool literal =
            any_row(facts_,
                    "SELECT 1 FROM ci.job WHERE file = ? AND id = ? AND lower(continue_on_error) = "
                    "'true'",
                    {job.file, need});
        fail(job, "ignored:" + need,
             fmt::format(
                 "job '{}' needs '{}', whose `continue-on-error{}` makes its result 'success' even when it "
                 "failed",
                 job.id, need, literal ? ": true" : ""),
             fmt::format("take `continue-on-error` off job '{}', or `{}` out of `needs:`", need, need));
        continue;
      }
      look_at_ignored_steps(job, need);
    }
  }

  // Tests of which the job makes nothing when they fail.
  void look_at_ignored_steps(const Job& job, const std::string& need) {
    const auto steps = steps_.of(job.file, need);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const JobStep& step = steps[i];
      if (!commands_.test_in(step) || !ignored(step)) continue;
      const std::string id = id_of(step);
      const bool asked = !id.empty() && std::any_of(steps.begin(), steps.end(), [&](const JobStep& other) {
        return contains(other.texts, "steps." + id + ".");
      });
      if (asked) continue;
      return fail(
          job, "ignored:" + need,
          fmt::format(
              "job '{}' needs '{}', whose tests ({}:{}) have `continue-on-error`: the job succeeds even "
              "when they failed",
              job.id, need, step.file, step.line),
          "take `continue-on-error` off that step");
    }
  }

  bool ignored(const JobStep& step) const {
    for (const Row& row :
         facts_.query("SELECT count(*) AS total, coalesce(sum(failure_ignored = 'yes'), 0) AS ignored "
                      "FROM ci.step_instance WHERE file = ? AND line = ?",
                      {step.file, step.line})) {
      if (row.integer("total") > 0) return row.integer("total") == row.integer("ignored");
    }
    return step.failure_is_ignored;
  }

  std::string id_of(const JobStep& step) const {
    for (const Row& row :
         facts_.query("SELECT coalesce(id, '') AS id FROM ci.step WHERE file = ? AND line = ?",
                      {step.file, step.line})) {
      return row.text("id");
    }
    return "";
  }

  void look_at_undecided(const Job& job, const Outcomes& outcomes) {
    for (const Result result : {Result::failure, Result::cancelled}) {
      const auto needs = outcomes.that(job.needs, result, Reports::undecided);
      if (needs.empty()) continue;
      const ci::JobOutcome& row = *outcomes.of(needs[0], result);
      report_.undecided(
          {fmt::format("{}:{}:undecided", job.file, job.id), job.file, row.line.value_or(job.line),
           fmt::format("whether job '{}' is red when {}{} {} cannot be told: {}", job.id,
                       needs.size() == 1 ? "" : "one of ", shortened_list(needs),
                       result == Result::failure ? "fails" : "is cancelled", row.because.value_or("")),
           fmt::format("compare the results in the job itself: `{}`", red_step(job.needs))});
      return;
    }
  }

  void fail(const Job& job, const std::string& what, std::string message, std::string hint) {
    report_.fail({fmt::format("{}:{}:{}", job.file, job.id, what), job.file, job.line, std::move(message),
                  std::move(hint)});
  }

  const Facts& facts_;
  const JobSteps& steps_;
  const StepCommands& commands_;
  const Providers& providers_;
  Report& report_;
};

bool named_so(const std::vector<std::string>& globs, const Job& job) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
    return glob_match(glob, lower(job.id)) || glob_match(glob, lower(job.name));
  });
}

// A job that does work of its own, a "phase-gate" that runs tests, is not an aggregate of others.
bool does_work(const std::vector<JobStep>& steps, const StepCommands& commands) {
  return std::any_of(steps.begin(), steps.end(), [&](const JobStep& step) {
    const std::string uses = lower(step.uses);
    if (!uses.empty() && !contains(uses, "alls-green@") && !contains(uses, "github-script@") &&
        !contains(uses, "slack") && !contains(uses, "notif")) {
      return true;
    }
    const auto all = commands.of(step);
    return std::any_of(all.begin(), all.end(), [](const StepCommand& command) {
      return command.kind == ci::CommandKind::test || command.kind == ci::CommandKind::migrate ||
             command.kind == ci::CommandKind::dump;
    });
  });
}

bool never_runs(const Facts& facts, const std::string& file, const std::string& job) {
  return any_row(facts, "SELECT 1 FROM ci.job WHERE file = ? AND id = ? AND on_pull_request = 'no'",
                 {file, job});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto globs = with.strings("jobs");
  const auto required = with.strings("required");
  const JobSteps steps(facts);
  const StepCommands commands(facts);
  std::vector<Job> jobs;
  const Providers providers(facts);
  for (const ci::Job& row : facts.rows<ci::Job>("ORDER BY file, line")) {
    if (!providers.of(row.file).skipped_job_passes) continue;
    if (row.on_pull_request == ci::OnPullRequest::unreached) continue;
    // One that never runs because of what it asks of others is skipped in any case.
    if (row.on_pull_request == ci::OnPullRequest::no && !contains(row.condition.value_or(""), "needs."))
      continue;
    Job job{row.file,
            row.id,
            row.line,
            row.name.value_or(""),
            row.condition.value_or(""),
            row.environment.value_or(""),
            {}};
    for (const ci::Need& need :
         facts.rows<ci::Need>("WHERE file = ? AND job = ? ORDER BY rowid", {job.file, job.id})) {
      job.needs.push_back(need.needs);
    }
    // What it sums up never runs either: a job of releases.
    if (row.on_pull_request == ci::OnPullRequest::no && !named_so(required, job) &&
        std::all_of(job.needs.begin(), job.needs.end(),
                    [&](const auto& need) { return never_runs(facts, job.file, need); }))
      continue;
    if (!job.needs.empty()) jobs.push_back(std::move(job));
  }
  Aggregate aggregate(facts, steps, commands, providers, report);
  for (const auto& job : jobs) {
    const auto job_steps = steps.of(job.file, job.id);
    const auto texts = texts_of(job, job_steps);
    const Outcomes outcomes(facts, job);
    const bool looks =
        outcomes.can_fail() &&
        (looks_at_all(texts) || std::any_of(job.needs.begin(), job.needs.end(),
                                            [&](const auto& need) { return looks_at(texts, need); }));
    const bool named = named_so(required, job) ||
                       (named_so(globs, job) && !job_steps.empty() && !does_work(job_steps, commands));
    if (looks || named) aggregate.look(job, outcomes, texts, named);
  }
  if (report.examined_count() == 0 && !unreadable && report.undecided_findings().empty()) {
    report.skip("no job on pull requests sums up others");
  }
}

const Check check{
    .name = "aggregate-job",
    .title = "An aggregate job is green only when every job it needs succeeded",
    .why =
        "Branch protection asks for one job that needs all others. It is skipped when one of them fails, and "
        "skipped counts as passed; with `if: always()` and nothing else it passes whatever happened.",
    .domains = {"ci"},
    .parameters =
        {{"jobs", Parameter::strings,
          R"(["*gate*", "all", "all-*", "all_*", "*-ok", "*-pass", "*passed*", "*succe*", "*required*", "*alls-green*",
                        "*green*", "*conclusion*", "ci", "ci-status", "ci-complete", "*summary*", "*status-check*", "*check-status*",
                        "*-complete", "*-done", "done", "ok", "*-status", "finish*", "final*", "results", "*-result", "*-results"])",
          "globs of ids and names of jobs that sum up when they do no work of their own, besides those that "
          "look "
          "at `needs.*.result` and turn red"},
         {"required", Parameter::strings, "[]",
          "globs of ids and names of jobs that branch protection asks for: those that need others are looked "
          "at, whatever "
          "they do"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
