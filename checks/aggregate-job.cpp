#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/shell.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

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

std::string squeezed(const std::string& text) {
  std::string all;
  for (const char c : lower(bare_expression(text))) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') all += c;
  }
  return all;
}

// What a job's `if:` makes of a need that failed.
enum class When {
  always,     // the job runs whatever happened
  when_red,   // it runs when something is wrong, and is rightly skipped when nothing is
  cancelled,  // it runs unless the run is cancelled
  failed,     // it runs when something failed, not when it was cancelled
  green,      // it runs only when all is well: skipped otherwise
};

When when_of(const std::string& condition) {
  const std::string text = squeezed(condition);
  const auto has = [&](std::string_view part) { return contains(text, part); };
  // Without one of these `success() &&` is put before it.
  const bool any = has("always()") || has("failure()") || has("cancelled()");
  const bool green =
      has("=='success'") || has("!='failure'") || has("!contains(") || has("!failure()") || has("success()");
  if (!any || green) return When::green;
  if (has("!='success'") || has("=='failure'") || has("=='skipped'") || has("=='cancelled'") ||
      has("contains(needs")) {
    return When::when_red;
  }
  if (has("always()")) return runs_always(condition) ? When::always : When::green;
  if (has("!cancelled()")) return When::cancelled;
  return has("failure()") && !has("cancelled()") ? When::failed
         : has("failure()")                      ? When::when_red
                                                 : When::green;
}

bool looks_at_all(const std::string& texts) {
  const auto text = lower(texts);
  return contains(text, "needs.*.result") || contains(text, "tojson(needs)");
}

bool looks_at(const std::string& texts, const std::string& need) {
  return contains(texts, "needs." + need + ".result") || contains(texts, "needs['" + need + "'].result") ||
         contains(texts, "needs['" + need + "']['result']");
}

// The step that turns the job red unless all that it needs succeeded, as one line of YAML.
std::string red_step(const std::vector<std::string>& needs) {
  std::string condition;
  for (const auto& need : needs) {
    condition += fmt::format("{}needs.{}.result != 'success'", condition.empty() ? "" : " || ", need);
  }
  return fmt::format("- {{if: \"{}\", run: exit 1}}", condition);
}

class Aggregate {
 public:
  Aggregate(const std::map<std::pair<std::string, std::string>, bool>& ignored, const Providers& providers,
            Report& report)
      : ignored_(ignored), providers_(providers), report_(report) {}

  // `named`: as one that sums up; one that is not may only tell somebody.
  void look(const Job& job, const std::string& texts, bool named) {
    report_.examined();
    const When when = when_of(job.condition);
    const auto skipped = [&](const std::string& event) {
      fail(job, "skipped",
           fmt::format(
               "job '{}' {}: when {} {} skips it, and a required check that was skipped counts as passed",
               job.id,
               job.condition.empty() ? std::string("has no `if:`")
                                     : fmt::format("has `if: {}`", job.condition),
               event, providers_.of(job.file).title),
           fmt::format("write `if: always()`, and as a step `{}`", red_step(job.needs)));
    };
    const std::string which = (job.needs.size() == 1 ? "" : "one of ") + shortened_list(job.needs);
    if (when == When::green) return skipped(which + " fails");
    if (when == When::failed) {
      if (named) skipped(which + " reaches its time limit, and so is cancelled,");
      return;
    }
    if (when == When::cancelled) skipped("the run is cancelled");
    // A job that runs only to turn red is as good as one that runs always.
    if (when != When::when_red) look_at_results(job, texts);
  }

 private:
  void look_at_results(const Job& job, const std::string& texts) {
    std::vector<std::string> unseen;
    if (!looks_at_all(texts)) {
      std::copy_if(job.needs.begin(), job.needs.end(), std::back_inserter(unseen),
                   [&](const auto& need) { return !looks_at(texts, need); });
    }
    if (!unseen.empty()) {
      fail(job, "unseen",
           fmt::format(
               "job '{}' runs whatever happened and never looks at the result of {}: it is green although {} "
               "failed",
               job.id, shortened_list(unseen), unseen.size() == 1 ? "that job" : "one of them"),
           fmt::format("add the step `{}`", red_step(unseen)));
    } else if (contains(texts, "alls-green@")) {
      if (contains(texts, "\"allowed-failures\"")) {
        fail(job, "allowed-failures",
             fmt::format("job '{}' is green although a job failed that `allowed-failures` names", job.id),
             "take `allowed-failures` out of `with:`");
      }
    } else if (contains(texts, "failure") && !contains(texts, "success") && !contains(texts, "skipped")) {
      const bool cancelled = contains(texts, "cancelled");
      fail(job, "only-failure",
           fmt::format("job '{}' looks only for 'failure'{}: a job that was skipped{} counts as passed",
                       job.id, cancelled ? " and 'cancelled'" : "", cancelled ? "" : " or cancelled"),
           fmt::format("compare with 'success': `{}`", red_step(job.needs)));
    }
    for (const auto& need : job.needs) {
      const auto found = ignored_.find({job.file, need});
      if (found == ignored_.end() || !found->second) continue;
      fail(job, "ignored:" + need,
           fmt::format(
               "job '{}' needs '{}', whose `continue-on-error: true` makes its result 'success' even when it "
               "failed",
               job.id, need),
           fmt::format("take `continue-on-error` off job '{}', or `{}` out of `needs:`", need, need));
    }
  }

  void fail(const Job& job, const std::string& what, std::string message, std::string hint) {
    report_.fail({fmt::format("{}:{}:{}", job.file, job.id, what), job.file, job.line, std::move(message),
                  std::move(hint)});
  }

  const std::map<std::pair<std::string, std::string>, bool>& ignored_;
  const Providers& providers_;
  Report& report_;
};

bool named_so(const std::vector<std::string>& globs, const Job& job) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
    return glob_match(glob, lower(job.id)) || glob_match(glob, lower(job.name));
  });
}

// A job that checks the commit out does work of its own: a "phase-gate" that runs tests is not an aggregate of others.
bool checks_out(const std::vector<JobStep>& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const JobStep& step) { return contains(step.uses, "actions/checkout@"); });
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto globs = with.strings("jobs");
  const JobSteps steps(facts);
  std::map<std::pair<std::string, std::string>, bool> ignored;
  std::vector<Job> jobs;
  const Providers providers(facts);
  for (const ci::Job& row : facts.rows<ci::Job>("ORDER BY file, line")) {
    if (!providers.of(row.file).skipped_job_passes) continue;
    ignored[{row.file, row.id}] = lower(row.continue_on_error.value_or("")) == "true";
    if (row.on_pull_request == ci::OnPullRequest::no || row.on_pull_request == ci::OnPullRequest::unreached)
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
    if (!job.needs.empty()) jobs.push_back(std::move(job));
  }
  Aggregate aggregate(ignored, providers, report);
  for (const auto& job : jobs) {
    const auto job_steps = steps.of(job.file, job.id);
    const auto texts = texts_of(job, job_steps);
    const bool looks =
        looks_at_all(texts) || std::any_of(job.needs.begin(), job.needs.end(),
                                           [&](const auto& need) { return looks_at(texts, need); });
    const bool named = named_so(globs, job) && !checks_out(job_steps);
    if (looks || named) aggregate.look(job, texts, named);
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no job on pull requests sums up others");
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
                        "*conclusion*", "ci-status", "ci-complete"])",
          "globs of ids and names of jobs that sum up when they check nothing out, besides those that look "
          "at `needs.*.result`"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
